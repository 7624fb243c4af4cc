"""The schemas of bodies and answers, as pydantic describes them and as the wire has them."""

import inspect
from collections.abc import Iterable
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from server.routes import Route

REF = "#/components/schemas/{model}"
_NULL = {"type": "null"}


class WireSchema(GenerateJsonSchema):
    """Decimals are JSON numbers in both directions, and a field's name says what a title would."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:  # noqa: ARG002 - pydantic calls it
        """A number."""
        return {"type": "number"}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic calls it
        """Never."""
        return False


def answers_of(route: Route) -> tuple[type[BaseModel], ...]:
    """The models that a handler may answer with, from its annotation."""
    annotation = inspect.signature(route.handler, eval_str=True).return_annotation
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def describe_models(routes: Iterable[Route]) -> dict[str, Any]:
    """The schemas of all bodies and answers, by name."""
    routes = tuple(routes)
    bodies = {route.binder.body_model for route in routes if route.binder.body_model is not None}
    answers = {model for route in routes for model in answers_of(route)}
    inputs: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in bodies]
    outputs: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "serialization") for model in answers]
    _, schemas = models_json_schema(
        [*_sorted(inputs), *_sorted(outputs)], ref_template=REF, schema_generator=WireSchema
    )
    described: dict[str, Any] = schemas["$defs"]
    for schema in described.values():
        schema.pop("title", None)
    for model in bodies:
        _forbid_refused_nulls(model, described[model.__name__])
    for name in _reached(described, (model.__name__ for model in answers)):
        _leave_out_nulls(described[name])
    for schema in described.values():
        _drop_null_defaults(schema)
        _put_required_first(schema)
    return described


def describe_query(model: type[BaseModel]) -> dict[str, Any]:
    """Query parameter -> its schema; in a query there is no null."""
    properties: dict[str, Any] = model.model_json_schema(schema_generator=WireSchema)["properties"]
    return {name: _without_null(schema) for name, schema in properties.items()}


def _sorted(models: list[tuple[type[BaseModel], JsonSchemaMode]]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    return sorted(models, key=lambda pair: pair[0].__name__)


def _reached(schemas: dict[str, Any], names: Iterable[str]) -> set[str]:
    """The names of the schemas that these refer to, themselves among them."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _references(schemas[name])
    return reached


def _references(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for one in schema for name in _references(one)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
    return own + [name for one in schema.values() for name in _references(one)]


def _forbid_refused_nulls(model: type[BaseModel], schema: dict[str, Any]) -> None:
    """A field whose null the model refuses is not nullable, though it may be absent."""
    for name, described in schema["properties"].items():
        if _is_nullable(described) and not _takes_null(model, name):
            schema["properties"][name] = _without_null(described)


@cache
def _takes_null(model: type[BaseModel], name: str) -> bool:
    try:
        model.model_validate({name: None})
    except ValidationError as error:
        return (name,) not in (problem["loc"] for problem in error.errors())
    return True


def _leave_out_nulls(schema: dict[str, Any]) -> None:
    """In an answer nothing is null: what is not there is absent."""
    nullable = [name for name, described in schema["properties"].items() if _is_nullable(described)]
    for name in nullable:
        schema["properties"][name] = _without_null(schema["properties"][name])
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in nullable]


def _drop_null_defaults(schema: dict[str, Any]) -> None:
    for described in schema["properties"].values():
        if described.get("default", ...) is None:
            del described["default"]


def _put_required_first(schema: dict[str, Any]) -> None:
    """What a reader needs stands first; the order of the fields says nothing else."""
    required = schema.get("required", [])
    schema["properties"] = dict(sorted(schema["properties"].items(), key=lambda pair: pair[0] not in required))


def _is_nullable(schema: dict[str, Any]) -> bool:
    return _NULL in schema.get("anyOf", ())


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    if not _is_nullable(schema):
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf" and (name, value) != ("default", None)}
    [inner] = [one for one in schema["anyOf"] if one != _NULL]
    return {**inner, **rest}
