"""PartiQL: what is refused in a statement."""

import pytest

from tests.emulation.dynamodb.sources import api, guide
from tests.emulation.dynamodb.tables import Tables, number
from tests.emulation.refusals import refused

STATEMENTS = guide("ql-reference.statements")
SELECT = guide("ql-reference.select")
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
