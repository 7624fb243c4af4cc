"""The tables of routes and of the functions that serve them. All else is derived from them or tested against them.

The table names its handlers and imports none: a Lambda function imports those of its own routes when it starts.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import MappingProxyType

from server.binding import Binder, Handler
from server.errors import ErrorCode


@dataclass(frozen=True)
class Function:
    """A Lambda function that serves routes: the code of its refusals of input, and how long its routes may take.

    That is half a second less than the function itself may in the template. Slow services are answered with a 503
    then, before Lambda ends the function and API Gateway knows nothing but a 500.
    """

    validation_code: ErrorCode
    answer_within_seconds: float


FUNCTIONS = MappingProxyType(
    {
        "auth": Function(ErrorCode.AUTH_VALIDATION_ERROR, answer_within_seconds=9.5),
        "user": Function(ErrorCode.USER_VALIDATION_ERROR, answer_within_seconds=4.5),
        "guitars": Function(ErrorCode.GUITAR_VALIDATION_ERROR, answer_within_seconds=9.5),
        "images": Function(ErrorCode.IMAGE_UPLOAD_FAILED, answer_within_seconds=9.5),
    }
)


@dataclass(frozen=True)
class Route:
    """A route: `status` is that of success, `auth` whether a token is needed, `function` which Lambda serves it.

    The handler is the one of that name in `server/handlers/`, in the module that is called as the function.
    """

    method: str
    path: str
    operation_id: str
    status: int
    auth: bool
    function: str

    @property
    def key(self) -> str:
        """API Gateway's route key, such as `POST /guitars`."""
        return f"{self.method} {self.path}"

    @cached_property
    def handler(self) -> Handler:
        """The handler, imported when first asked for."""
        handler: Handler = getattr(import_module(f"server.handlers.{self.function}"), self.operation_id)
        return handler

    @cached_property
    def binder(self) -> Binder:
        """What calls the handler; raises HandlerSignatureError when the handler cannot be called so."""
        return Binder(self.handler, self.path, self.auth)


ROUTES = (
    Route("POST", "/auth/register", "register_user", 201, auth=False, function="auth"),
    Route("POST", "/auth/login", "login_user", 200, auth=False, function="auth"),
    Route("POST", "/auth/refresh", "refresh_tokens", 200, auth=False, function="auth"),
    Route("POST", "/auth/logout", "logout_user", 200, auth=False, function="auth"),
    Route("POST", "/auth/forgot-password", "request_password_reset", 200, auth=False, function="auth"),
    Route("POST", "/auth/reset-password", "reset_password", 200, auth=False, function="auth"),
    Route("POST", "/auth/resend-verification", "resend_verification", 200, auth=False, function="auth"),
    Route("GET", "/user/profile", "get_profile", 200, auth=True, function="user"),
    Route("PUT", "/user/profile", "update_profile", 200, auth=True, function="user"),
    Route("PUT", "/user/name", "rename_user", 200, auth=True, function="user"),
    Route("POST", "/user/mfa", "start_mfa", 200, auth=True, function="user"),
    Route("PUT", "/user/mfa", "enable_mfa", 200, auth=True, function="user"),
    Route("DELETE", "/user/mfa", "disable_mfa", 200, auth=True, function="user"),
    Route("DELETE", "/user", "delete_user", 200, auth=True, function="user"),
    Route("GET", "/guitars", "list_guitars", 200, auth=True, function="guitars"),
    Route("POST", "/guitars", "create_guitar", 201, auth=True, function="guitars"),
    Route("GET", "/guitars/brands", "list_brands", 200, auth=True, function="guitars"),
    Route("GET", "/guitars/{id}", "get_guitar", 200, auth=True, function="guitars"),
    Route("PUT", "/guitars/{id}", "update_guitar", 200, auth=True, function="guitars"),
    Route("DELETE", "/guitars/{id}", "delete_guitar", 200, auth=True, function="guitars"),
    Route("POST", "/images/upload-url", "create_upload_url", 200, auth=True, function="images"),
    Route("POST", "/images/upload-complete", "complete_upload", 200, auth=True, function="images"),
)


def bind_routes(function: str | None = None) -> dict[str, Route]:
    """The routes of a function, or all, by their keys; their handlers are imported and can be called.

    Raises HandlerSignatureError, so that a mistake shows when a process starts.
    """
    routes = {route.key: route for route in ROUTES if function in (None, route.function)}
    for route in routes.values():
        _ = route.binder
    return routes
