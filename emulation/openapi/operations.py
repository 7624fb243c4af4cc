"""One route as an operation of the document."""

import inspect
import re
from typing import Any

from emulation.openapi.examples import ANSWERS, BODIES
from emulation.openapi.links import links_of
from emulation.openapi.refusals import codes_of, schemas_by_status, takes_precondition
from emulation.openapi.schemas import REF, answers_of, describe_query
from emulation.openapi.words import PARAMETERS, STATUSES, TAGS
from server.errors import ERRORS
from server.ids import ID_PATTERN
from server.models.guitar import Guitar
from server.routes import Route

_ID = {"type": "string", "format": "uuid", "pattern": f"^{ID_PATTERN}$"}
_ETAG = {
    "description": "The guitar's state, for If-Match.",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
}
_RETRY_AFTER = {"description": "After how many seconds to try again.", "schema": {"type": "integer", "minimum": 0}}


def describe_operation(route: Route) -> dict[str, Any]:
    """The operation object of a route."""
    text = inspect.getdoc(route.handler) or ""
    described: dict[str, Any] = {
        "operationId": route.operation_id,
        "tags": [TAGS[route.function][0]],
        "summary": summary_of(text),
        "description": " ".join(text.split()),
        "security": [{"bearer": []}] if route.auth else [],
    }
    if parameters := _describe_parameters(route):
        described["parameters"] = parameters
    if route.binder.body_model is not None:
        described["requestBody"] = _describe_body(route, route.binder.body_model.__name__)
    described["responses"] = {str(route.status): _describe_success(route), **_describe_errors(route)}
    return described


def summary_of(text: str) -> str:
    """The first clause of a docstring, short enough for a list."""
    return re.split(r"[;:.](?:\s|$)", text, maxsplit=1)[0]


def _describe_parameters(route: Route) -> list[dict[str, Any]]:
    path = [_parameter(name, "path", _ID, required=True) for name in re.findall(r"{(\w+)}", route.path)]
    query_model = route.binder.query_model
    query = [] if query_model is None else describe_query(query_model).items()
    parameters = path + [_parameter(name, "query", schema, required=False) for name, schema in query]
    if takes_precondition(route):
        parameters.append(_parameter("If-Match", "header", {"type": "string"}, required=False))
    return parameters


def _parameter(name: str, place: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "description": PARAMETERS[name], "schema": schema}


def _describe_body(route: Route, model_name: str) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": _reference(model_name)}
    if examples := BODIES.get(route.operation_id):
        content["examples"] = {name: {"value": value} for name, value in examples.items()}
    return {"required": True, "content": {"application/json": content}}


def _describe_success(route: Route) -> dict[str, Any]:
    models = answers_of(route)
    data = [_reference(model.__name__) for model in models]
    envelope = {
        "type": "object",
        "properties": {"success": {"const": True}, "data": data[0] if len(data) == 1 else {"oneOf": data}},
        "required": ["success", "data"],
        "additionalProperties": False,
    }
    content: dict[str, Any] = {"schema": envelope}
    if examples := ANSWERS.get(route.operation_id):
        content["examples"] = {name: {"value": {"success": True, "data": data}} for name, data in examples.items()}
    texts = (" ".join((inspect.getdoc(model) or "").split()) for model in models)
    described: dict[str, Any] = {"description": " Or: ".join(texts), "content": {"application/json": content}}
    if Guitar in models:
        described["headers"] = {"ETag": _ETAG}
    if links := links_of(route.operation_id):
        described["links"] = links
    return described


def _describe_errors(route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for status, names in schemas_by_status(route).items():
        references = [_reference(name) for name in names]
        schema = references[0] if len(references) == 1 else {"oneOf": references}
        described[str(status)] = {
            "description": _describe_status(route, status),
            "content": {"application/json": {"schema": schema}},
        }
        if status == 503:
            described[str(status)]["headers"] = {"Retry-After": _RETRY_AFTER}
    return described


def _describe_status(route: Route, status: int) -> str:
    codes = [f"`{code}`" for code in ERRORS if code in codes_of(route) and ERRORS[code].status == status]
    return f"{STATUSES[status]}: {', '.join(codes)}." if codes else f"{STATUSES[status]}."


def _reference(name: str) -> dict[str, str]:
    return {"$ref": REF.format(model=name)}
