"""From a request to its answer: who calls, the handler, the envelope, and the only broad except of the server."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from server.caller import Caller, bearer_token
from server.clock import is_over
from server.errors import ApiError, ErrorCode, InvalidInputError, ServiceUnavailableError
from server.exact_json import encode
from server.models.guitar import Guitar
from server.requests import Request, Response
from server.routes import FUNCTIONS, Route
from server.services import Services

_log = logging.getLogger("server")
_RETRY_AFTER_SECONDS = 2
_JSON = {"content-type": "application/json; charset=utf-8"}


async def dispatch(services: Services, route: Route, request: Request) -> Response:
    """The answer of a route; never raises, but for cancellation."""
    function = FUNCTIONS[route.function]
    try:
        caller = find_caller(services, request) if route.auth else None
        async with asyncio.timeout(function.answer_within_seconds):
            return _success(route, await route.binder.call(services, caller, request))
    except TimeoutError:
        _log.error("%s has taken too long", route.key)
        return failure(ServiceUnavailableError())
    except InvalidInputError as error:
        return failure(ApiError(function.validation_code, details=error.details))
    except ApiError as error:
        return failure(error)
    except Exception:
        _log.exception("%s failed", route.key)
        return failure(ApiError(ErrorCode.INTERNAL_ERROR))


def find_caller(services: Services, request: Request) -> Caller:
    """The user behind a request; raises AUTH_UNAUTHORIZED and AUTH_TOKEN_EXPIRED.

    A cached decision of the authorizer may be older than the token's end, so the end is asked once more.
    """
    context = request.authorizer or {}
    user_id = context.get("userId")
    if not user_id:
        code = context.get("errorCode")
        expired = code == ErrorCode.AUTH_TOKEN_EXPIRED
        raise ApiError(ErrorCode.AUTH_TOKEN_EXPIRED if expired else ErrorCode.AUTH_UNAUTHORIZED)
    if is_over(services.clock, int(context["issuedAt"]), int(context["expiresAt"])):
        raise ApiError(ErrorCode.AUTH_TOKEN_EXPIRED)
    return Caller(user_id=str(user_id), access_token=bearer_token(request.headers.get("authorization", "")))


def _success(route: Route, answer: BaseModel) -> Response:
    headers = {**_JSON, "etag": answer.etag} if isinstance(answer, Guitar) else _JSON
    data = answer.model_dump(by_alias=True, exclude_none=True)
    return Response(route.status, encode({"success": True, "data": data}), headers)


def failure(error: ApiError) -> Response:
    """The error envelope."""
    shown: dict[str, Any] = {"code": error.code, "message": error.message, "statusCode": error.status}
    if error.details:
        shown["details"] = [{"field": detail.field, "message": detail.message} for detail in error.details]
    headers: Mapping[str, str] = _JSON
    if error.code is ErrorCode.SERVICE_UNAVAILABLE:
        headers = {**_JSON, "retry-after": str(_RETRY_AFTER_SECONDS)}
    return Response(error.status, encode({"success": False, "error": shown}), headers)
