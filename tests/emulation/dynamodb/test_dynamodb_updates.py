from typing import Any

import pytest

from tests.emulation.dynamodb.sources import UPDATES, api
from tests.emulation.dynamodb.tables import Tables
from tests.emulation.refusals import refused

INVALID = "1 validation error detected: Invalid UpdateExpression: "
WRONG_TYPE = "An operand in the update expression has an incorrect data type"
NO_PATH = "The document path provided in the update expression is invalid for update"
NO_ATTRIBUTE = "The provided expression refers to an attribute that does not exist in the item"


def update(tables: Tables, item: dict[str, Any], expression: str, **values: Any) -> dict[str, Any]:
    """What an update makes of an item; `values` are those of the placeholders."""
    key = tables.new_key()
    tables.put({**key, **item})
    given = {f":{name}": value for name, value in values.items()}
    tables.dynamodb.update_item(
        TableName=tables.plain,
        Key=key,
        UpdateExpression=expression,
        **({"ExpressionAttributeValues": given} if given else {}),
    )
    changed = tables.read(key)
    assert changed is not None
    del changed["pk"]
    return changed


@pytest.mark.aws("SET, REMOVE, ADD and DELETE change an item as documented", UPDATES)
@pytest.mark.parametrize(
    ("before", "expression", "values", "after"),
    [
        ({"a": {"N": "1"}, "b": {"N": "2"}}, "SET a = b, b = a", {}, {"a": {"N": "2"}, "b": {"N": "1"}}),
        ({"a": {"N": "0.1"}}, "SET a = a + :v", {"v": {"N": "0.2"}}, {"a": {"N": "0.3"}}),
        ({"a": {"N": "1"}}, "SET a = :v - a", {"v": {"N": "0.5"}}, {"a": {"N": "-0.5"}}),
        ({}, "SET a = if_not_exists(a, :v) + :v", {"v": {"N": "2"}}, {"a": {"N": "4"}}),
        ({"a": {"N": "5"}}, "SET a = if_not_exists(a, :v)", {"v": {"N": "2"}}, {"a": {"N": "5"}}),
        (
            {"l": {"L": [{"N": "2"}]}},
            "SET l = list_append(:v, l)",
            {"v": {"L": [{"N": "1"}]}},
            {"l": {"L": [{"N": "1"}, {"N": "2"}]}},
        ),
        ({"l": {"L": [{"N": "1"}]}}, "SET l[7] = :v", {"v": {"N": "2"}}, {"l": {"L": [{"N": "1"}, {"N": "2"}]}}),
        (
            {"l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"N": "3"}]}},
            "REMOVE l[0], l[2], l[9]",
            {},
            {"l": {"L": [{"N": "1"}, {"N": "3"}]}},
        ),
        ({"m": {"M": {"x": {"S": "1"}, "y": {"S": "2"}}}}, "REMOVE m.x, another", {}, {"m": {"M": {"y": {"S": "2"}}}}),
        ({"m": {"M": {}}}, "SET m.x = :v", {"v": {"S": "1"}}, {"m": {"M": {"x": {"S": "1"}}}}),
        ({"a": {"N": "1"}}, "ADD a :v, b :v", {"v": {"N": "-3"}}, {"a": {"N": "-2"}, "b": {"N": "-3"}}),
        ({"s": {"SS": ["a", "b"]}}, "ADD s :v", {"v": {"SS": ["b", "c"]}}, {"s": {"SS": ["a", "b", "c"]}}),
        ({"s": {"NS": ["1", "2"]}}, "DELETE s :v", {"v": {"NS": ["2.0", "3"]}}, {"s": {"NS": ["1"]}}),
        ({"s": {"SS": ["a"]}, "t": {"S": "x"}}, "DELETE s :v, u :v", {"v": {"SS": ["a"]}}, {"t": {"S": "x"}}),
        ({"a": {"N": "1"}}, "set a = :v remove b", {"v": {"N": "2"}}, {"a": {"N": "2"}}),
    ],
)
def test_an_update_changes_an_item(
    tables: Tables, before: dict[str, Any], expression: str, values: dict[str, Any], after: dict[str, Any]
) -> None:
    assert update(tables, before, expression, **values) == after


@pytest.mark.aws("an update that does not fit the item is a ValidationException", api("UpdateItem"))
@pytest.mark.parametrize(
    ("expression", "values", "fault"),
    [
        ("SET t = t + :v", {"v": {"N": "1"}}, WRONG_TYPE),
        ("SET t = list_append(t, :v)", {"v": {"L": []}}, WRONG_TYPE),
        ("ADD t :v", {"v": {"N": "1"}}, WRONG_TYPE),
        ("DELETE t :v", {"v": {"SS": ["a"]}}, WRONG_TYPE),
        ("SET m.x.y = :v", {"v": {"N": "1"}}, NO_PATH),
        ("SET t.x = :v", {"v": {"N": "1"}}, NO_PATH),
        ("SET t[0] = :v", {"v": {"N": "1"}}, NO_PATH),
        ("SET a = absent", {}, NO_ATTRIBUTE),
        ("SET a = absent + :v", {"v": {"N": "1"}}, NO_ATTRIBUTE),
    ],
)
def test_an_update_that_does_not_fit_is_refused(
    tables: Tables, expression: str, values: dict[str, Any], fault: str
) -> None:
    with refused("ValidationException", fault):
        update(tables, {"t": {"S": "text"}}, expression, **values)


@pytest.mark.aws("an update may not write the primary key", api("UpdateItem"))
@pytest.mark.parametrize("expression", ["SET pk = :v", "ADD pk :v", "DELETE pk :v"])
def test_a_key_cannot_be_updated(tables: Tables, expression: str) -> None:
    fault = "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"
    with refused("ValidationException", fault):
        update(tables, {}, expression, v={"SS": ["a"]})


@pytest.mark.aws("an UpdateExpression that cannot be read is refused with the place of the fault", UPDATES)
@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "The expression can not be empty;"),
        ("INVALID SYNTAX HERE", 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
        ("SET a :v", 'Syntax error; token: ":v", near: "a :v"'),
        ("SET a = :v SET b = :v", 'The "SET" section can only be used once in an update expression;'),
        (
            "SET a = :v, a.b = :v",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; "
            "path one: [a], path two: [a, b]",
        ),
        ("SET a = first(:v)", "Invalid function name; function: first"),
        ("SET year = :v", "Attribute name is a reserved keyword; reserved keyword: year"),
        (
            "SET a = list_append(a, :v)",
            "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
        ),
        ("ADD a :v", "Incorrect operand type for operator or function; operator: ADD, operand type: STRING"),
    ],
)
def test_a_malformed_update_is_refused(tables: Tables, expression: str, fault: str) -> None:
    values = {"v": {"S": "x"}} if ":v" in expression else {}
    with refused("ValidationException", f"{INVALID}{fault}"):
        update(tables, {}, expression, **values)


@pytest.mark.aws("an update without expression makes an item of its key", api("UpdateItem"))
def test_an_update_without_expression_makes_an_item(tables: Tables) -> None:
    key = tables.new_key()
    tables.dynamodb.update_item(TableName=tables.plain, Key=key)
    assert tables.read(key) == key
