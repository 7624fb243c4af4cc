"""What the edge's section of deploy/template.yaml promises."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from emulation.intrinsics import REF, Joined, Reference, find_references
from emulation.settings import ROOT
from emulation.template import Template, TemplateError, read_template

TEMPLATE = ROOT / "deploy" / "template.yaml"
SOURCES = ROOT / "deploy" / "edge"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000"


def read(**parameters: str) -> Template:
    given = {"Environment": "prod", "SiteOrigins": "https://guitars.example.com", **parameters}
    return read_template(TEMPLATE, given, stack_name="guitar-collection")


def distribution(**parameters: str) -> Mapping[str, Any]:
    config: Mapping[str, Any] = read(**parameters).resources["Distribution"].properties["DistributionConfig"]
    return config


def behaviours() -> dict[str, Mapping[str, Any]]:
    config = distribution()
    return {"*": config["DefaultCacheBehavior"], **{one["PathPattern"]: one for one in config["CacheBehaviors"]}}


def function_names() -> dict[str, str]:
    """The functions of the template, each with the file that its comment names."""
    functions = (one for one in read().resources.values() if one.type == "AWS::CloudFront::Function")
    return {one.properties["FunctionConfig"]["Comment"]: one.properties["FunctionCode"] for one in functions}


@pytest.mark.parametrize("source", sorted(SOURCES.glob("*.js")), ids=lambda path: path.name)
def test_a_functions_inline_code_is_its_file(source: Path) -> None:
    inline = function_names()[source.relative_to(ROOT).as_posix()]
    assert inline == source.read_text("utf-8"), f"Copy {source.name} into the FunctionCode of deploy/template.yaml."


def test_every_function_comes_from_a_file() -> None:
    assert set(function_names()) == {path.relative_to(ROOT).as_posix() for path in SOURCES.glob("*.js")}


def test_no_error_response_holds_for_the_whole_distribution() -> None:
    assert "CustomErrorResponses" not in distribution()


def test_there_are_three_behaviours_each_with_its_origin_and_methods() -> None:
    told = {path: (one["TargetOriginId"], set(one["AllowedMethods"])) for path, one in behaviours().items()}
    reading = {"GET", "HEAD"}
    assert told == {
        "*": ("site", reading),
        "/api/*": ("api", reading | {"OPTIONS", "PUT", "PATCH", "POST", "DELETE"}),
        "/images/*": ("images", reading),
    }


def test_http_is_redirected_on_every_path() -> None:
    assert {one["ViewerProtocolPolicy"] for one in behaviours().values()} == {"redirect-to-https"}


def test_the_distribution_is_the_cheapest_and_newest_there_is() -> None:
    config = distribution()
    assert (config["PriceClass"], config["HttpVersion"], config["IPV6Enabled"]) == ("PriceClass_100", "http2and3", True)


def test_an_own_domain_needs_its_certificate_and_tls_1_2() -> None:
    config = distribution(SiteDomain="guitars.example.com", SiteCertificateArn=CERTIFICATE)
    assert config["Aliases"] == ["guitars.example.com"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    for alone in ({"SiteDomain": "guitars.example.com"}, {"SiteCertificateArn": CERTIFICATE}, {}):
        assert "Aliases" not in distribution(**alone)
        assert distribution(**alone)["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}


def test_a_certificate_of_another_region_is_refused() -> None:
    with pytest.raises(TemplateError, match="SiteCertificateArn must be the ARN of a certificate in us-east-1"):
        read(SiteCertificateArn=CERTIFICATE.replace("us-east-1", "eu-central-1"))


@pytest.mark.parametrize(
    ("policy", "readable"),
    [("FrontendBucketPolicy", "/*"), ("ImagesBucketPolicy", "/images/*")],
    ids=["site", "images"],
)
def test_a_bucket_lets_this_distribution_read_and_nobody_else(policy: str, readable: str) -> None:
    (statement,) = read().resources[policy].properties["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert statement["Action"] == "s3:GetObject"
    assert isinstance(statement["Resource"], Joined)
    assert statement["Resource"].parts[-1] == readable
    source = statement["Condition"]["StringEquals"]["AWS:SourceArn"]
    assert list(find_references(source)) == [Reference("Distribution", REF)]


def test_every_bucket_origin_is_asked_with_a_signature() -> None:
    template = read()
    control = template.resources["BucketAccess"].properties["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")
    buckets = [one for one in distribution()["Origins"] if "S3OriginConfig" in one]
    assert {one["OriginAccessControlId"] for one in buckets} == {Reference("BucketAccess", "Id")}


def test_a_page_may_run_its_own_scripts_only_and_upload_to_s3() -> None:
    headers = read().resources["SiteHeaders"].properties["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert "script-src" not in directives
    assert directives["connect-src"] == "'self' https://s3.us-east-1.amazonaws.com"
    assert directives["frame-ancestors"] == "'none'"


def test_access_is_logged_as_long_as_the_functions_are() -> None:
    template = read()
    assert template.resources["EdgeLogs"].properties["RetentionInDays"] == 30
    assert template.resources["EdgeLogSource"].properties["LogType"] == "ACCESS_LOGS"
