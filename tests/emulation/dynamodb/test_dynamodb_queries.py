from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.dynamodb.sources import INDEXES, MEASURED, QUERY, api, guide
from tests.emulation.dynamodb.tables import Tables, number, text
from tests.emulation.refusals import refused

INVALID_START = "The provided starting key is invalid"
PAGES = guide("Query.Pagination")


@pytest.fixture
def owner(tables: Tables) -> str:
    """A partition of `sorted` with five items, a to e, of ranks 5 to 1."""
    owner = str(uuid4())
    for place, name in enumerate("abcde"):
        tables.put(
            {
                "pk": {"S": owner},
                "sk": {"S": name},
                "rank": number(5 - place),
                "group": {"S": owner},
                "odd": number(place % 2),
            },
            tables.sorted,
        )
    return owner


def query(tables: Tables, owner: str, condition: str = "pk = :p", **request: Any) -> dict[str, Any]:
    values = {":p": {"S": owner}, **request.pop("values", {})}
    answer: dict[str, Any] = tables.dynamodb.query(
        TableName=tables.sorted, KeyConditionExpression=condition, ExpressionAttributeValues=values, **request
    )
    return answer


def names(answer: dict[str, Any]) -> str:
    return "".join(item["sk"]["S"] for item in answer["Items"])


@pytest.mark.aws("a key condition chooses by partition key and sort key, in the sort key's order", QUERY)
@pytest.mark.parametrize(
    ("condition", "values", "found"),
    [
        ("pk = :p", {}, "abcde"),
        ("pk = :p AND sk = :b", {":b": {"S": "b"}}, "b"),
        ("pk = :p AND sk > :b", {":b": {"S": "b"}}, "cde"),
        ("sk <= :b AND pk = :p", {":b": {"S": "b"}}, "ab"),
        ("pk = :p AND :b < sk", {":b": {"S": "b"}}, "cde"),
        ("pk = :p AND sk BETWEEN :b AND :d", {":b": {"S": "b"}, ":d": {"S": "d"}}, "bcd"),
        ("(pk = :p) AND (begins_with(sk, :b))", {":b": {"S": "b"}}, "b"),
    ],
)
def test_a_key_condition_chooses_items(
    tables: Tables, owner: str, condition: str, values: dict[str, Any], found: str
) -> None:
    assert names(query(tables, owner, condition, values=values)) == found
    assert names(query(tables, owner, condition, values=values, ScanIndexForward=False)) == found[::-1]


@pytest.mark.aws("numbers as sort keys are in numeric order, negative ones first", QUERY)
def test_numeric_sort_keys_are_in_numeric_order(tables: Tables) -> None:
    owner = {"S": str(uuid4())}
    for value in (10, -3, 9, 100, 0):
        tables.put({"pk": owner, "sk": number(value)}, tables.numbered)
    items = tables.dynamodb.query(
        TableName=tables.numbered, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": owner}
    )["Items"]
    assert [int(item["sk"]["N"]) for item in items] == [-3, 0, 9, 10, 100]


@pytest.mark.aws("an index is queried by its own key and in its own order, and holds what it projects", INDEXES)
def test_an_index_has_its_own_order(tables: Tables, owner: str) -> None:
    request: dict[str, Any] = {"IndexName": "by_group", "ExpressionAttributeNames": {"#g": "group"}}
    assert names(query(tables, owner, "#g = :p", **request)) == "edcba"
    ranked = query(
        tables,
        owner,
        "#g = :p AND #r > :3",
        values={":3": number(3)},
        IndexName="by_group",
        ExpressionAttributeNames={"#g": "group", "#r": "rank"},
    )
    assert names(ranked) == "ba"
    local: dict[str, Any] = {"IndexName": "by_rank", "ConsistentRead": True}
    assert names(query(tables, owner, **local)) == "edcba"


@pytest.mark.aws("an index that projects keys alone holds the keys of index and table", INDEXES)
def test_an_index_of_keys_holds_keys_alone(tables: Tables, owner: str) -> None:
    label = {"S": str(uuid4())}
    tables.put({"pk": {"S": owner}, "sk": {"S": "z"}, "label": label, "extra": {"S": "x"}}, tables.sorted)
    request = {"IndexName": "by_label", "TableName": tables.sorted, "KeyConditionExpression": "label = :l"}
    items = tables.dynamodb.query(**request, ExpressionAttributeValues={":l": label})["Items"]
    assert items == [{"pk": {"S": owner}, "sk": {"S": "z"}, "label": label}]
    with refused("ValidationException"):
        tables.dynamodb.query(**request, ExpressionAttributeValues={":l": label}, Select="ALL_ATTRIBUTES")


@pytest.mark.aws("a global secondary index cannot be read consistently", INDEXES)
def test_a_consistent_read_of_a_global_index_is_refused(tables: Tables, owner: str) -> None:
    names = {"ExpressionAttributeNames": {"#g": "group"}}
    with refused("ValidationException", "Consistent reads are not supported on global secondary indexes"):
        query(tables, owner, "#g = :p", IndexName="by_group", ConsistentRead=True, **names)


@pytest.mark.aws("a filter drops items after they were read: Limit and ScannedCount count them all", QUERY)
def test_a_filter_is_applied_after_reading(tables: Tables, owner: str) -> None:
    request: dict[str, Any] = {"FilterExpression": "odd = :1", "values": {":1": number(1)}}
    answer = query(tables, owner, **request)
    assert (names(answer), answer["Count"], answer["ScannedCount"]) == ("bd", 2, 5)
    page = query(tables, owner, Limit=3, FilterExpression="odd = :1", values={":1": number(1)})
    assert (names(page), page["Count"], page["ScannedCount"]) == ("b", 1, 3)
    assert page["LastEvaluatedKey"] == {"pk": {"S": owner}, "sk": {"S": "c"}}


@pytest.mark.aws("a filter may not name a key attribute of what is queried", QUERY)
@pytest.mark.parametrize(("name", "index"), [("pk", None), ("sk", None), ("group", "by_group"), ("rank", "by_group")])
def test_a_filter_on_a_key_attribute_is_refused(tables: Tables, owner: str, name: str, index: str | None) -> None:
    fault = f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"
    request = {"IndexName": index} if index else {}
    placeholders = {"#n": name, **({"#g": "group"} if index else {})}
    with refused("ValidationException", fault):
        query(
            tables,
            owner,
            "#g = :p" if index else "pk = :p",
            FilterExpression="attribute_exists(#n)",
            ExpressionAttributeNames=placeholders,
            **request,
        )


@pytest.mark.aws("a filter on an index may name the key attributes of the table", MEASURED)
def test_a_filter_on_an_index_may_name_the_tables_key(tables: Tables, owner: str) -> None:
    answer = query(
        tables,
        owner,
        "#g = :p",
        IndexName="by_group",
        FilterExpression="sk > :c",
        ExpressionAttributeNames={"#g": "group"},
        values={":c": {"S": "c"}},
    )
    assert names(answer) == "ed"


@pytest.mark.aws("pages follow each other without gap or repetition, forwards and backwards", PAGES)
@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("index", [None, "by_rank", "by_group"])
def test_pages_follow_each_other(tables: Tables, owner: str, index: str | None, forward: bool) -> None:
    request: dict[str, Any] = {"Limit": 2, "ScanIndexForward": forward, **({"IndexName": index} if index else {})}
    condition = "#p = :p"
    request["ExpressionAttributeNames"] = {"#p": "group" if index == "by_group" else "pk"}
    seen = ""
    while True:
        page = query(tables, owner, condition, **request)
        seen += names(page)
        if "LastEvaluatedKey" not in page:
            break
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert seen == ("abcde" if forward == (index is None) else "edcba")


@pytest.mark.aws("a page that ends with its Limit has a LastEvaluatedKey, whether anything follows or not", PAGES)
def test_a_page_that_ends_with_its_limit_has_a_last_key(tables: Tables, owner: str) -> None:
    page = query(tables, owner, Limit=5)
    assert page["LastEvaluatedKey"] == {"pk": {"S": owner}, "sk": {"S": "e"}}
    following = query(tables, owner, Limit=5, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert following["Items"] == []
    assert "LastEvaluatedKey" not in following
    assert "LastEvaluatedKey" not in query(tables, owner, Limit=6)


@pytest.mark.aws("a page holds at most 1 MB of items", PAGES)
def test_a_page_holds_a_megabyte(tables: Tables) -> None:
    owner = str(uuid4())
    for name in "abcd":
        tables.put({"pk": {"S": owner}, "sk": {"S": name}, "t": text(300 * 1024)}, tables.sorted)
    page = query(tables, owner)
    assert names(page) == "abc"
    assert names(query(tables, owner, ExclusiveStartKey=page["LastEvaluatedKey"])) == "d"


@pytest.mark.aws("an ExclusiveStartKey that is no key of the table or index is refused", QUERY)
@pytest.mark.parametrize(
    "start",
    [
        {"pk": {"S": "OWNER"}},
        {"pk": {"S": "OWNER"}, "other": {"S": "a"}},
        {"pk": {"S": "OWNER"}, "sk": {"S": "a"}, "rank": {"N": "1"}},
        {"pk": {"S": "OWNER"}, "sk": {"N": "1"}},
    ],
)
def test_a_foreign_start_key_is_refused(tables: Tables, owner: str, start: dict[str, Any]) -> None:
    mine = {name: {"S": owner} if value == {"S": "OWNER"} else value for name, value in start.items()}
    with refused("ValidationException", INVALID_START):
        query(tables, owner, ExclusiveStartKey=mine)
    with refused("ValidationException", f"{INVALID_START}: The provided key element does not match the schema"):
        tables.dynamodb.scan(TableName=tables.sorted, ExclusiveStartKey=mine)


@pytest.mark.aws("an ExclusiveStartKey outside of what is queried is refused", QUERY)
def test_a_start_key_outside_of_the_query_is_refused(tables: Tables, owner: str) -> None:
    fault = "The provided starting key is outside query boundaries based on provided conditions"
    with refused("ValidationException", fault):
        query(tables, owner, ExclusiveStartKey={"pk": {"S": "another"}, "sk": {"S": "a"}})
    with refused("ValidationException", "The provided starting key does not match the range key predicate"):
        query(
            tables,
            owner,
            "pk = :p AND sk > :c",
            values={":c": {"S": "c"}},
            ExclusiveStartKey={"pk": {"S": owner}, "sk": {"S": "a"}},
        )


@pytest.mark.aws("a key condition that no key can be found by is refused", QUERY)
@pytest.mark.parametrize(
    ("condition", "values", "fault"),
    [
        ("sk = :v", {":v": {"S": "a"}}, "Query condition missed key schema element: pk"),
        ("pk > :v", {":v": {"S": "a"}}, "Query key condition not supported"),
        ("pk = :v AND odd = :v", {":v": {"S": "a"}}, "Query condition missed key schema element: sk"),
        (
            "pk = :v AND sk > :v AND sk < :v",
            {":v": {"S": "a"}},
            "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
        ),
        ("pk = :v OR sk = :v", {":v": {"S": "a"}}, "Invalid operator used in KeyConditionExpression: OR"),
        (
            "pk = :v AND contains(sk, :v)",
            {":v": {"S": "a"}},
            "Invalid operator used in KeyConditionExpression: contains",
        ),
        (
            "pk = :v",
            {":v": {"N": "1"}},
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
    ],
)
def test_an_unsuitable_key_condition_is_refused(
    tables: Tables, condition: str, values: dict[str, Any], fault: str
) -> None:
    with refused("ValidationException", fault):
        tables.dynamodb.query(
            TableName=tables.sorted, KeyConditionExpression=condition, ExpressionAttributeValues=values
        )


@pytest.mark.aws("an index that the table does not have is a ValidationException", QUERY)
def test_an_unknown_index_is_refused(tables: Tables, owner: str) -> None:
    with refused("ValidationException", "The table does not have the specified index: no_index"):
        query(tables, owner, IndexName="no_index")


@pytest.mark.aws("a Scan may be divided into segments, which together are the table", api("Scan"))
def test_the_segments_of_a_scan_are_the_table(tables: Tables, owner: str) -> None:
    keys = [tables.put(tables.new_key()) for _ in range(20)]
    found = []
    for segment in range(3):
        request: dict[str, Any] = {"Segment": segment, "TotalSegments": 3, "Limit": 4}
        while True:
            page = tables.dynamodb.scan(TableName=tables.plain, ProjectionExpression="pk", **request)
            found += page["Items"]
            if "LastEvaluatedKey" not in page:
                break
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    assert all(found.count(key) == 1 for key in keys)
    with refused("ValidationException"):
        tables.dynamodb.scan(TableName=tables.plain, Segment=3, TotalSegments=3)


@pytest.mark.aws("Select=COUNT answers without items", QUERY)
def test_a_count_has_no_items(tables: Tables, owner: str) -> None:
    answer = query(tables, owner, Select="COUNT")
    assert (answer["Count"], "Items" in answer) == (5, False)
    with refused("ValidationException"):
        query(tables, owner, Select="COUNT", ProjectionExpression="sk")
