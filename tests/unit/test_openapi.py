"""The OpenAPI document: committed as it is derived, valid, and complete."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from emulation.openapi.document import COMMITTED, VERSION, build_document, to_text
from emulation.openapi.examples import ANSWERS, BODIES
from emulation.openapi.links import LINKS
from emulation.openapi.refusals import DOMAIN_CODES
from emulation.openapi.schemas import answers_of
from emulation.settings import ROOT
from server.errors import ERRORS
from server.exact_json import encode
from server.models.guitar import GuitarUpdate
from server.routes import ROUTES
from tests.api.contract import Contract

OPERATIONS = {route.operation_id: route for route in ROUTES}
EXAMPLES = [
    (kind, operation, name)
    for kind, table in (("body", BODIES), ("answer", ANSWERS))
    for operation, examples in table.items()
    for name in examples
]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    built: dict[str, Any] = json.loads(to_text(build_document()))
    return built


@pytest.fixture(scope="module")
def contract(document: dict[str, Any]) -> Contract:
    return Contract(document)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_committed_document_is_the_derived_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == to_text(build_document()), "run: uv run just openapi"


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_an_operation_and_nothing_else_is(document: dict[str, Any]) -> None:
    described = {(path, method.upper(), operation["operationId"]) for path, method, operation in operations(document)}
    assert described == {(route.path, route.method, route.operation_id) for route in ROUTES}


def test_every_operation_is_told_in_words_and_asks_for_a_token_where_the_route_does(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        assert 0 < len(operation["summary"]) <= 72
        assert operation["description"].startswith(operation["summary"])
        assert operation["security"] == ([{"bearer": []}] if OPERATIONS[operation["operationId"]].auth else [])


def test_every_error_of_the_table_is_answered_by_some_route(document: dict[str, Any]) -> None:
    text = json.dumps(document["paths"])
    for name, schema in document["components"]["schemas"].items():
        if schema["properties"].get("success") == {"const": False}:
            assert f'"#/components/schemas/{name}"' in text, f"no route answers {name}"
    codes = [
        schema["properties"]["error"]["properties"]["code"]["const"]
        for schema in document["components"]["schemas"].values()
        if "error" in schema["properties"]
    ]
    assert sorted(codes) == sorted(ERRORS)


def test_tables_beside_the_routes_name_operations_that_exist() -> None:
    linked = {link.operation_id for links in LINKS.values() for link in links.values()}
    assert {*DOMAIN_CODES, *BODIES, *ANSWERS, *LINKS, *linked} <= set(OPERATIONS)


def test_every_body_and_every_answer_has_an_example() -> None:
    assert set(BODIES) == {name for name, route in OPERATIONS.items() if route.binder.body_model is not None}
    assert set(ANSWERS) == set(OPERATIONS)


@pytest.mark.parametrize(("kind", "operation", "name"), EXAMPLES)
def test_an_example_fits_schema_and_model(contract: Contract, kind: str, operation: str, name: str) -> None:
    route = OPERATIONS[operation]
    value = (BODIES if kind == "body" else ANSWERS)[operation][name]
    if kind == "body":
        assert route.binder.body_model is not None
        route.binder.body_model.model_validate(value)
        schemas = [route.binder.body_model.__name__]
    else:
        schemas = [model.__name__ for model in answers_of(route)]
    as_sent = json.loads(encode(value))
    assert [] in [contract.validate(f"/components/schemas/{schema}", as_sent) for schema in schemas]


def test_links_name_parameters_of_their_operation(document: dict[str, Any]) -> None:
    parameters = {
        operation["operationId"]: {parameter["name"] for parameter in operation.get("parameters", [])}
        for _, _, operation in operations(document)
    }
    for links in LINKS.values():
        for link in links.values():
            assert set(link.parameters) <= parameters[link.operation_id]
            assert not link.body or OPERATIONS[link.operation_id].binder.body_model is not None


def test_a_put_takes_null_where_the_model_does(document: dict[str, Any]) -> None:
    properties = document["components"]["schemas"]["GuitarUpdate"]["properties"]
    nullable = {name for name, schema in properties.items() if {"type": "null"} in schema.get("anyOf", [])}
    fields = {field.alias for field in GuitarUpdate.model_fields.values()}
    assert fields - nullable == {"brand", "model", "userId", "guitarId", "createdAt", "updatedAt"}


def test_answers_hold_no_null_and_money_is_a_number(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert '"null"' not in json.dumps([schemas["Guitar"], schemas["PrivateInfo"], schemas["CompletedUpload"]])
    assert schemas["PrivateInfo"]["properties"]["purchasePrice"] == {"type": "number", "minimum": 0}


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
