"""The one table of routes. Adapters, documents and the template are derived from it or tested against it."""

from dataclasses import dataclass, field

from server.binding import Binder, Handler
from server.errors import ErrorCode
from server.handlers import auth, guitars, images, user

# The function that serves a route -> the code of its refusals of input.
VALIDATION_CODES = {
    "auth": ErrorCode.AUTH_VALIDATION_ERROR,
    "user": ErrorCode.USER_VALIDATION_ERROR,
    "guitars": ErrorCode.GUITAR_VALIDATION_ERROR,
    "images": ErrorCode.IMAGE_UPLOAD_FAILED,
}


@dataclass(frozen=True)
class Route:
    """A route: `status` is that of success, `auth` whether a token is needed, `function` which Lambda serves it."""

    method: str
    path: str
    handler: Handler
    status: int
    auth: bool
    function: str
    binder: Binder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "binder", Binder(self.handler, self.path, self.auth))

    @property
    def key(self) -> str:
        """API Gateway's route key, such as `POST /guitars`."""
        return f"{self.method} {self.path}"

    @property
    def operation_id(self) -> str:
        """The handler's name."""
        return self.handler.__name__


ROUTES = (
    Route("POST", "/auth/register", auth.register_user, 201, auth=False, function="auth"),
    Route("POST", "/auth/login", auth.login_user, 200, auth=False, function="auth"),
    Route("POST", "/auth/refresh", auth.refresh_tokens, 200, auth=False, function="auth"),
    Route("POST", "/auth/logout", auth.logout_user, 200, auth=False, function="auth"),
    Route("POST", "/auth/forgot-password", auth.request_password_reset, 200, auth=False, function="auth"),
    Route("POST", "/auth/reset-password", auth.reset_password, 200, auth=False, function="auth"),
    Route("POST", "/auth/resend-verification", auth.resend_verification, 200, auth=False, function="auth"),
    Route("GET", "/user/profile", user.get_profile, 200, auth=True, function="user"),
    Route("PUT", "/user/profile", user.update_profile, 200, auth=True, function="user"),
    Route("PUT", "/user/name", user.rename_user, 200, auth=True, function="user"),
    Route("POST", "/user/mfa", user.start_mfa, 200, auth=True, function="user"),
    Route("PUT", "/user/mfa", user.enable_mfa, 200, auth=True, function="user"),
    Route("DELETE", "/user/mfa", user.disable_mfa, 200, auth=True, function="user"),
    Route("DELETE", "/user", user.delete_user, 200, auth=True, function="user"),
    Route("GET", "/guitars", guitars.list_guitars, 200, auth=True, function="guitars"),
    Route("POST", "/guitars", guitars.create_guitar, 201, auth=True, function="guitars"),
    Route("GET", "/guitars/brands", guitars.list_brands, 200, auth=True, function="guitars"),
    Route("GET", "/guitars/{id}", guitars.get_guitar, 200, auth=True, function="guitars"),
    Route("PUT", "/guitars/{id}", guitars.update_guitar, 200, auth=True, function="guitars"),
    Route("DELETE", "/guitars/{id}", guitars.delete_guitar, 200, auth=True, function="guitars"),
    Route("POST", "/images/upload-url", images.create_upload_url, 200, auth=True, function="images"),
    Route("POST", "/images/upload-complete", images.complete_upload, 200, auth=True, function="images"),
)
