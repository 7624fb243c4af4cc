"""What each function of the template may do on its own resources, and that it is refused all the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from emulation.settings import ACCOUNT_ID, CDN_ACCESS_KEY, REGION
from tests.aws_clients import open_client
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.refusals import refused

POLICIES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
REFUSALS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
TRANSACTIONS = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html"
INDEXES = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html"
FUNCTION_NAMES = {
    "AuthFunction": "guitar-collection-auth-dev",
    "AuthorizerFunction": "guitar-collection-authorizer-dev",
    "CleanupFunction": "guitar-collection-cleanup-dev",
    "GuitarsFunction": "guitar-collection-guitars-dev",
    "ImagesFunction": "guitar-collection-images-dev",
    "PostConfirmationFunction": "guitar-collection-post-confirmation-dev",
    "UserFunction": "guitar-collection-user-dev",
}
BRAND_INDEX = "brand-userId-index"
# By function, the rights that the probes below find.
ALLOWED: Mapping[str, frozenset[str]] = {
    "AuthFunction": frozenset(),
    "AuthorizerFunction": frozenset(),
    "CleanupFunction": frozenset({"guitars:Query", "guitars:DeleteItem"}),
    "GuitarsFunction": frozenset(
        {
            *(f"guitars:{action}" for action in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query")),
            "brands:Query",
            "users:GetItem",
            "users:PutItem",
        }
    ),
    "ImagesFunction": frozenset({"guitars:GetItem", "guitars:PutItem", "guitars:UpdateItem"}),
    "PostConfirmationFunction": frozenset({"users:PutItem"}),
    "UserFunction": frozenset(f"users:{action}" for action in ("GetItem", "PutItem", "UpdateItem", "DeleteItem")),
}


@dataclass(frozen=True)
class Probe:
    """A call that needs one right; `place` names the resource in the tables here."""

    place: str
    action: str
    resource: str
    call: Callable[[Any], Any]

    @property
    def name(self) -> str:
        return f"{self.place}:{self.action}"


def table_arn(table: str) -> str:
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{table}"


def table_calls(table: str, key: Mapping[str, Any]) -> dict[str, Callable[[Any], Any]]:
    values = {":userId": key["userId"]}
    return {
        "GetItem": lambda client: client.get_item(TableName=table, Key=key),
        "PutItem": lambda client: client.put_item(TableName=table, Item=key),
        "UpdateItem": lambda client: client.update_item(TableName=table, Key=key, UpdateExpression="REMOVE note"),
        "DeleteItem": lambda client: client.delete_item(TableName=table, Key=key),
        "Query": lambda client: client.query(
            TableName=table, KeyConditionExpression="userId = :userId", ExpressionAttributeValues=values
        ),
        "Scan": lambda client: client.scan(TableName=table, Limit=1),
        "DescribeTable": lambda client: client.describe_table(TableName=table),
    }


def list_probes(aws: AwsEndpoint) -> list[Probe]:
    user = {"userId": {"S": f"user-{uuid4()}"}}
    users, guitars = aws.environment["DYNAMODB_TABLE_USERS"], aws.environment["DYNAMODB_TABLE_GUITARS"]
    tables = (("users", users, user), ("guitars", guitars, {**user, "guitarId": {"S": "1"}}))
    probes = [
        Probe(place, action, table_arn(table), call)
        for place, table, key in tables
        for action, call in table_calls(table, key).items()
    ]

    def query_brands(client: Any) -> None:
        client.query(
            TableName=guitars,
            IndexName=BRAND_INDEX,
            KeyConditionExpression="brand = :brand",
            ExpressionAttributeValues={":brand": {"S": "Fender"}},
        )

    return [*probes, Probe("brands", "Query", f"{table_arn(guitars)}/index/{BRAND_INDEX}", query_brands)]


def caller_arn(function: str) -> str:
    return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/guitar-collection-{function}Role/{FUNCTION_NAMES[function]}"


def denial(function: str, action: str, resource: str) -> str:
    return (
        f"User: {caller_arn(function)} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )


def refusal_of(probe: Probe, client: Any) -> tuple[str, str] | None:
    """Code and message, or None when the call was allowed."""
    try:
        probe.call(client)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None


@pytest.mark.aws("A role may do on a table what its policies allow, and nothing else.", POLICIES)
@pytest.mark.parametrize("function", sorted(ALLOWED))
def test_a_function_may_only_what_its_role_allows(aws: AwsEndpoint, function: str) -> None:
    client = open_client(aws.url, "dynamodb", function)
    answers = {probe: refusal_of(probe, client) for probe in list_probes(aws)}
    assert {probe.name for probe, refusal in answers.items() if refusal is None} == ALLOWED[function]
    for probe, refusal in answers.items():
        message = denial(function, f"dynamodb:{probe.action}", probe.resource)
        assert refusal in (None, ("AccessDeniedException", message))


@pytest.mark.aws("The refusal names who called, the action and the resource.", REFUSALS)
def test_a_refusal_names_caller_action_and_resource(aws: AwsEndpoint) -> None:
    table = aws.environment["DYNAMODB_TABLE_USERS"]
    expected = denial("PostConfirmationFunction", "dynamodb:GetItem", table_arn(table))
    with refused("AccessDeniedException", expected):
        open_client(aws.url, "dynamodb", "PostConfirmationFunction").get_item(
            TableName=table, Key={"userId": {"S": "somebody"}}
        )


@pytest.mark.aws("A role without rights to Cognito cannot act as its administrator.", REFUSALS)
@pytest.mark.parametrize("function", sorted(ALLOWED))
def test_no_function_administers_cognito(aws: AwsEndpoint, function: str) -> None:
    pool_id = aws.environment["COGNITO_USER_POOL_ID"]
    client = open_client(aws.url, "cognito-idp", function)
    pool = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT_ID}:userpool/{pool_id}"
    with refused("AccessDeniedException", denial(function, "cognito-idp:AdminDeleteUser", pool)):
        client.admin_delete_user(UserPoolId=pool_id, Username="somebody@example.com")
    with refused("AccessDeniedException", denial(function, "cognito-idp:ListUserPools", "*")):
        client.list_user_pools(MaxResults=1)


@pytest.mark.aws("Users' calls to Cognito need no right of whoever makes them.", REFUSALS)
def test_a_users_call_to_cognito_needs_no_right(aws: AwsEndpoint) -> None:
    with refused("NotAuthorizedException"):
        open_client(aws.url, "cognito-idp", "AuthFunction").get_user(AccessToken=f"of-nobody-{uuid4()}")


@pytest.mark.aws("A right to query a table is none to query its index.", INDEXES)
def test_an_index_is_a_resource_of_its_own(aws: AwsEndpoint) -> None:
    guitars = aws.environment["DYNAMODB_TABLE_GUITARS"]
    index = f"{table_arn(guitars)}/index/{BRAND_INDEX}"
    with refused("AccessDeniedException", denial("CleanupFunction", "dynamodb:Query", index)):
        open_client(aws.url, "dynamodb", "CleanupFunction").query(
            TableName=guitars,
            IndexName=BRAND_INDEX,
            KeyConditionExpression="brand = :brand",
            ExpressionAttributeValues={":brand": {"S": "Fender"}},
        )


@pytest.mark.aws("A transaction needs the right of each of its members.", TRANSACTIONS)
def test_a_transaction_needs_every_right(aws: AwsEndpoint) -> None:
    guitars, users = aws.environment["DYNAMODB_TABLE_GUITARS"], aws.environment["DYNAMODB_TABLE_USERS"]
    user = {"userId": {"S": f"user-{uuid4()}"}}
    put = {"Put": {"TableName": guitars, "Item": {**user, "guitarId": {"S": "1"}}}}
    client = open_client(aws.url, "dynamodb", "ImagesFunction")
    client.transact_write_items(TransactItems=[put])
    check = {"ConditionCheck": {"TableName": users, "Key": user, "ConditionExpression": "attribute_exists(userId)"}}
    expected = denial("ImagesFunction", "dynamodb:ConditionCheckItem", table_arn(users))
    with refused("AccessDeniedException", expected):
        client.transact_write_items(TransactItems=[put, check])


@pytest.mark.aws("A batch needs its right on every table in it, or nothing is done.", INDEXES)
def test_a_batch_needs_its_right_on_every_table(aws: AwsEndpoint) -> None:
    users = aws.environment["DYNAMODB_TABLE_USERS"]
    item = {"userId": {"S": f"user-{uuid4()}"}}
    expected = denial("UserFunction", "dynamodb:BatchWriteItem", table_arn(users))
    with refused("AccessDeniedException", expected):
        open_client(aws.url, "dynamodb", "UserFunction").batch_write_item(
            RequestItems={users: [{"PutRequest": {"Item": item}}]}
        )
    assert "Item" not in aws.client("dynamodb").get_item(TableName=users, Key=item)


@pytest.mark.aws("A PartiQL statement needs the right of its kind.", INDEXES)
def test_a_statement_needs_the_right_of_its_kind(aws: AwsEndpoint) -> None:
    users = aws.environment["DYNAMODB_TABLE_USERS"]
    expected = denial("UserFunction", "dynamodb:PartiQLSelect", table_arn(users))
    with refused("AccessDeniedException", expected):
        open_client(aws.url, "dynamodb", "UserFunction").execute_statement(Statement=f'SELECT * FROM "{users}"')  # noqa: S608


@pytest.mark.aws("A stream is a resource of its own.", INDEXES)
def test_a_stream_needs_rights_of_its_own(aws: AwsEndpoint) -> None:
    guitars = aws.environment["DYNAMODB_TABLE_GUITARS"]
    stream = aws.client("dynamodb").describe_table(TableName=guitars)["Table"]["LatestStreamArn"]
    with refused("AccessDeniedException", denial("GuitarsFunction", "dynamodb:DescribeStream", stream)):
        open_client(aws.url, "dynamodbstreams", "GuitarsFunction").describe_stream(StreamArn=stream)


@pytest.mark.aws("Origin access control lets CloudFront read objects, and no table.", REFUSALS)
def test_the_cdn_reads_no_table(aws: AwsEndpoint) -> None:
    with refused("AccessDeniedException"):
        open_client(aws.url, "dynamodb", CDN_ACCESS_KEY).list_tables()
