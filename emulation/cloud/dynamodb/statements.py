"""PartiQL: every statement is read; those that write are writes like others, and moto carries out SELECT.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from typing import Any

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.parsing import partiql
from py_partiql_parser.exceptions import ParserException

from emulation.cloud.dynamodb.binaries import with_bytes, with_texts
from emulation.cloud.dynamodb.partiql import Statement, read_statement
from emulation.cloud.dynamodb.partiql_tokens import MalformedStatementError, UnknownStatementError
from emulation.cloud.dynamodb.partiql_values import read_values
from emulation.cloud.dynamodb.partiql_writes import PartiqlWrite
from emulation.cloud.dynamodb.refusals import DynamoDBError, ValidationError, resource_not_found
from emulation.cloud.dynamodb.writes import Writes

# How the refusals of one statement are called in the answer of a batch.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
BATCH_CODES = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ResourceNotFoundException": "ResourceNotFound",
    "ValidationException": "ValidationError",
}
WRITES = frozenset({"DELETE", "INSERT", "UPDATE"})

Parameters = list[dict[str, Any]]
_execute_statement = DynamoDBBackend.execute_statement


def execute_statement(
    backend: DynamoDBBackend, writes: Writes, statement: str, parameters: Parameters
) -> list[dict[str, Any]]:
    """The items that a statement returns; raises JsonRESTError, or UnknownStatementError."""
    try:
        return _carry_out(backend, writes, _read(backend, statement, parameters), statement, parameters)
    except DynamoDBError as error:
        # The form in which moto answers a refusal.
        raise JsonRESTError(error.code, error.message) from error


def batch_execute_statement(
    backend: DynamoDBBackend, writes: Writes, statements: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One answer for each statement, which is carried out whatever becomes of the others."""
    return [_answer(backend, writes, one["Statement"], one.get("Parameters") or []) for one in statements]


def _answer(backend: DynamoDBBackend, writes: Writes, text: str, parameters: Parameters) -> dict[str, Any]:
    try:
        statement = _read(backend, text, parameters)
        if statement.verb == "SELECT":
            _check_key(backend, statement, text)
        items = _carry_out(backend, writes, statement, text, parameters)
    except JsonRESTError as error:
        return _refusal(error.error_type, error.message)
    except (DynamoDBError, ServiceException) as error:
        return _refusal(error.code, error.message)
    except UnknownStatementError as error:
        return _refusal("InternalServerError", f"The local cloud does not emulate this. {error}")
    return {"TableName": statement.table, **({"Item": items[0]} if items else {})}


def _refusal(code: str, message: str) -> dict[str, Any]:
    name = code.rpartition("#")[2]
    return {"Error": {"Code": BATCH_CODES.get(name, name), "Message": message}}


def _read(backend: DynamoDBBackend, text: str, parameters: Parameters) -> Statement:
    """The statement that a text is; raises DynamoDBError when it is none, or on no table."""
    try:
        statement = read_statement(text)
    except MalformedStatementError as error:
        raise ValidationError(f"Statement wasn't well formed, can't be processed: {error}") from None
    if statement.parameters != len(parameters):
        raise ValidationError("Number of parameters in request and statement don't match.")
    if statement.table not in backend.tables:
        raise resource_not_found()
    return statement


def _check_key(backend: DynamoDBBackend, statement: Statement, text: str) -> None:
    """Raises ValidationError for a SELECT that could find several items."""
    try:
        named = partiql.get_query_metadata(text.strip()).get_filter_names()
    except Exception as error:
        raise UnknownStatementError(text) from error
    if not set(backend.tables[statement.table].table_key_attrs) <= {name.strip('"') for name in named}:
        raise ValidationError(
            "Select statements within BatchExecuteStatement must specify the primary key in the where clause."
        )


def _carry_out(
    backend: DynamoDBBackend, writes: Writes, statement: Statement, text: str, parameters: Parameters
) -> list[dict[str, Any]]:
    """The items that a statement returns; raises DynamoDBError, moto's own refusals, or UnknownStatementError."""
    try:
        values = [with_texts(value) for value in parameters]
        if statement.verb in WRITES:
            key_names = backend.tables[statement.table].table_key_attrs
            write = PartiqlWrite(read_values(statement.tokens, values), statement.table, key_names)
            found = write.carry_out(writes, backend.region_name)
        else:
            found = _execute_statement(backend, text.strip(), values)
    except ParserException as error:
        raise ValidationError(error.message) from error
    except (DynamoDBError, ServiceException, JsonRESTError, UnknownStatementError):
        raise
    except Exception as error:
        raise UnknownStatementError(f"The statement is not understood: {text}") from error
    return [with_bytes(item) for item in found]
