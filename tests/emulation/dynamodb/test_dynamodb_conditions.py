from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulation.dynamodb.sources import CONDITIONS, LIMITS, MEASURED, NAMES, guide
from tests.emulation.dynamodb.tables import Tables
from tests.emulation.refusals import refused

ITEM: dict[str, Any] = {
    "text": {"S": "guitar"},
    "count": {"N": "10"},
    "raw": {"B": b"\x00\x01\x02"},
    "flag": {"BOOL": True},
    "nothing": {"NULL": True},
    "tags": {"SS": ["a", "b"]},
    "years": {"NS": ["1952", "1962.5"]},
    "parts": {"L": [{"S": f"p{place}"} for place in range(12)]},
    "deep": {"M": {"elements": {"L": [{"N": "1"}, {"M": {"x": {"S": "y"}}}]}}},
}
VALUES: dict[str, Any] = {
    ":a": {"S": "a"},
    ":b": {"S": "b"},
    ":g": {"S": "gui"},
    ":guitar": {"S": "guitar"},
    ":z": {"S": "z"},
    ":9": {"N": "9"},
    ":10": {"N": "10.0"},
    ":11": {"N": "11"},
    ":1952": {"N": "1952.0"},
    ":n6": {"N": "6"},
    ":12": {"N": "12"},
    ":3": {"N": "3"},
    ":2": {"N": "2"},
    ":bytes": {"B": b"\x01\x02"},
    ":prefix": {"B": b"\x00\x01"},
    ":tags": {"SS": ["b", "a"]},
    ":p5": {"S": "p5"},
    ":p11": {"S": "p11"},
    ":true": {"BOOL": True},
    ":null": {"NULL": True},
    ":S": {"S": "S"},
    ":L": {"S": "L"},
    ":y": {"S": "y"},
}


def passes(tables: Tables, condition: str) -> bool:
    """Whether a delete on that condition is done; the item is put there before."""
    key = {"pk": {"S": "conditions"}}
    tables.put({**key, **ITEM})
    used = {name: value for name, value in VALUES.items() if any(word == name for word in words(condition))}
    try:
        tables.dynamodb.delete_item(
            TableName=tables.plain,
            Key=key,
            ConditionExpression=condition,
            ExpressionAttributeNames={"#count": "count", "#text": "text", "#raw": "raw"},
            **({"ExpressionAttributeValues": used} if used else {}),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def words(condition: str) -> list[str]:
    for sign in "(),=<>":
        condition = condition.replace(sign, " ")
    return condition.split()


# Every placeholder has to be used; this holds always.
NAMED = " AND attribute_exists(#count) AND attribute_exists(#text) AND attribute_exists(#raw)"


@pytest.mark.aws("comparators and functions of conditions hold as documented, for every type", CONDITIONS)
@pytest.mark.parametrize(
    "condition",
    [
        "#text = :guitar",
        "#text <> :a",
        "#count = :10",
        "#count > :9",
        "#count >= :10",
        "#count BETWEEN :9 AND :11",
        "#count IN (:9, :10)",
        "flag = :true",
        "nothing = :null",
        "tags = :tags",
        "contains(tags, :a)",
        "contains(years, :1952)",
        "contains(parts, :p11)",
        "contains(#text, :g)",
        "contains(#raw, :bytes)",
        "begins_with(#text, :g)",
        "begins_with(#raw, :prefix)",
        "attribute_type(#text, :S)",
        "attribute_type(parts, :L)",
        "parts[11] = :p11",
        "deep.elements[1].x = :y",
        "size(#text) = :n6",
        "size(parts) = :12",
        "size(#raw) = :3",
        "size(tags) = :2",
        "(#text = :a OR #text = :guitar)",
        "NOT #text = :a",
        "NOT (#text = :a AND flag = :true)",
        "(#text) = :guitar",
        "#raw > :prefix",
    ],
)
def test_a_condition_holds(tables: Tables, condition: str) -> None:
    assert passes(tables, f"{condition}{NAMED}")


@pytest.mark.aws("a condition on a missing attribute or a value of another type does not hold", CONDITIONS)
@pytest.mark.parametrize(
    "condition",
    [
        "#text = :10",
        "#text < :10",
        "#count < :z",
        "absent = :a",
        "absent < :a",
        "absent = another",
        "begins_with(absent, :a)",
        "begins_with(#count, :a)",
        "contains(#count, :a)",
        "contains(years, :a)",
        "#text BETWEEN :9 AND :11",
        "absent IN (:a, :b)",
        "parts[40] = :p5",
        "#text[0] = :g",
        "deep.elements.x = :y",
        "size(absent) > :2",
        "size(#count) > :2",
        "attribute_type(absent, :S)",
        "flag = :null",
        "attribute_not_exists(deep.elements[0])",
    ],
)
def test_a_condition_does_not_hold(tables: Tables, condition: str) -> None:
    assert not passes(tables, f"{condition}{NAMED}")


@pytest.mark.aws("a missing attribute differs from every value", CONDITIONS)
def test_a_missing_attribute_differs_from_every_value(tables: Tables) -> None:
    assert passes(tables, f"absent <> :a{NAMED}")


@pytest.mark.aws("AND binds closer than OR, and NOT closer than both", CONDITIONS)
def test_and_binds_closer_than_or(tables: Tables) -> None:
    assert passes(
        tables, "attribute_exists(pk) OR flag = :null AND flag = :null AND attribute_exists(#count) OR #text = #raw"
    )


@pytest.mark.aws("a condition that cannot be read is refused with the place of the fault", CONDITIONS)
@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("", "The expression can not be empty;"),
        ("a = ", 'Syntax error; token: "<EOF>", near: "= "'),
        ("a == :v", 'Syntax error; token: "=", near: "== :v"'),
        ("a = :v b", 'Syntax error; token: "b", near: ":v b"'),
        ("a = :v AND", 'Syntax error; token: "<EOF>", near: "AND"'),
        ("((a = :v))", "The expression has redundant parentheses;"),
        ("has(a, :v)", "Invalid function name; function: has"),
        (
            "attribute_exists(:v)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "begins_with(a)",
            "Incorrect number of operands for operator or function; operator or function: begins_with, "
            "number of operands: 1",
        ),
        (
            "a = a",
            "The first operand must be distinct from the remaining operands for this operator or function; "
            "operator: =, first operand: [a]",
        ),
    ],
)
def test_a_malformed_condition_is_refused(tables: Tables, condition: str, fault: str) -> None:
    values = {"ExpressionAttributeValues": {":v": {"S": "a"}}} if ":v" in condition else {}
    with refused("ValidationException", f"1 validation error detected: Invalid ConditionExpression: {fault}"):
        tables.dynamodb.put_item(TableName=tables.plain, Item=tables.new_key(), ConditionExpression=condition, **values)


@pytest.mark.aws("an operand whose type a function or comparator never takes is refused", MEASURED)
@pytest.mark.parametrize(
    ("condition", "value", "function"),
    [
        ("begins_with(a, :v)", {"N": "1"}, "begins_with"),
        ("a < :v", {"BOOL": True}, "<"),
        ("a >= :v", {"L": []}, ">="),
        ("attribute_type(a, :v)", {"N": "1"}, "attribute_type"),
    ],
)
def test_an_operand_of_an_impossible_type_is_refused(
    tables: Tables, condition: str, value: dict[str, Any], function: str
) -> None:
    fault = (
        "1 validation error detected: Invalid ConditionExpression: Incorrect operand type for operator or function; "
        f"operator or function: {function}, operand type: {next(iter(value))}"
    )
    with refused("ValidationException", fault):
        tables.dynamodb.put_item(
            TableName=tables.plain,
            Item=tables.new_key(),
            ConditionExpression=condition,
            ExpressionAttributeValues={":v": value},
        )


@pytest.mark.aws("BETWEEN needs bounds in their order", MEASURED)
def test_bounds_in_the_wrong_order_are_refused(tables: Tables) -> None:
    with refused("ValidationException"):
        tables.dynamodb.put_item(
            TableName=tables.plain,
            Item=tables.new_key(),
            ConditionExpression="a BETWEEN :two AND :one",
            ExpressionAttributeValues={":one": {"N": "1"}, ":two": {"N": "2"}},
        )


@pytest.mark.aws("a reserved word as an attribute's name needs a placeholder", NAMES)
@pytest.mark.parametrize("word", ["name", "Year", "SIZE"])
def test_a_reserved_word_is_refused(tables: Tables, word: str) -> None:
    fault = f"Attribute name is a reserved keyword; reserved keyword: {word}"
    with refused("ValidationException", f"1 validation error detected: Invalid ConditionExpression: {fault}"):
        tables.dynamodb.put_item(
            TableName=tables.plain, Item=tables.new_key(), ConditionExpression=f"attribute_exists({word})"
        )


@pytest.mark.aws("an expression has at most 4,096 bytes, and IN at most 100 values", LIMITS)
def test_an_expression_that_is_too_long_is_refused(tables: Tables) -> None:
    condition = " OR ".join(["a = :v"] * 400)
    choices = ", ".join(f":v{place}" for place in range(101))
    with refused("ValidationException"):
        tables.dynamodb.put_item(
            TableName=tables.plain,
            Item=tables.new_key(),
            ConditionExpression=f"{condition} OR b = {'c' * 2000}",
            ExpressionAttributeValues={":v": {"S": "a"}},
        )
    with refused("ValidationException"):
        tables.dynamodb.put_item(
            TableName=tables.plain,
            Item=tables.new_key(),
            ConditionExpression=f"a IN ({choices})",
            ExpressionAttributeValues={f":v{place}": {"N": str(place)} for place in range(101)},
        )


@pytest.mark.aws(
    "a projection gives the chosen parts, list elements closed up", guide("Expressions.ProjectionExpressions")
)
def test_a_projection_gives_the_chosen_parts(tables: Tables) -> None:
    key = tables.new_key()
    tables.put({**key, **ITEM})
    item = tables.dynamodb.get_item(
        TableName=tables.plain,
        Key=key,
        ProjectionExpression="deep.#e[1].x, parts[3], parts[1], absent, #t",
        ExpressionAttributeNames={"#e": "elements", "#t": "text"},
    )["Item"]
    assert item == {
        "deep": {"M": {"elements": {"L": [{"M": {"x": {"S": "y"}}}]}}},
        "parts": {"L": [{"S": "p1"}, {"S": "p3"}]},
        "text": {"S": "guitar"},
    }


@pytest.mark.aws("paths of a projection may not overlap", guide("Expressions.ProjectionExpressions"))
def test_overlapping_paths_are_refused(tables: Tables) -> None:
    fault = (
        "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of "
        "these paths; path one: [a], path two: [a, b]"
    )
    with refused("ValidationException", fault):
        tables.dynamodb.get_item(TableName=tables.plain, Key=tables.new_key(), ProjectionExpression="a, a.b")
