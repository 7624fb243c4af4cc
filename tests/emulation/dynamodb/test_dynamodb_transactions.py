from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.dynamodb.sources import MEASURED, TRANSACTIONS, api
from tests.emulation.dynamodb.tables import Tables, number, text
from tests.emulation.refusals import refused

TOO_LARGE = "Item size has exceeded the maximum allowed size"
TOO_LARGE_UPDATE = "Item size to update has exceeded the maximum allowed size"
MISMATCH = "The provided key element does not match the schema"


def write(tables: Tables, *items: dict[str, Any], **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = tables.dynamodb.transact_write_items(TransactItems=list(items), **request)
    return answer


def put(tables: Tables, item: dict[str, Any], **request: Any) -> dict[str, Any]:
    return {"Put": {"TableName": tables.plain, "Item": item, **request}}


def add_one(tables: Tables, key: dict[str, Any]) -> dict[str, Any]:
    values = {":one": number(1)}
    update = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": values}
    return {"Update": {"TableName": tables.plain, "Key": key, **update}}


def reasons(tables: Tables, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """Why a transaction is cancelled, one reason for each of its actions."""
    with pytest.raises(ClientError) as refusal:
        write(tables, *items)
    response: Any = refusal.value.response
    error = response["Error"]
    assert error["Code"] == "TransactionCanceledException"
    found: list[dict[str, Any]] = response["CancellationReasons"]
    codes = ", ".join(reason["Code"] for reason in found)
    words = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    assert error["Message"] == f"{words} [{codes}]"
    return found


@pytest.mark.aws("of parallel transactions that each require a new key, one succeeds for each key", TRANSACTIONS)
def test_of_150_transactions_on_50_keys_50_succeed(tables: Tables) -> None:
    keys = [tables.new_key() for _ in range(50)]

    def claim(place: int) -> str:
        item = {**keys[place % 50], "by": number(place)}
        try:
            write(
                tables, put(tables, item, ConditionExpression="attribute_not_exists(pk)"), put(tables, tables.new_key())
            )
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "done"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(claim, range(150)))
    assert outcomes.count("done") == 50
    assert outcomes.count("TransactionCanceledException") == 100


@pytest.mark.aws("a transaction that is cancelled changes nothing and says why for each action", TRANSACTIONS)
def test_a_cancelled_transaction_changes_nothing(tables: Tables) -> None:
    new, taken, counted = tables.new_key(), tables.put({**tables.new_key(), "a": text(1)}), tables.new_key()
    shown = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    found = reasons(tables, put(tables, new), put(tables, taken, **shown), add_one(tables, counted))
    assert found == [
        {"Code": "None"},
        {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": taken},
        {"Code": "None"},
    ]
    assert tables.read(new) is None
    assert tables.read(counted) is None


@pytest.mark.aws("Put, Update, Delete and ConditionCheck are done together", TRANSACTIONS)
def test_a_transaction_does_all_of_its_actions(tables: Tables) -> None:
    new, counted = tables.new_key(), tables.put({**tables.new_key(), "n": number(1)})
    gone, checked = tables.put(tables.new_key()), tables.put(tables.new_key())
    key = {"pk": counted["pk"]}
    exists = {"TableName": tables.plain, "ConditionExpression": "attribute_exists(pk)"}
    write(
        tables,
        put(tables, new),
        add_one(tables, key),
        {"Delete": {**exists, "Key": gone}},
        {"ConditionCheck": {**exists, "Key": checked}},
    )
    assert tables.read(new) == new
    assert tables.read(key) == {**key, "n": number(2)}
    assert tables.read(gone) is None
    assert tables.read(checked) == checked


@pytest.mark.aws("the same request with the same ClientRequestToken has no further effect", TRANSACTIONS)
def test_a_repeated_transaction_has_no_effect(tables: Tables) -> None:
    key, token = tables.new_key(), str(uuid4())
    for _ in range(3):
        write(tables, add_one(tables, key), ClientRequestToken=token)
    assert tables.read(key) == {**key, "n": number(1)}


@pytest.mark.aws("another request with the same ClientRequestToken is refused", TRANSACTIONS)
def test_a_token_belongs_to_one_request(tables: Tables) -> None:
    key, token = tables.new_key(), str(uuid4())
    write(tables, add_one(tables, key), ClientRequestToken=token)
    with refused("IdempotentParameterMismatchException"):
        write(tables, add_one(tables, tables.new_key()), ClientRequestToken=token)


@pytest.mark.aws("a transaction that failed may be asked for again with its token", TRANSACTIONS)
def test_a_token_of_a_failed_transaction_is_free(tables: Tables) -> None:
    key, token = tables.new_key(), str(uuid4())
    claim = put(tables, {**key, "a": text(1)}, ConditionExpression="attribute_exists(pk)")
    with refused("TransactionCanceledException"):
        write(tables, claim, ClientRequestToken=token)
    tables.put(key)
    write(tables, claim, ClientRequestToken=token)
    assert tables.read(key) == {**key, "a": text(1)}


@pytest.mark.aws("a ClientRequestToken is valid for ten minutes", TRANSACTIONS)
def test_a_token_is_forgotten_after_ten_minutes(aws: AwsEndpoint, tables: Tables) -> None:
    key, token = tables.new_key(), str(uuid4())
    write(tables, add_one(tables, key), ClientRequestToken=token)
    aws.advance(500)
    write(tables, add_one(tables, key), ClientRequestToken=token)
    assert tables.read(key) == {**key, "n": number(1)}
    aws.advance(101)
    write(tables, add_one(tables, key), ClientRequestToken=token)
    assert tables.read(key) == {**key, "n": number(2)}


@pytest.mark.aws("a repeated transaction consumes what reading its items would", MEASURED)
def test_a_repeated_transaction_consumes_read_units(tables: Tables) -> None:
    request = {"ClientRequestToken": str(uuid4()), "ReturnConsumedCapacity": "TOTAL"}
    item = {**tables.new_key(), "t": text(1500)}
    [first] = write(tables, put(tables, item), **request)["ConsumedCapacity"]
    [second] = write(tables, put(tables, item), **request)["ConsumedCapacity"]
    assert (first["CapacityUnits"], first["WriteCapacityUnits"]) == (4, 4)
    assert (second["CapacityUnits"], second["ReadCapacityUnits"]) == (2, 2)


@pytest.mark.aws("a transaction takes at most 100 actions, on different items", TRANSACTIONS)
def test_too_many_actions_or_two_on_one_item_are_refused(tables: Tables) -> None:
    keys = [tables.new_key() for _ in range(101)]
    with refused("ValidationException"):
        write(tables, *(put(tables, key) for key in keys))
    with refused("ValidationException", "Transaction request cannot include multiple operations on one item"):
        write(tables, put(tables, keys[0]), {"Delete": {"TableName": tables.plain, "Key": keys[0]}})
    write(tables, *(put(tables, key) for key in keys[:100]))
    assert tables.read(keys[99]) == keys[99]


@pytest.mark.aws(
    "a Put that is too large refuses the transaction, an Update that makes an item too large cancels it", MEASURED
)
def test_an_item_that_is_too_large_stops_the_transaction(tables: Tables) -> None:
    first, second = tables.new_key(), tables.new_key()
    with refused("ValidationException", TOO_LARGE):
        write(tables, put(tables, first), put(tables, {**second, "t": text(409_600)}))
    tables.put({**second, "t": text(409_000)})
    grow = {
        "UpdateExpression": "SET u = :u",
        "ExpressionAttributeValues": {":u": text(600)},
        "TableName": tables.plain,
        "Key": second,
    }
    assert reasons(tables, put(tables, first), {"Update": grow}) == [
        {"Code": "None"},
        {"Code": "ValidationError", "Message": TOO_LARGE_UPDATE},
    ]
    assert tables.read(first) is None


@pytest.mark.aws("a key that is not the table's cancels a transaction, an empty one refuses it", MEASURED)
def test_a_wrong_key_stops_the_transaction(tables: Tables) -> None:
    expected = "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"
    assert reasons(tables, put(tables, {"pk": number(1)})) == [{"Code": "ValidationError", "Message": expected}]
    delete = {"TableName": tables.plain, "Key": {"pk": number(1)}}
    assert reasons(tables, {"Delete": delete}) == [{"Code": "ValidationError", "Message": MISMATCH}]
    with refused("ValidationException"):
        write(tables, put(tables, {"pk": {"S": ""}}))


@pytest.mark.aws("an unknown table, an empty transaction and two actions in one are refused", TRANSACTIONS)
def test_a_malformed_transaction_is_refused(tables: Tables) -> None:
    with refused("ResourceNotFoundException"):
        write(tables, {"Put": {"TableName": "no-such-table", "Item": tables.new_key()}})
    with refused("ValidationException"):
        write(tables)
    with refused("ValidationException"):
        write(tables, {**put(tables, tables.new_key()), "Delete": {"TableName": tables.plain, "Key": tables.new_key()}})


@pytest.mark.aws("TransactGetItems reads up to 100 items at one moment, in the order asked", api("TransactGetItems"))
def test_a_transaction_reads_items_in_order(tables: Tables) -> None:
    items = [tables.put({**tables.new_key(), "n": number(place)}) for place in range(30)]
    gets = [{"Get": {"TableName": tables.plain, "Key": {"pk": item["pk"]}}} for item in items]
    gets.insert(1, {"Get": {"TableName": tables.plain, "Key": tables.new_key()}})
    responses = tables.dynamodb.transact_get_items(TransactItems=gets)["Responses"]
    assert responses == [{"Item": items[0]}, {}, *({"Item": item} for item in items[1:])]
