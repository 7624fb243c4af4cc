"""PartiQL: what statements write, and what is refused in one."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulation.dynamodb.sources import api, guide
from tests.emulation.dynamodb.tables import Tables, number
from tests.emulation.refusals import refused

STATEMENTS = guide("ql-reference.statements")
INSERT, UPDATE, DELETE = (guide(f"ql-reference.{verb}") for verb in ("insert", "update", "delete"))
MALFORMED = (
    "garbage",
    "SELECT",
    "SELECT * FROM",
    "SELECT FROM TABLE",
    "SELECT * FROM TABLE WHERE",
    "SELECT * FROM TABLE WHERE pk",
    "SELECT * FROM TABLE WHERE pk =",
    "SELECT * FROM TABLE WHERE pk = 'a",
    "SELECT * FROM TABLE WHERE pk = 'a' AND",
    "SELECT * FROM TABLE WHERE (pk = 'a'",
    "SELECT * FROM TABLE WHERE pk = 'a' nonsense",
    "SELECT * FROM TABLE WHERE " + 3000 * "(",
    "INSERT INTO TABLE",
    "INSERT INTO TABLE VALUE",
    "INSERT INTO TABLE VALUE {'pk': }",
    "INSERT INTO TABLE VALUE {'pk': 'a'",
    "INSERT TABLE VALUE {'pk': 'a'}",
    "UPDATE TABLE WHERE pk = 'a'",
    "UPDATE TABLE SET WHERE pk = 'a'",
    "UPDATE TABLE SET n = 1",
    "DELETE FROM TABLE",
    "DELETE TABLE WHERE pk = 'a'",
    "DROP TABLE",
)


def on_table(statement: str, tables: Tables) -> str:
    return statement.replace("TABLE", f'"{tables.plain}"')


@pytest.mark.aws("A PartiQL statement that cannot be read is a ValidationException", STATEMENTS)
@pytest.mark.parametrize("statement", MALFORMED)
def test_a_malformed_statement_is_refused(tables: Tables, statement: str) -> None:
    with refused("ValidationException"):
        tables.dynamodb.execute_statement(Statement=on_table(statement, tables))


@pytest.mark.aws("A PartiQL statement has as many parameters as it asks for", api("ExecuteStatement"))
def test_the_number_of_parameters_must_match(tables: Tables) -> None:
    statement = on_table("SELECT * FROM TABLE WHERE pk = ?", tables)
    for parameters in ({}, {"Parameters": [{"S": "a"}, {"S": "b"}]}):
        with refused("ValidationException", "Number of parameters in request and statement don't match."):
            tables.dynamodb.execute_statement(Statement=statement, **parameters)
    key = tables.new_key()
    tables.put({**key, "n": number(1)})
    found = tables.dynamodb.execute_statement(Statement=statement, Parameters=[key["pk"]])["Items"]
    assert found == [{**key, "n": number(1)}]


@pytest.mark.aws("A PartiQL statement on a table that is not there is a ResourceNotFoundException", STATEMENTS)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM nowhere WHERE pk = 'a'",
        "UPDATE nowhere SET n = 1 WHERE pk = 'a'",
        "DELETE FROM nowhere WHERE pk = 'a'",
        "INSERT INTO nowhere VALUE {'pk': 'a'}",
    ],
)
def test_a_statement_on_a_missing_table_is_refused(tables: Tables, statement: str) -> None:
    with refused("ResourceNotFoundException"):
        tables.dynamodb.execute_statement(Statement=statement)


@pytest.mark.aws("In a batch of PartiQL statements each has an answer of its own", api("BatchExecuteStatement"))
def test_a_malformed_statement_does_not_spoil_its_batch(tables: Tables) -> None:
    key = tables.new_key()
    statements = [
        "SELECT * FROM TABLE WHERE",
        "SELECT * FROM TABLE WHERE pk = 'KEY'".replace("KEY", key["pk"]["S"]),
        "SELECT * FROM nowhere WHERE pk = 'a'",
        "SELECT * FROM TABLE WHERE n = 1",
    ]
    tables.put({**key, "n": number(1)})
    answer = tables.dynamodb.batch_execute_statement(
        Statements=[{"Statement": on_table(one, tables)} for one in statements]
    )["Responses"]
    codes = [one.get("Error", {}).get("Code") for one in answer]
    assert codes == ["ValidationError", None, "ResourceNotFound", "ValidationError"]
    assert answer[1]["Item"] == {**key, "n": number(1)}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a, \"b\".c[0] FROM TABLE WHERE pk = 'it''s' AND (n BETWEEN 1 AND 2 OR NOT n IN [1, 2])",
        "SELECT * FROM TABLE WHERE begins_with(pk, 'a') AND size(a) > 2 ORDER BY pk DESC",
        "SELECT * FROM TABLE WHERE n IS NOT MISSING AND (pk, n) = ('a', -1) AND a = <<1, 2>>",
        "UPDATE TABLE SET a = list_append(a, [1]) SET n = n + 1 REMOVE b.c WHERE pk = 'a' RETURNING ALL NEW *",
        "DELETE FROM TABLE WHERE pk = 'a' AND contains(b, 'c') RETURNING ALL OLD *",
        "INSERT INTO TABLE VALUE {'pk': 'a', 'm': {'n': [1, true, null]}}",
    ],
)
def test_a_well_formed_statement_is_not_called_malformed(tables: Tables, statement: str) -> None:
    text = on_table(statement, tables)
    # What moto cannot carry out is answered as not emulated, which is no fault of the statement.
    answer = tables.dynamodb.batch_execute_statement(Statements=[{"Statement": text}])["Responses"][0]
    assert "well formed" not in answer.get("Error", {}).get("Message", "")


def execute(tables: Tables, statement: str, *parameters: dict[str, Any], table: str = "") -> list[dict[str, Any]]:
    named = statement.replace("TABLE", f'"{table or tables.plain}"')
    request = {"Parameters": list(parameters)} if parameters else {}
    items: list[dict[str, Any]] = tables.dynamodb.execute_statement(Statement=named, **request)["Items"]
    return items


@pytest.mark.aws("PartiQL's INSERT takes parameters and literals of every type, and replaces no item", INSERT)
def test_an_insert_takes_parameters_and_literals(tables: Tables) -> None:
    key = tables.new_key()
    given: dict[str, Any] = {"M": {"inside": {"L": [number(1), {"B": b"\x00\xff"}]}}}
    literals = "'o': {'a': [-1.5, 'it''s', true, null]}, 's': <<'y', 'x'>>, 'n': <<2, 1>>"
    binary = {"B": b"\xff"}
    statement = f"INSERT INTO TABLE VALUE {{'pk': ?, 'map': ?, 'b': ?, {literals}}}"
    assert execute(tables, statement, key["pk"], given, binary) == []
    assert tables.read(key) == {
        **key,
        "map": given,
        "b": binary,
        "o": {"M": {"a": {"L": [{"N": "-1.5"}, {"S": "it's"}, {"BOOL": True}, {"NULL": True}]}}},
        "s": {"SS": ["x", "y"]},
        "n": {"NS": ["1", "2"]},
    }
    assert execute(tables, "SELECT * FROM TABLE WHERE pk = ?", key["pk"]) == [tables.read(key)]
    with refused("DuplicateItemException", "Duplicate primary key exists in table"):
        execute(tables, "INSERT INTO TABLE VALUE {'pk': ?}", key["pk"])


@pytest.mark.aws("PartiQL's UPDATE takes parameters, in the order in which they stand", UPDATE)
def test_an_update_takes_parameters(tables: Tables) -> None:
    key = tables.new_key()
    maps: dict[str, Any] = {"map": {"M": {"a": number(1), "b": number(2)}}, "other": {"L": [number(1), number(2)]}}
    tables.put({**key, "n": number(1), "list": {"L": [number(0)]}, **maps})
    old = execute(
        tables,
        'UPDATE TABLE SET n = n + ? SET "list" = list_append("list", ?), "map".a = ? REMOVE "map"."b", other[0] '
        "WHERE pk = ? AND n BETWEEN ? AND 9 AND other IS NOT MISSING RETURNING MODIFIED OLD *",
        *(number(2), {"L": [number(5)]}, {"S": "x"}, key["pk"], number(0)),
    )
    assert old[0]["n"] == number(1)
    changed = {**key, "n": number(3), "list": {"L": [number(0), number(5)]}}
    changed |= {"map": {"M": {"a": {"S": "x"}}}, "other": {"L": [number(2)]}}
    assert tables.read(key) == changed
    assert execute(tables, "UPDATE TABLE SET n = 4 WHERE pk = ? RETURNING ALL NEW *", key["pk"]) == [
        {**changed, "n": number(4)}
    ]


@pytest.mark.aws("PartiQL's UPDATE makes no item, and changes none whose conditions fail", UPDATE)
@pytest.mark.parametrize(
    "condition",
    ["n = 2", "n <> 1", "(n > 1 OR n IN [2, 3])", "n = 1 AND n NOT IN [1, 2]", "NOT contains(s, 'b')", "n IS NULL"],
)
def test_an_update_has_its_conditions(tables: Tables, condition: str) -> None:
    key = tables.new_key()
    with refused("ConditionalCheckFailedException"):
        execute(tables, "UPDATE TABLE SET a = ? WHERE pk = ?", number(1), key["pk"])
    item = tables.put({**key, "n": number(1), "s": {"S": "abc"}})
    with refused("ConditionalCheckFailedException"):
        execute(
            tables,
            "UPDATE TABLE SET a = ? WHERE CONDITION AND pk = ?".replace("CONDITION", condition),
            number(1),
            key["pk"],
        )
    assert tables.read(key) == item
    execute(tables, "UPDATE TABLE SET n = 4 WHERE pk = ? AND n NOT IN [2, 3]", key["pk"])
    assert tables.read(key) == {**item, "n": number(4)}


@pytest.mark.aws(
    "PartiQL's DELETE takes parameters; an item that is not there is deleted, one whose conditions fail is not", DELETE
)
def test_a_delete_takes_parameters(tables: Tables) -> None:
    key = {**tables.new_key(), "sk": {"S": "a"}}
    item = tables.put({**key, "n": number(1), "b": {"BS": [b"\xff"]}}, tables.sorted)

    def delete(n: int) -> list[dict[str, Any]]:
        statement = "DELETE FROM TABLE WHERE sk = ? AND n = ? AND pk = ? RETURNING ALL OLD *"
        return execute(tables, statement, key["sk"], number(n), key["pk"], table=tables.sorted)

    with refused("ConditionalCheckFailedException"):
        delete(2)
    assert delete(1) == [item]
    assert tables.read(key, tables.sorted) is None
    assert delete(1) == []


@pytest.mark.aws("A PartiQL statement that writes names the whole key of one item", STATEMENTS)
@pytest.mark.parametrize("statement", ["DELETE FROM TABLE WHERE", "UPDATE TABLE SET n = 1 WHERE"])
@pytest.mark.parametrize("condition", ["pk = 'a'", "pk = 'a' AND sk > 'a'", "pk = 'a' AND sk = 'a' OR n = 1"])
def test_a_write_names_the_whole_key(tables: Tables, statement: str, condition: str) -> None:
    with refused("ValidationException", "Where clause does not contain a mandatory equality on all key attributes"):
        execute(tables, f"{statement} {condition}", table=tables.sorted)


def test_a_write_that_names_two_keys_changes_neither(tables: Tables) -> None:
    keys = [tables.put(tables.new_key()), tables.put(tables.new_key())]
    with pytest.raises(ClientError, match="does not emulate"):
        execute(tables, "DELETE FROM TABLE WHERE pk = ? AND pk = ?", *(key["pk"] for key in keys))
    assert [tables.read(key) for key in keys] == keys


@pytest.mark.aws("In a batch of PartiQL statements those that write take parameters", api("BatchExecuteStatement"))
def test_a_batch_writes_with_parameters(tables: Tables) -> None:
    key = tables.new_key()
    insert = {"Statement": on_table("INSERT INTO TABLE VALUE {'pk': ?}", tables), "Parameters": [key["pk"]]}
    answer = tables.dynamodb.batch_execute_statement(Statements=[insert])["Responses"]
    assert answer == [{"TableName": tables.plain}]
    [repeated] = tables.dynamodb.batch_execute_statement(Statements=[insert])["Responses"]
    assert repeated["Error"]["Code"] == "DuplicateItem"
