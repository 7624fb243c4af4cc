"""Translates a SAM template to CloudFormation, as AWS does on deployment.

It runs in an environment of its own, as the translator's pydantic is not the server's:
python translate.py TEMPLATE REGION
"""

import json
import sys
from pathlib import Path

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def main(template: Path, region: str) -> None:
    """Print the translated template as JSON."""
    document = yaml_parse(template.read_text("utf-8"))
    for resource in document["Resources"].values():
        # `sam package` replaces the folders by addresses in S3, and the translator takes nothing else.
        if "CodeUri" in resource.get("Properties", {}):
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    if "CodeUri" in document.get("Globals", {}).get("Function", {}):
        document["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    json.dump(translator.translate(document, {}), sys.stdout, indent=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
