"""Which errors a route may answer, and their schemas.

Most follow from the table of routes: a token, a body, a precondition bring their codes with them. What only a handler
can say stands in `DOMAIN_CODES`. The tests of the API hold every answer to it.
"""

import inspect
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from server.errors import ERRORS, ErrorCode
from server.gateway import answers
from server.gateway.answers import GatewayAnswer
from server.routes import FUNCTIONS, Route

# Making a missing profile asks Cognito who the caller is.
_PROFILE = (ErrorCode.USER_NOT_FOUND, ErrorCode.AUTH_RATE_LIMITED)

# operation -> the codes of its own
DOMAIN_CODES: dict[str, tuple[ErrorCode, ...]] = {
    "register_user": (ErrorCode.AUTH_USER_EXISTS, ErrorCode.AUTH_RATE_LIMITED),
    "login_user": (
        ErrorCode.AUTH_INVALID_CREDENTIALS,
        ErrorCode.AUTH_UNAUTHORIZED,
        ErrorCode.AUTH_USER_NOT_CONFIRMED,
        ErrorCode.AUTH_CODE_INVALID,
        ErrorCode.AUTH_CODE_EXPIRED,
        ErrorCode.AUTH_RATE_LIMITED,
    ),
    "refresh_tokens": (ErrorCode.AUTH_UNAUTHORIZED, ErrorCode.AUTH_RATE_LIMITED),
    "request_password_reset": (ErrorCode.AUTH_RATE_LIMITED,),
    "reset_password": (
        ErrorCode.AUTH_CODE_INVALID,
        ErrorCode.AUTH_CODE_EXPIRED,
        ErrorCode.AUTH_USER_NOT_CONFIRMED,
        ErrorCode.AUTH_RATE_LIMITED,
    ),
    "resend_verification": (ErrorCode.AUTH_RATE_LIMITED,),
    "get_profile": _PROFILE,
    "update_profile": _PROFILE,
    "rename_user": _PROFILE,
    "delete_user": _PROFILE,
    "start_mfa": _PROFILE,
    "enable_mfa": (ErrorCode.AUTH_CODE_INVALID, ErrorCode.AUTH_CODE_EXPIRED, ErrorCode.AUTH_RATE_LIMITED),
    "disable_mfa": (ErrorCode.AUTH_RATE_LIMITED,),
    "create_guitar": _PROFILE,
    "get_guitar": (ErrorCode.GUITAR_NOT_FOUND,),
    "update_guitar": (ErrorCode.GUITAR_NOT_FOUND,),
    "delete_guitar": (ErrorCode.GUITAR_NOT_FOUND,),
    "complete_upload": (ErrorCode.GUITAR_NOT_FOUND,),
}
# The codes that say what is wrong with which field.
DETAILED_CODES = frozenset(function.validation_code for function in FUNCTIONS.values())
# The codes that a client meets with and without a token.
_TOKEN_CODES = (ErrorCode.AUTH_UNAUTHORIZED, ErrorCode.AUTH_TOKEN_EXPIRED)


def codes_of(route: Route) -> frozenset[ErrorCode]:
    """The codes that a route may answer."""
    codes = {ErrorCode.INTERNAL_ERROR, ErrorCode.SERVICE_UNAVAILABLE, *DOMAIN_CODES.get(route.operation_id, ())}
    if route.auth:
        codes.update(_TOKEN_CODES)
    if route.binder.body_model is not None or route.binder.query_model is not None:
        codes.add(FUNCTIONS[route.function].validation_code)
    if takes_precondition(route):
        codes.add(ErrorCode.PRECONDITION_FAILED)
    return frozenset(codes)


def gateway_answers_of(route: Route) -> tuple[GatewayAnswer, ...]:
    """What API Gateway itself may answer for a route."""
    token = (answers.UNAUTHORIZED,) if route.auth else ()
    body = (answers.TOO_LARGE,) if route.binder.body_model is not None else ()
    return (*token, *body, answers.TOO_MANY, answers.INTERNAL_ERROR, answers.UNAVAILABLE)


def takes_precondition(route: Route) -> bool:
    """Whether the handler reads If-Match."""
    return "precondition" in inspect.signature(route.handler).parameters


def schemas_by_status(route: Route) -> dict[int, list[str]]:
    """Status -> the names of the schemas of its bodies, ours first."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    codes = codes_of(route)
    for code in (code for code in ERRORS if code in codes):
        names[ERRORS[code].status].append(schema_name(code))
    for answer in gateway_answers_of(route):
        names[answer.status].append(_gateway_name(answer))
    return dict(sorted(names.items()))


def describe_refusals(routes: Iterable[Route]) -> dict[str, Any]:
    """The schemas of all errors, one for each code and one for each answer of API Gateway itself, by name."""
    gateway = {answer for route in routes for answer in gateway_answers_of(route)}
    return {
        "ErrorDetail": {
            "description": "What was wrong with one field; nested fields are joined by dots, as in `notes.0.content`.",
            **_object({"field": {"type": "string"}, "message": {"type": "string"}}),
        },
        **{schema_name(code): _describe_code(code) for code in ERRORS},
        **{_gateway_name(answer): _describe_gateway_answer(answer) for answer in gateway},
    }


def schema_name(code: ErrorCode) -> str:
    """`GuitarNotFoundError` for GUITAR_NOT_FOUND."""
    return "".join(word.capitalize() for word in code.removesuffix("_ERROR").split("_")) + "Error"


def _gateway_name(answer: GatewayAnswer) -> str:
    return "Gateway" + answer.message.title().replace(" ", "")


def _describe_code(code: ErrorCode) -> dict[str, Any]:
    row = ERRORS[code]
    shown: dict[str, Any] = {
        "code": {"const": code.value},
        "message": {"type": "string", "examples": [row.message]},
        "statusCode": {"const": row.status},
    }
    error = _object(shown)
    if code in DETAILED_CODES:
        shown["details"] = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/ErrorDetail"}}
    return {"description": f"{row.message}.", **_object({"success": {"const": False}, "error": error})}


def _describe_gateway_answer(answer: GatewayAnswer) -> dict[str, Any]:
    described = _object({"message": {"const": answer.message}})
    return {"description": "API Gateway's own answer, without the envelope.", **described}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has these fields, and no field that is not described."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
