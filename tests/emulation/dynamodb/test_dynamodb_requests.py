import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.dynamodb.sources import ERRORS, INDEXES, LIMITS, MEASURED, TYPES, api
from tests.emulation.dynamodb.tables import Tables, number, text
from tests.emulation.refusals import refused

INVALID = "1 validation error detected: "
PARAMETER = "One or more parameter values were invalid: "
EMPTY_KEY = (
    "One or more parameter values are not valid. "
    "The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
)


def ask(aws: AwsEndpoint, action: str, body: bytes) -> tuple[int, str]:
    """Status and body of one signed request."""
    headers = {"X-Amz-Target": f"DynamoDB_20120810.{action}", "Content-Type": "application/x-amz-json-1.0"}
    request = AWSRequest("POST", f"{aws.url}/", data=body, headers=headers)
    SigV4Auth(Credentials(DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY), "dynamodb", REGION).add_auth(request)
    prepared = urllib.request.Request(f"{aws.url}/", data=body, headers=dict(request.headers))  # noqa: S310
    try:
        with urllib.request.urlopen(prepared, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


@pytest.mark.aws("a required parameter that is missing is a ValidationException that names it", ERRORS)
@pytest.mark.parametrize(
    ("action", "request_", "path"),
    [
        ("PutItem", {"Item": {}}, "tableName"),
        ("PutItem", {"TableName": "some-table"}, "item"),
        ("GetItem", {"TableName": "some-table"}, "key"),
        ("Query", {}, "tableName"),
        ("UpdateItem", {"TableName": "some-table"}, "key"),
        ("TransactWriteItems", {}, "transactItems"),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "some-table"}}]},
            "transactItems.1.member.put.item",
        ),
        ("CreateTable", {"TableName": "some-table", "AttributeDefinitions": []}, "keySchema"),
    ],
)
def test_a_missing_parameter_is_named(aws: AwsEndpoint, action: str, request_: dict[str, Any], path: str) -> None:
    status, body = ask(aws, action, json.dumps(request_).encode())
    assert status == 400, f"HTTP {status}"
    error = json.loads(body)
    assert error["__type"].endswith("#ValidationException")
    assert f"Value null at '{path}' failed to satisfy constraint: Member must not be null" in error["message"]


@pytest.mark.aws("a parameter of another JSON type is a SerializationException", ERRORS)
@pytest.mark.parametrize(
    "request_",
    [
        {"TableName": 5, "Key": {"pk": {"S": "a"}}},
        {"TableName": "some-table", "Key": []},
        {"TableName": "some-table", "Key": {"pk": "a"}},
        {"TableName": "some-table", "Key": {"pk": {"S": 5}}},
        {"TableName": "some-table", "Key": {"pk": {"N": 5}}},
        {"TableName": "some-table", "Key": {"pk": {"S": "a"}}, "ConsistentRead": "yes"},
        {"TableName": "some-table", "Key": {"pk": {"M": []}}},
    ],
)
def test_a_parameter_of_another_type_is_refused(aws: AwsEndpoint, request_: dict[str, Any]) -> None:
    status, body = ask(aws, "GetItem", json.dumps(request_).encode())
    assert status == 400, f"HTTP {status}"
    assert json.loads(body)["__type"].endswith("#SerializationException")


@pytest.mark.aws("what is no JSON is a SerializationException", ERRORS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000], ids=range(5))
def test_a_body_that_is_no_json_object_is_refused(aws: AwsEndpoint, body: bytes) -> None:
    status, answer = ask(aws, "GetItem", body)
    assert status == 400, f"HTTP {status}"
    assert json.loads(answer)["__type"].endswith("#SerializationException")


@pytest.mark.aws("a value outside its enumeration or range is a ValidationException that names it", api("Query"))
@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ({"ReturnConsumedCapacity": "SOME"}, "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"),
        ({"Limit": 0}, "Member must have value greater than or equal to 1"),
    ],
)
def test_a_parameter_out_of_range_is_refused(tables: Tables, request_: dict[str, Any], fault: str) -> None:
    [(name, value)] = request_.items()
    member = name[0].lower() + name[1:]
    message = f"{INVALID}Value '{value}' at '{member}' failed to satisfy constraint: {fault}"
    with refused("ValidationException", message):
        tables.dynamodb.query(
            TableName=tables.plain,
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": "a"}},
            **request_,
        )


@pytest.mark.aws("an unknown table is a ResourceNotFoundException", api("GetItem"))
def test_an_unknown_table_is_refused(tables: Tables) -> None:
    with refused("ResourceNotFoundException", "Requested resource not found"):
        tables.dynamodb.get_item(TableName="no-such-table", Key={"pk": {"S": "a"}})


@pytest.mark.aws("the key of a request must be the table's primary key, no more and no less", api("GetItem"))
@pytest.mark.parametrize(
    "key",
    [{}, {"other": {"S": "a"}}, {"pk": {"N": "1"}}, {"pk": {"S": "a"}, "sk": {"S": "b"}}, {"pk": {"L": [{"S": "a"}]}}],
)
@pytest.mark.parametrize("action", ["get_item", "delete_item", "update_item"])
def test_a_key_that_is_not_the_tables_is_refused(tables: Tables, action: str, key: dict[str, Any]) -> None:
    with refused("ValidationException", "The provided key element does not match the schema"):
        getattr(tables.dynamodb, action)(TableName=tables.plain, Key=key)


@pytest.mark.aws("a key attribute may not be empty", api("PutItem"))
def test_an_empty_key_value_is_refused(tables: Tables) -> None:
    with refused("ValidationException", EMPTY_KEY):
        tables.put({"pk": {"S": ""}})
    with refused("ValidationException", EMPTY_KEY):
        tables.read({"pk": {"S": ""}})
    with refused("ValidationException", EMPTY_KEY):
        tables.dynamodb.update_item(TableName=tables.plain, Key={"pk": {"S": ""}})
    with refused("ValidationException", EMPTY_KEY):
        tables.dynamodb.query(
            TableName=tables.plain, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": ""}}
        )


@pytest.mark.aws("an item must have the table's key attributes, of their types", api("PutItem"))
@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"other": {"S": "a"}}, "Missing the key pk in the item"),
        ({"pk": {"N": "1"}}, "Type mismatch for key pk expected: S actual: N"),
        ({"pk": {"NULL": True}}, "Type mismatch for key pk expected: S actual: NULL"),
    ],
)
def test_an_item_without_its_key_is_refused(tables: Tables, item: dict[str, Any], fault: str) -> None:
    with refused("ValidationException", f"{PARAMETER}{fault}"):
        tables.put(item)


@pytest.mark.aws("a partition key has at most 2,048 bytes, a sort key 1,024", LIMITS)
def test_a_key_that_is_too_long_is_refused(tables: Tables) -> None:
    tables.put({"pk": text(2048), "sk": text(1024)}, tables.sorted)
    hash_fault = f"{PARAMETER}Size of hashkey has exceeded the maximum size limit of2048 bytes"
    range_fault = f"{PARAMETER}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
    with refused("ValidationException", hash_fault):
        tables.put({"pk": text(2049), "sk": text(1)}, tables.sorted)
    with refused("ValidationException", range_fault):
        tables.put({"pk": text(1), "sk": text(1025)}, tables.sorted)


@pytest.mark.aws("an attribute that is the key of an index must have the key's type", INDEXES)
def test_an_index_key_of_another_type_is_refused(tables: Tables) -> None:
    key = {**tables.new_key(), "sk": {"S": "a"}}
    fault = f"{PARAMETER}Type mismatch for Index Key group Expected: S Actual: N IndexName: by_group"
    with refused("ValidationException", fault):
        tables.put({**key, "group": {"N": "1"}}, tables.sorted)
    with refused("ValidationException", fault):
        tables.dynamodb.update_item(
            TableName=tables.sorted,
            Key=key,
            UpdateExpression="SET #g = :g",
            ExpressionAttributeNames={"#g": "group"},
            ExpressionAttributeValues={":g": {"N": "1"}},
        )
    with refused("ValidationException", fault):
        tables.dynamodb.batch_write_item(
            RequestItems={tables.sorted: [{"PutRequest": {"Item": {**key, "group": {"N": "1"}}}}]}
        )
    assert tables.read(key, tables.sorted) is None


@pytest.mark.aws("an attribute that is the key of an index may be missing, but not empty", INDEXES)
def test_an_empty_index_key_is_refused(tables: Tables) -> None:
    key = {**tables.new_key(), "sk": {"S": "a"}}
    put_fault = (
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
        "AttributeValue for a key attribute cannot contain an empty string value. IndexName: by_label, IndexKey: label"
    )
    update_fault = (
        "One or more parameter values are not valid. The update expression attempted to update a secondary index key "
        "to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value."
    )
    tables.put(key, tables.sorted)
    with refused("ValidationException", put_fault):
        tables.put({**key, "label": {"S": ""}}, tables.sorted)
    with refused("ValidationException", update_fault):
        tables.dynamodb.update_item(
            TableName=tables.sorted,
            Key=key,
            UpdateExpression="SET label = :e",
            ExpressionAttributeValues={":e": {"S": ""}},
        )


TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"
)


def nested(levels: int, kind: str) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "deep"}
    for _ in range(levels):
        value = {"M": {"m": value}} if kind == "M" else {"L": [value]}
    return value


@pytest.mark.aws("lists and maps nest up to 32 levels, the value inside included", LIMITS)
@pytest.mark.parametrize("kind", ["M", "L"])
def test_nesting_beyond_32_levels_is_refused(tables: Tables, kind: str) -> None:
    key = tables.new_key()
    tables.put({**key, "a": nested(31, kind)})
    with refused("ValidationException", TOO_DEEP):
        tables.put({**key, "a": nested(32, kind)})
    with refused("ValidationException", TOO_DEEP):
        tables.dynamodb.update_item(
            TableName=tables.plain,
            Key=key,
            UpdateExpression="SET b = list_append(:none, :list)",
            ExpressionAttributeValues={":none": {"L": []}, ":list": {"L": [nested(31, kind)]}},
        )


@pytest.mark.aws("a value has exactly one type, and is what its type says", TYPES)
@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        (
            {"S": "a", "N": "1"},
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes",
        ),
        ({"N": "abc"}, "The parameter cannot be converted to a numeric value: abc"),
        ({"N": ""}, "The parameter cannot be converted to a numeric value: "),
        ({"N": " 1"}, "The parameter cannot be converted to a numeric value:  1"),
        ({"N": "NaN"}, "The parameter cannot be converted to a numeric value: NaN"),
        ({"N": "1" * 39}, "Attempting to store more than 38 significant digits in a Number"),
        ({"N": "1e126"}, "Number overflow. Attempting to store a number with magnitude larger than supported range"),
        ({"N": "1e-131"}, "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
        (
            {"N": f"1e{'9' * 30}"},
            "Number overflow. Attempting to store a number with magnitude larger than supported range",
        ),
        (
            {"N": f"1e-{'9' * 30}"},
            "Number underflow. Attempting to store a number with magnitude smaller than supported range",
        ),
        ({"NULL": False}, f"{PARAMETER}Null attribute value types must have the value of true"),
        ({"SS": []}, f"{PARAMETER}An string set  may not be empty"),
        ({"NS": []}, f"{PARAMETER}An number set  may not be empty"),
        ({"BS": []}, f"{PARAMETER}Binary sets should not be empty"),
        ({"NS": ["1", "1.0"]}, f"{PARAMETER}Input collection contains duplicates."),
    ],
)
def test_a_malformed_value_is_refused(tables: Tables, value: dict[str, Any], fault: str) -> None:
    with refused("ValidationException", f"{INVALID}{fault}"):
        tables.put({**tables.new_key(), "deep": {"L": [value]}})


@pytest.mark.aws("a set may not hold a member twice", TYPES)
def test_a_set_with_a_repeated_member_is_refused(tables: Tables) -> None:
    with refused("ValidationException"):
        tables.put({**tables.new_key(), "set": {"SS": ["b", "a", "b"]}})


@pytest.mark.aws("numbers of 38 digits and of 125 zeroes are stored exactly", MEASURED)
@pytest.mark.parametrize("digits", ["1" * 38, "-" + "9" * 38, "1" + "0" * 125, "0." + "0" * 129 + "1"])
def test_large_and_small_numbers_are_stored(tables: Tables, digits: str) -> None:
    item = tables.put({**tables.new_key(), "n": {"N": digits}})
    assert tables.read({"pk": item["pk"]}) == item


@pytest.mark.aws("a parameter that an expression does not use is refused", api("PutItem"))
@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        (
            {"ExpressionAttributeValues": {":v": number(1)}},
            "ExpressionAttributeValues can only be specified when using expressions",
        ),
        (
            {"ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {
                "ConditionExpression": "attribute_not_exists(pk)",
                "ExpressionAttributeNames": {"#a": "a"},
            },
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
        ),
        (
            {"ConditionExpression": "a = :v", "ExpressionAttributeValues": {":v": number(1), ":w": number(1)}},
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}",
        ),
        (
            {"ConditionExpression": "a = :v"},
            "Invalid ConditionExpression: An expression attribute value used in expression is not defined; "
            "attribute value: :v",
        ),
        (
            {"ConditionExpression": "attribute_exists(#a)"},
            "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; "
            "attribute name: #a",
        ),
    ],
)
def test_placeholders_and_expressions_must_fit(tables: Tables, request_: dict[str, Any], fault: str) -> None:
    with refused("ValidationException", f"{INVALID}{fault}"):
        tables.dynamodb.put_item(TableName=tables.plain, Item=tables.new_key(), **request_)
