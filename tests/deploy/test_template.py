"""What deploy/template.yaml promises: names, protections, and that it holds together."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from deploy.functions.entry import Entry
from emulation.api import logical_id
from emulation.applier.stack import to_variable
from emulation.intrinsics import REF, Reference, find_references
from emulation.settings import ACCOUNT_ID, ROOT
from emulation.template import Template, TemplateError, read_template
from server.routes import ROUTES
from server.settings import REQUIRED

TEMPLATE = ROOT / "deploy" / "template.yaml"
ENVIRONMENTS = ("dev", "staging", "prod")


def read(environment: str = "prod", **parameters: str) -> Template:
    given = {"Environment": environment, "SiteOrigins": "https://guitars.example.com", **parameters}
    return read_template(TEMPLATE, given, stack_name="guitar-collection")


def properties(template: Template, logical_id: str) -> Mapping[str, Any]:
    return template.resources[logical_id].properties


def of_type(template: Template, resource_type: str) -> dict[str, Mapping[str, Any]]:
    return {
        logical_id: resource.properties
        for logical_id, resource in template.resources.items()
        if resource.type == resource_type
    }


def lifecycle_rule(template: Template, bucket: str, rule_id: str) -> Mapping[str, Any]:
    rules: list[Mapping[str, Any]] = properties(template, bucket)["LifecycleConfiguration"]["Rules"]
    return next(rule for rule in rules if rule["Id"] == rule_id)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_names_carry_stack_and_environment(environment: str) -> None:
    template = read(environment)
    names = {
        logical_id: properties(template, logical_id)[name]
        for logical_id, name in {
            "GuitarsTable": "TableName",
            "UsersTable": "TableName",
            "UserPool": "UserPoolName",
            "UserPoolClient": "ClientName",
            "FrontendBucket": "BucketName",
            "UploadsBucket": "BucketName",
            "ImagesBucket": "BucketName",
        }.items()
    }
    assert names == {
        "GuitarsTable": f"guitar-collection-guitars-{environment}",
        "UsersTable": f"guitar-collection-users-{environment}",
        "UserPool": f"guitar-collection-users-{environment}",
        "UserPoolClient": "guitar-collection-web",
        "FrontendBucket": f"guitar-collection-frontend-{environment}-{ACCOUNT_ID}",
        "UploadsBucket": f"guitar-collection-uploads-{environment}-{ACCOUNT_ID}",
        "ImagesBucket": f"guitar-collection-images-{environment}-{ACCOUNT_ID}",
    }


def test_guitars_have_an_index_of_brands() -> None:
    table = properties(read(), "GuitarsTable")
    assert table["KeySchema"] == [
        {"AttributeName": "userId", "KeyType": "HASH"},
        {"AttributeName": "guitarId", "KeyType": "RANGE"},
    ]
    assert table["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "brand-userId-index",
            "KeySchema": [
                {"AttributeName": "brand", "KeyType": "HASH"},
                {"AttributeName": "userId", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]


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


def test_uploads_are_not_versioned_and_gone_after_a_day() -> None:
    template = read()
    versioned = {
        name for name, bucket in of_type(template, "AWS::S3::Bucket").items() if "VersioningConfiguration" in bucket
    }
    assert versioned == {"FrontendBucket", "ImagesBucket"}
    assert lifecycle_rule(template, "UploadsBucket", "expire-uploads")["ExpirationInDays"] == 1


def test_receipts_of_every_size_are_archived_where_they_stay_readable() -> None:
    rule = lifecycle_rule(read(), "ImagesBucket", "archive-receipts")
    assert rule["Prefix"] == "receipts/"
    assert rule["Transitions"] == [{"StorageClass": "GLACIER_IR", "TransitionInDays": 365}]
    assert int(rule["ObjectSizeGreaterThan"]) <= 1


def test_unattached_pictures_expire_after_a_week() -> None:
    rule = lifecycle_rule(read(), "ImagesBucket", "expire-unattached")
    assert rule["TagFilters"] == [{"Key": "attachment", "Value": "pending"}]
    assert rule["ExpirationInDays"] == 7


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


def test_passwords_need_eight_characters_of_four_kinds() -> None:
    policy = properties(read(), "UserPool")["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == 8
    for kind in ("Lowercase", "Numbers", "Symbols", "Uppercase"):
        assert policy[f"Require{kind}"] is True


def test_refresh_tokens_rotate_and_the_flow_that_excludes_is_absent() -> None:
    client = properties(read(), "UserPoolClient")
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH"]
    assert (client["AccessTokenValidity"], client["IdTokenValidity"], client["RefreshTokenValidity"]) == (1, 1, 30)
    assert client["TokenValidityUnits"] == {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"}


@pytest.mark.parametrize("mode", ["OFF", "AUDIT", "ENFORCED"])
def test_threat_protection_comes_with_the_tier_that_has_it(mode: str) -> None:
    pool = properties(read(ThreatProtection=mode), "UserPool")
    if mode == "OFF":
        assert "UserPoolAddOns" not in pool
        assert pool["UserPoolTier"] == "ESSENTIALS"
    else:
        assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": mode}
        assert pool["UserPoolTier"] == "PLUS"


def test_outputs_give_the_server_every_variable_that_it_requires() -> None:
    variables = {to_variable(output) for output in read().outputs}
    assert set(REQUIRED) - {"AWS_REGION"} <= variables


def test_every_function_on_events_has_its_entry() -> None:
    functions = [one for one in of_type(read(), "AWS::Serverless::Function").values() if "Events" in one]
    assert functions
    for function in functions:
        module, _, attribute = function["Handler"].rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), attribute), Entry)


def test_every_route_has_its_function() -> None:
    functions = of_type(read(), "AWS::Serverless::Function")
    assert {logical_id(route.function) for route in ROUTES} <= functions.keys()


def test_the_functions_of_the_api_have_the_specified_limits() -> None:
    functions = of_type(read(), "AWS::Serverless::Function")
    limits = {
        name: (function["MemorySize"], function["Timeout"])
        for name, function in functions.items()
        if "Events" not in function
    }
    assert limits == {
        "AuthFunction": (512, 10),
        "GuitarsFunction": (512, 10),
        "ImagesFunction": (512, 10),
        "UserFunction": (256, 5),
        "AuthorizerFunction": (128, 3),
    }
    for function in functions.values():
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])


def test_no_policy_has_a_wildcard() -> None:
    for name, function in of_type(read(), "AWS::Serverless::Function").items():
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert not [action for action in actions if "*" in action], name
                assert statement["Resource"] != "*", name


def depends_on(template: Template, logical_id: str) -> Iterator[str]:
    """What a resource needs before it, once SAM has made permissions and the pool's LambdaConfig of the events."""
    own = dict(template.resources[logical_id].properties)
    events = own.pop("Events", {})
    yield from (found.logical_id for found in find_references(own))
    for name, resource in template.resources.items():
        for event in resource.properties.get("Events", {}).values():
            if event["Type"] == "Cognito" and event["Properties"]["UserPool"] == Reference(logical_id, REF):
                yield name
    # An event source mapping is a resource of its own, and nothing waits for it.
    assert all(event["Type"] in ("Cognito", "DynamoDB") for event in events.values())


def test_nothing_waits_for_itself() -> None:
    template = read()
    waiting = {logical_id: set(depends_on(template, logical_id)) for logical_id in template.resources}
    assert "PostConfirmationFunction" in waiting["UserPool"]
    while ready := [name for name, needs in waiting.items() if not needs & waiting.keys()]:
        for name in ready:
            del waiting[name]
    assert not waiting


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
