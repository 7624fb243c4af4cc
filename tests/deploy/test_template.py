"""What deploy/template.yaml promises beyond single properties, which are in test_specification.py."""

import importlib

import pytest

from deploy.functions.entry import Entry
from emulation.applier.stack import to_variable
from emulation.intrinsics import REF, Reference
from emulation.template import TemplateError, read_template
from server.settings import REQUIRED
from tests.deploy.reading import ENVIRONMENTS, TEMPLATE, of_type, properties, read


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_tables_are_on_demand_encrypted_and_recoverable(environment: str) -> None:
    for table in of_type(read(environment), "AWS::DynamoDB::Table").values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_only_prod_refuses_to_be_deleted(environment: str) -> None:
    template = read(environment)
    is_prod = environment == "prod"
    for table in of_type(template, "AWS::DynamoDB::Table").values():
        assert table["DeletionProtectionEnabled"] is is_prod
    assert properties(template, "UserPool")["DeletionProtection"] == ("ACTIVE" if is_prod else "INACTIVE")


def test_buckets_are_private_and_encrypted() -> None:
    for bucket in of_type(read(), "AWS::S3::Bucket").values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert encryption == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]


def test_what_expires_is_not_versioned() -> None:
    # On a versioned bucket an expiry only hides what expires.
    buckets = of_type(read(), "AWS::S3::Bucket")
    versioned = {name for name, bucket in buckets.items() if "VersioningConfiguration" in bucket}
    assert versioned == {"FrontendBucket", "ImagesBucket"}


def test_only_the_site_may_upload() -> None:
    template = read(SiteOrigins="https://one.example.com,http://localhost:3000")
    (rule,) = properties(template, "UploadsBucket")["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://one.example.com", "http://localhost:3000"]
    assert rule["AllowedMethods"] == ["PUT", "POST"]


def test_addresses_sign_in_whatever_their_case() -> None:
    pool = properties(read(), "UserPool")
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert {attribute["Name"] for attribute in pool["Schema"] if attribute["Required"] and attribute["Mutable"]} == {
        "email",
        "name",
    }


def test_an_address_is_verified_by_a_link_which_needs_a_domain() -> None:
    template = read()
    pool = properties(template, "UserPool")
    assert pool["VerificationMessageTemplate"]["DefaultEmailOption"] == "CONFIRM_WITH_LINK"
    assert properties(template, "UserPoolDomain")["UserPoolId"] == Reference("UserPool", REF)


def test_outputs_give_the_server_every_variable_that_it_requires() -> None:
    variables = {to_variable(output) for output in read().outputs}
    assert set(REQUIRED) - {"AWS_REGION"} <= variables


def test_every_function_on_events_has_its_entry() -> None:
    functions = [
        one
        for one in of_type(read(), "AWS::Serverless::Function").values()
        if {event["Type"] for event in one.get("Events", {}).values()} & {"Cognito", "DynamoDB"}
    ]
    assert len(functions) == 2
    for function in functions:
        module, _, attribute = function["Handler"].rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), attribute), Entry)


def test_no_policy_has_a_wildcard() -> None:
    for name, function in of_type(read(), "AWS::Serverless::Function").items():
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert not [action for action in actions if "*" in action], name
                assert statement["Resource"] != "*", name


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"Environment": "test"}, "Environment must be one of dev, staging, prod"),
        ({"SiteOrigins": "https://guitars.example.com/"}, "SiteOrigins must be origins"),
        ({"SiteOrigins": "*"}, "SiteOrigins must be origins"),
        ({"BucketPrefix": "Guitars"}, "BucketPrefix must be lower-case letters"),
        ({"BucketPrefix": "g" * 34}, "BucketPrefix must be lower-case letters"),
    ],
)
def test_a_parameter_that_aws_would_refuse_is_refused(parameters: dict[str, str], complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read_template(TEMPLATE, {"Environment": "dev", "SiteOrigins": "https://guitars.example.com", **parameters})
