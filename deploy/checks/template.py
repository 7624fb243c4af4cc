"""The template as CloudFormation gets it."""

from collections.abc import Mapping
from pathlib import Path

from deploy.build.artifacts import ROOT
from deploy.checks.tools import SAM_CLI, Finished, run_tool

TEMPLATE = ROOT / "deploy" / "template.yaml"
ACCOUNT_TEMPLATE = ROOT / "deploy" / "account.yaml"
PIPELINE_TEMPLATE = ROOT / "deploy" / "pipeline.yaml"
# Nothing depends on the region but that some types are not everywhere; CloudFront's logs are in this one only.
REGION = "us-east-1"
_TRANSLATE = Path(__file__).with_name("translate.py")


def translate(template: Path, environ: Mapping[str, str]) -> Finished:
    """The template without SAM, as JSON in the output."""
    return run_tool(SAM_CLI, ["python", str(_TRANSLATE), str(template), REGION], environ)
