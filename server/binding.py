"""From a request to a handler's arguments, and the check, before the first one, that every handler can be called so.

A handler takes, by name: `services`, `caller`, `body`, `query`, `precondition`, and exactly the `{names}` of its path.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from server.caller import Caller
from server.errors import Detail, InvalidInputError
from server.exact_json import decode
from server.models.base import FORMS_IN_WORDS, MAX_ITEM_BYTES
from server.precondition import read_precondition
from server.requests import Request
from server.services import Services

Handler = Callable[..., Awaitable[BaseModel]]
_VOCABULARY = {"services", "caller", "body", "query", "precondition"}
_MESSAGES = {"extra_forbidden": "is not a field of this request", "missing": "is required"}
_MAX_QUERY_FIELDS = 50
_MAX_DETAILS = 20
# No item of DynamoDB needs more JSON, and reading more would only keep others waiting.
MAX_JSON_BYTES = 4 * MAX_ITEM_BYTES


class HandlerSignatureError(TypeError):
    """A handler asks for what a request cannot give, or leaves out a name of its path."""


class Binder:
    """Calls one handler with what it asks for."""

    def __init__(self, handler: Handler, path: str, auth: bool) -> None:
        self._handler = handler
        parameters = inspect.signature(handler, eval_str=True).parameters
        self.names = frozenset(parameters)
        path_names = set(re.findall(r"{(\w+)}", path))
        if self.names - _VOCABULARY != path_names:
            raise HandlerSignatureError(f"{handler.__name__} must take exactly {sorted(path_names)} of its path {path}")
        if ("caller" in self.names) != auth:
            raise HandlerSignatureError(f"{handler.__name__} must take a caller exactly when its route needs one")
        self._path_names = path_names
        self.body_model = _model_of(handler, parameters, "body")
        self.query_model = _model_of(handler, parameters, "query")

    async def call(self, services: Services, caller: Caller | None, request: Request) -> BaseModel:
        """The handler's answer; raises InvalidInputError when body or query do not fit, and what the handler raises."""
        arguments: dict[str, Any] = {name: request.path[name] for name in self._path_names}
        if "services" in self.names:
            arguments["services"] = services
        if "caller" in self.names:
            arguments["caller"] = caller
        if self.body_model is not None:
            arguments["body"] = _validate(self.body_model, read_json(request.body), "body")
        if self.query_model is not None:
            arguments["query"] = _validate(self.query_model, read_query(request.query), "query")
        if "precondition" in self.names:
            arguments["precondition"] = read_precondition(request.headers.get("if-match"))
        return await self._handler(**arguments)


def _model_of(handler: Handler, parameters: Mapping[str, inspect.Parameter], name: str) -> type[BaseModel] | None:
    if name not in parameters:
        return None
    model = parameters[name].annotation
    if not (inspect.isclass(model) and issubclass(model, BaseModel)):
        raise HandlerSignatureError(f"{name} of {handler.__name__} must be a model")
    return model


def _validate(model: type[BaseModel], value: dict[str, Any], whole: str) -> BaseModel:
    """The model of a value; `whole` names the value where no field of it alone is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = [
            Detail(_field(problem["loc"]) or whole, _message(problem))
            for problem in error.errors(include_url=False, include_input=False)[:_MAX_DETAILS]
        ]
        raise InvalidInputError(*details) from None


def _field(location: tuple[int | str, ...]) -> str:
    # A key that a client made up may be as long as a body, and may be no text that can be answered.
    parts = (str(part).encode("utf-8", "backslashreplace").decode()[:100] for part in location)
    return ".".join(parts)


def _message(problem: ErrorDetails) -> str:
    form = problem.get("ctx", {}).get("pattern")
    return FORMS_IN_WORDS.get(str(form)) or _MESSAGES.get(problem["type"]) or _plain(problem["msg"])


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").encode("utf-8", "backslashreplace").decode()


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, fractions as Decimal; raises InvalidInputError for everything else."""
    if len(body) > MAX_JSON_BYTES:
        raise InvalidInputError.of("body", f"must have at most {MAX_JSON_BYTES} bytes")
    try:
        value = decode(body)
    except ValueError as error:
        raise InvalidInputError.of("body", "is not valid JSON") from error
    if not isinstance(value, dict):
        raise InvalidInputError.of("body", "must be a JSON object")
    return value


def read_query(query: str) -> dict[str, str]:
    """The parameters of a query string; raises InvalidInputError when one stands twice."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError as error:
        raise InvalidInputError.of("query", "is not a valid query string") from error
    values = dict(pairs)
    if len(values) != len(pairs):
        raise InvalidInputError.of("query", "must not name a parameter twice")
    return values
