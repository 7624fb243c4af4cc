"""The record of who called what."""

from typing import Any
from uuid import uuid4

import pytest

from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.refusals import refused
from tests.emulation.signing import SignedCall

TABLES = "arn:aws:dynamodb:us-east-1:123456789012:table"


def calls_on(cloud: CloudProcess, resource: str) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = cloud.request("GET", "/_cloud/calls")[1]
    return [call for call in calls if call["resource"].endswith(resource)]


def calls_of(cloud: CloudProcess, action: str) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = cloud.request("GET", "/_cloud/calls")[1]
    return [call for call in calls if call["action"] == action]


def test_calls_are_recorded_with_their_caller(cloud: CloudProcess) -> None:
    table = f"unknown-{uuid4()}"
    with refused("ResourceNotFoundException"):
        cloud.client("dynamodb").get_item(TableName=table, Key={"id": {"S": "1"}})
    with refused("AccessDeniedException"):
        open_client(cloud.url, "dynamodb", "UserFunction").get_item(TableName=table, Key={"id": {"S": "1"}})
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
    assert calls_on(cloud, table) == [
        {"caller": "local", "action": "dynamodb:GetItem", "resource": arn, "allowed": True},
        {"caller": "UserFunction", "action": "dynamodb:GetItem", "resource": arn, "allowed": False},
    ]


def test_a_call_that_nobody_signed_is_nobodys(cloud: CloudProcess) -> None:
    # Functions may be at work for what other tests have written.
    before = calls_of(cloud, "dynamodb:ListTables")
    with refused("InvalidSignatureException"):
        open_client(cloud.url, "dynamodb", "UserFunction", "wrong").list_tables()
    assert calls_of(cloud, "dynamodb:ListTables") == before


def test_the_record_is_bounded(cloud: CloudProcess) -> None:
    table = f"unknown-{uuid4()}"
    requests = {f"{table}-{number}": {"Keys": [{"id": {"S": "1"}}]} for number in range(100)}
    for _ in range(101):
        with refused("ResourceNotFoundException"):
            cloud.client("dynamodb").batch_get_item(RequestItems=requests)
    assert len(cloud.request("GET", "/_cloud/calls")[1]) == 10_000


@pytest.mark.parametrize(
    ("service", "action", "named", "decoys"),
    [
        ("dynamodb", "TagResource", ("ResourceArn", f"{TABLES}/other"), {"TableName": "decoy"}),
        ("dynamodb", "DescribeTable", ("TableName", "other"), {"IndexName": "decoy", "ResourceArn": "decoy"}),
        ("dynamodb", "GetItem", ("TableName", "other"), {"IndexName": "decoy"}),
        ("dynamodb", "DescribeBackup", ("BackupArn", f"{TABLES}/other/backup/1"), {"TableName": "decoy"}),
        ("dynamodbstreams", "GetRecords", ("ShardIterator", f"{TABLES}/other/stream/1|1|x"), {"StreamArn": "decoy"}),
        ("dynamodbstreams", "DescribeStream", ("StreamArn", f"{TABLES}/other/stream/1"), {"ShardIterator": "decoy"}),
        ("dynamodbstreams", "ListStreams", ("TableName", "other"), {"StreamArn": "decoy"}),
        ("cognito-idp", "ListUserPools", ("MaxResults", "other"), {"UserPoolId": "decoy"}),
    ],
)
def test_only_the_field_that_an_operation_reads_names_its_resource(
    aws: AwsEndpoint, cloud: CloudProcess, service: str, action: str, named: tuple[str, str], decoys: dict[str, str]
) -> None:
    SignedCall(aws, service, action, {**decoys, named[0]: named[1]}).send()
    last = calls_of(cloud, f"{service.removesuffix('streams')}:{action}")[-1]
    assert ("decoy" in last["resource"], last["resource"] == "*" or "other" in last["resource"]) == (False, True)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'FROM decoy' FROM \"other\" ",
        """SELECT * FROM"other" /* FROM decoy */""",
        """SELECT * FROM "other" WHERE note = 'it''s FROM decoy'""",
        'SELECT\n*\nFROM\n"other"',
    ],
)
def test_a_text_in_a_statement_names_no_table(aws: AwsEndpoint, cloud: CloudProcess, statement: str) -> None:
    table = f"unknown-{uuid4()}"
    SignedCall(aws, "dynamodb", "ExecuteStatement", {"Statement": statement.replace("other", table)}).send()
    assert [call["action"] for call in calls_on(cloud, f"table/{table}")] == ["dynamodb:PartiQLSelect"]


def test_an_ampersand_in_a_text_names_no_resource(aws: AwsEndpoint) -> None:
    """moto reads a body as a form, too."""
    users, guitars = aws.environment["DYNAMODB_TABLE_USERS"], aws.environment["DYNAMODB_TABLE_GUITARS"]
    call = SignedCall(aws, "dynamodbstreams", "ListStreams", {"TableName": users, "note": f"&TableName={guitars}&"})
    status, answer = call.send()
    assert (status, [stream["TableName"] for stream in answer["Streams"]]) == (200, [users])
