"""The template's resources in a plain moto: created, kept, changed, and refused where that would not be honest."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from emulation.applier import ApplyError, StreamSubscription, Trigger, apply_stack, verify_stack
from emulation.applier.clients import Clients, open_clients
from emulation.settings import ROOT
from emulation.template import Resource, Template, dependencies, read_template

ORIGIN = "http://localhost:8000"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(endpoint: str) -> Clients:
    return open_clients(endpoint)


@pytest.fixture
def template() -> Template:
    """The template of this project, as a stack that no other test has."""
    name = f"t{uuid4().hex[:12]}"
    parameters = {"Environment": "dev", "SiteOrigins": ORIGIN, "BucketPrefix": name}
    return read_template(ROOT / "deploy" / "template.yaml", parameters, stack_name=name)


def changed(template: Template, logical_id: str, **properties: Any) -> Template:
    """The template with other properties of one resource; None takes one away."""
    resource = template.resources[logical_id]
    merged = {**resource.properties, **properties}
    kept = {name: value for name, value in merged.items() if value is not None}
    return replace(template, resources={**template.resources, logical_id: replace(resource, properties=kept)})


def without(template: Template, logical_id: str, *names: str) -> Template:
    return changed(template, logical_id, **dict.fromkeys(names))


def alone(template: Template, logical_id: str) -> Template:
    """Only one resource and what it refers to, which is faster."""
    needed = {logical_id, *dependencies(template, logical_id)}
    resources = {name: resource for name, resource in template.resources.items() if name in needed}
    return Template(resources, outputs={})


def test_every_resource_is_there_as_the_template_names_it(endpoint: str, template: Template, aws: Clients) -> None:
    stack = apply_stack(template, endpoint)
    ids = stack.physical_ids
    table = aws.dynamodb.describe_table(TableName=ids["GuitarsTable"])["Table"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["brand-userId-index"]
    assert aws.s3.get_bucket_versioning(Bucket=ids["ImagesBucket"])["Status"] == "Enabled"
    assert "Status" not in aws.s3.get_bucket_versioning(Bucket=ids["UploadsBucket"])
    (rule,) = aws.s3.get_bucket_cors(Bucket=ids["UploadsBucket"])["CORSRules"]
    assert rule["AllowedOrigins"] == [ORIGIN]
    pool = aws.cognito.describe_user_pool(UserPoolId=ids["UserPool"])["UserPool"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["MfaConfiguration"] == "OPTIONAL"
    client = aws.cognito.describe_user_pool_client(UserPoolId=ids["UserPool"], ClientId=ids["UserPoolClient"])
    assert client["UserPoolClient"]["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}


def test_the_environment_is_what_the_outputs_say(endpoint: str, template: Template) -> None:
    stack = apply_stack(template, endpoint)
    assert stack.environment["COGNITO_USER_POOL_ID"] == stack.physical_ids["UserPool"]
    assert stack.environment["COGNITO_CLIENT_ID"] == stack.physical_ids["UserPoolClient"]
    assert stack.environment["DYNAMODB_TABLE_GUITARS"] == stack.physical_ids["GuitarsTable"]
    assert stack.environment["S3_BUCKET_UPLOADS"] == stack.physical_ids["UploadsBucket"]
    assert stack.environment["APP_ENV"] == stack.outputs["AppEnv"] == "dev"


def test_the_pool_calls_the_function_that_has_its_event(endpoint: str, template: Template, aws: Clients) -> None:
    stack = apply_stack(template, endpoint)
    pool_id = stack.physical_ids["UserPool"]
    assert stack.triggers == (Trigger(pool_id, "PostConfirmation", "deploy.functions.post_confirmation", 5),)
    function = template.resources["PostConfirmationFunction"].properties["FunctionName"]
    assert aws.cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["LambdaConfig"] == {
        "PostConfirmation": f"arn:aws:lambda:us-east-1:123456789012:function:{function}:live"
    }


def test_both_streams_lead_to_the_cleanup(endpoint: str, template: Template) -> None:
    stack = apply_stack(template, endpoint)
    assert stack.streams == tuple(
        StreamSubscription(
            table_name=stack.physical_ids[table],
            entry="deploy.functions.cleanup",
            batch_size=10,
            maximum_retry_attempts=10,
            timeout_seconds=60,
            bisect_on_error=True,
        )
        for table in ("GuitarsTable", "UsersTable")
    )


def test_applying_twice_changes_nothing(endpoint: str, template: Template) -> None:
    assert apply_stack(template, endpoint) == apply_stack(template, endpoint)


def test_what_is_missing_is_made_again_beside_what_is_there(endpoint: str, template: Template, aws: Clients) -> None:
    before = apply_stack(template, endpoint)
    aws.dynamodb.delete_table(TableName=before.physical_ids["UsersTable"])
    with pytest.raises(ApplyError, match=r"UsersTable .* is gone"):
        verify_stack(before, endpoint)
    after = apply_stack(template, endpoint)
    assert after.physical_ids == before.physical_ids
    verify_stack(after, endpoint)


@pytest.mark.parametrize("logical_id", ["UserPoolDomain", "UserPoolClient", "UploadsBucket"])
def test_a_resource_that_went_away_is_noticed(endpoint: str, template: Template, aws: Clients, logical_id: str) -> None:
    stack = apply_stack(template, endpoint)
    ids = stack.physical_ids
    delete = {
        "UserPoolDomain": lambda: aws.cognito.delete_user_pool_domain(
            Domain=ids["UserPoolDomain"], UserPoolId=ids["UserPool"]
        ),
        "UserPoolClient": lambda: aws.cognito.delete_user_pool_client(
            ClientId=ids["UserPoolClient"], UserPoolId=ids["UserPool"]
        ),
        "UploadsBucket": lambda: aws.s3.delete_bucket(Bucket=ids["UploadsBucket"]),
    }
    delete[logical_id]()
    with pytest.raises(ApplyError, match="is gone"):
        verify_stack(stack, endpoint)


def test_changed_cors_rules_reach_the_bucket(endpoint: str, template: Template, aws: Clients) -> None:
    template = alone(template, "UploadsBucket")
    bucket = apply_stack(template, endpoint).physical_ids["UploadsBucket"]
    rules = [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://other.example.com"]}]
    apply_stack(changed(template, "UploadsBucket", CorsConfiguration={"CorsRules": rules}), endpoint)
    assert aws.s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == rules


def test_rules_that_the_template_no_longer_has_are_gone(endpoint: str, template: Template, aws: Clients) -> None:
    template = alone(template, "UploadsBucket")
    bucket = apply_stack(template, endpoint).physical_ids["UploadsBucket"]
    apply_stack(without(template, "UploadsBucket", "CorsConfiguration", "LifecycleConfiguration"), endpoint)
    with pytest.raises(aws.s3.exceptions.ClientError, match="NoSuchCORSConfiguration"):
        aws.s3.get_bucket_cors(Bucket=bucket)
    with pytest.raises(aws.s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket)


def test_a_day_less_in_a_lifecycle_rule_is_a_change(endpoint: str, template: Template, aws: Clients) -> None:
    template = alone(template, "UploadsBucket")
    bucket = apply_stack(template, endpoint).physical_ids["UploadsBucket"]
    rules = [{"Id": "one", "Status": "Enabled", "Prefix": "a/", "TagFilters": [{"Key": "k", "Value": "v"}]}]
    for days in (3, 2):
        rule = {**rules[0], "ExpirationInDays": days}
        apply_stack(changed(template, "UploadsBucket", LifecycleConfiguration={"Rules": [rule]}), endpoint)
        (found,) = aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        assert found["Expiration"]["Days"] == days
        assert found["Filter"]["And"] == {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}


def test_token_lifetimes_and_rotation_can_change(endpoint: str, template: Template, aws: Clients) -> None:
    template = alone(template, "UserPoolClient")
    ids = apply_stack(template, endpoint).physical_ids
    other = changed(template, "UserPoolClient", AccessTokenValidity=2, RefreshTokenRotation=None)
    assert apply_stack(other, endpoint).physical_ids == ids
    answer = aws.cognito.describe_user_pool_client(UserPoolId=ids["UserPool"], ClientId=ids["UserPoolClient"])
    assert answer["UserPoolClient"]["AccessTokenValidity"] == 2
    assert answer["UserPoolClient"]["RefreshTokenRotation"] == {"Feature": "DISABLED"}


def test_protection_and_recovery_of_a_table_can_change(endpoint: str, template: Template, aws: Clients) -> None:
    template = alone(template, "GuitarsTable")
    table = apply_stack(template, endpoint).physical_ids["GuitarsTable"]
    without_recovery = without(template, "GuitarsTable", "PointInTimeRecoverySpecification")
    apply_stack(changed(without_recovery, "GuitarsTable", DeletionProtectionEnabled=True), endpoint)
    assert aws.dynamodb.describe_table(TableName=table)["Table"]["DeletionProtectionEnabled"] is True
    backups = aws.dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_the_password_policy_can_change(endpoint: str, template: Template, aws: Clients) -> None:
    template = alone(template, "UserPool")
    # Plain moto forgets these two at every UpdateUserPool, and the check would tell.
    plain = without(template, "UserPool", "UsernameAttributes", "UsernameConfiguration")
    pool_id = apply_stack(plain, endpoint).physical_ids["UserPool"]
    policy = {"PasswordPolicy": {"MinimumLength": 12}}
    apply_stack(changed(plain, "UserPool", Policies=policy, MfaConfiguration="OFF", EnabledMfas=None), endpoint)
    assert aws.cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Policies"] == policy
    assert aws.cognito.get_user_pool_mfa_config(UserPoolId=pool_id)["MfaConfiguration"] == "OFF"


@pytest.mark.parametrize(
    ("logical_id", "properties"),
    [
        ("UsersTable", {"KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}]}),
        ("UsersTable", {"StreamSpecification": {"StreamViewType": "KEYS_ONLY"}}),
        ("UserPool", {"UsernameConfiguration": {"CaseSensitive": True}}),
        ("UserPoolClient", {"GenerateSecret": True}),
    ],
)
def test_what_cannot_change_on_kept_data_stops(
    endpoint: str, template: Template, logical_id: str, properties: dict[str, Any]
) -> None:
    template = alone(template, logical_id)
    apply_stack(template, endpoint)
    (name,) = properties
    with pytest.raises(ApplyError, match=rf"{logical_id} .* exists with another {name}; only `uv run just reset`"):
        apply_stack(changed(template, logical_id, **properties), endpoint)


LIFECYCLE_RULE = {"Id": "one", "Status": "Enabled", "ExpirationInDays": 1}


@pytest.mark.parametrize(
    ("logical_id", "properties", "complaint"),
    [
        ("UploadsBucket", {"Tags": []}, "cannot honour Tags"),
        ("UserPool", {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}, "cannot honour UserPoolAddOns"),
        ("UploadsBucket", {"CorsConfiguration": {"Rules": []}}, "lacks 'CorsRules'"),
        ("GuitarsTable", {"TimeToLiveSpecification": {"Enabled": True}}, "cannot honour TimeToLiveSpecification"),
        ("UserPool", {"Policies": {"PasswordPolicy": {"Length": 9}}}, "Unknown parameter in Policies.PasswordPolicy"),
        (
            "UploadsBucket",
            {"CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"], "Days": 1}]}},
            r"does not keep CorsConfiguration\.CorsRules\[0\]\.Days",
        ),
        (
            "UploadsBucket",
            {"LifecycleConfiguration": {"Rules": [{**LIFECYCLE_RULE, "ObjectSizeLessThan": 10}]}},
            r"does not keep LifecycleConfiguration\.Rules\[0\]\.ObjectSizeLessThan",
        ),
        ("UsersTable", {"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"}}, r"does not keep .*\.SSEType"),
    ],
)
def test_what_the_local_cloud_cannot_honour_stops_with_its_name(
    endpoint: str, template: Template, logical_id: str, properties: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ApplyError, match=rf"{logical_id}.*{complaint}"):
        apply_stack(changed(alone(template, logical_id), logical_id, **properties), endpoint)


@pytest.mark.parametrize(
    ("logical_id", "properties", "complaint"),
    [
        ("CleanupFunction", {"Layers": []}, "cannot honour Layers"),
        ("CleanupFunction", {"Handler": "cleanup.main"}, "its Handler must be"),
        ("CleanupFunction", {"Events": {"Tick": {"Type": "Schedule", "Properties": {}}}}, "event of type Schedule"),
        (
            "PostConfirmationFunction",
            {"Events": {"Before": {"Type": "Cognito", "Properties": {"UserPool": "p", "Trigger": "PreSignUp"}}}},
            "does not run the trigger PreSignUp",
        ),
        ("CleanupFunction", {"Environment": {"Variables": {"COLOUR": "red"}}}, "COLOUR, which no output gives"),
        ("CleanupFunction", {"Environment": {"Variables": {"APP_ENV": "prod"}}}, "another value of APP_ENV"),
    ],
)
def test_what_the_local_cloud_cannot_call_stops_with_its_name(
    endpoint: str, template: Template, logical_id: str, properties: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ApplyError, match=rf"{logical_id}.*{complaint}"):
        apply_stack(changed(template, logical_id, **properties), endpoint)


def test_a_size_filter_of_a_rule_that_deletes_nothing_has_no_meaning_here(endpoint: str, template: Template) -> None:
    template = alone(template, "ImagesBucket")
    rules = template.resources["ImagesBucket"].properties["LifecycleConfiguration"]["Rules"]
    assert any("ObjectSizeGreaterThan" in rule for rule in rules)
    apply_stack(template, endpoint)


def test_a_type_that_nobody_stands_for_stops(endpoint: str, template: Template) -> None:
    bus = Resource("Bus", "AWS::Events::EventBus", {})
    with pytest.raises(ApplyError, match="Bus: the local cloud has no AWS::Events::EventBus"):
        apply_stack(replace(template, resources={**template.resources, "Bus": bus}), endpoint)


def test_what_has_its_twin_elsewhere_is_not_created(endpoint: str, template: Template) -> None:
    stack = apply_stack(template, endpoint)
    assert "LettersQueue" in template.resources
    assert "LettersQueue" not in stack.physical_ids


def test_a_cloud_that_does_not_answer_is_told_in_a_sentence(template: Template) -> None:
    with pytest.raises(ApplyError, match="Could not connect to the endpoint URL"):
        apply_stack(template, "http://127.0.0.1:9")


@pytest.mark.parametrize(
    "changes",
    [
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Condition": None},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}},
        {"Condition": {"StringLike": {"AWS:SourceArn": "*"}}},
    ],
)
def test_a_bucket_policy_for_anybody_but_the_distribution_is_refused(
    endpoint: str, template: Template, changes: dict[str, Any]
) -> None:
    document = template.resources["ImagesBucketPolicy"].properties["PolicyDocument"]
    statement = {**document["Statement"][0], **changes}
    wrong = changed(template, "ImagesBucketPolicy", PolicyDocument={**document, "Statement": [statement]})
    with pytest.raises(ApplyError, match=r"ImagesBucketPolicy .* enforces only statements whose Principal"):
        apply_stack(wrong, endpoint)


def test_a_service_that_is_not_there_locally_is_let_in_by_nothing(endpoint: str, template: Template) -> None:
    document = template.resources["ImagesBucketPolicy"].properties["PolicyDocument"]
    trail = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject"}
    both = {**document, "Statement": [*document["Statement"], {**trail, "Resource": "*"}]}
    stack = apply_stack(changed(template, "ImagesBucketPolicy", PolicyDocument=both), endpoint)
    assert {one.actions for one in stack.cdn_statements} == {("s3:GetObject",)}


def test_the_distribution_may_what_the_bucket_policies_say(endpoint: str, template: Template) -> None:
    stack = apply_stack(template, endpoint)
    assert {(one.actions, one.resources) for one in stack.cdn_statements} == {
        (("s3:GetObject",), (f"arn:aws:s3:::{stack.physical_ids['FrontendBucket']}/*",)),
        (("s3:GetObject",), (f"arn:aws:s3:::{stack.physical_ids['ImagesBucket']}/images/*",)),
    }
