"""Every error the API can answer: one table, one exception tree.

ApiError                    an error with a code of the table
InvalidInputError           input that breaks a rule; dispatch words it with the validation code of the route's function
ServiceUnavailableError     an AWS service is throttled, slow or away; the caller may try again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class ErrorCode(StrEnum):
    """The codes of the error envelope."""

    AUTH_INVALID_CREDENTIALS = "AUTH_INVALID_CREDENTIALS"
    AUTH_USER_EXISTS = "AUTH_USER_EXISTS"
    AUTH_TOKEN_EXPIRED = "AUTH_TOKEN_EXPIRED"  # noqa: S105 - a code, not a password
    AUTH_UNAUTHORIZED = "AUTH_UNAUTHORIZED"
    AUTH_VALIDATION_ERROR = "AUTH_VALIDATION_ERROR"
    AUTH_USER_NOT_CONFIRMED = "AUTH_USER_NOT_CONFIRMED"
    AUTH_CODE_INVALID = "AUTH_CODE_INVALID"
    AUTH_CODE_EXPIRED = "AUTH_CODE_EXPIRED"
    AUTH_RATE_LIMITED = "AUTH_RATE_LIMITED"
    USER_VALIDATION_ERROR = "USER_VALIDATION_ERROR"
    USER_NOT_FOUND = "USER_NOT_FOUND"
    GUITAR_NOT_FOUND = "GUITAR_NOT_FOUND"
    GUITAR_VALIDATION_ERROR = "GUITAR_VALIDATION_ERROR"
    PRECONDITION_FAILED = "PRECONDITION_FAILED"
    IMAGE_UPLOAD_FAILED = "IMAGE_UPLOAD_FAILED"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL_ERROR = "INTERNAL_ERROR"


@dataclass(frozen=True)
class ErrorRow:
    """How a code is answered: HTTP status and the message when the raiser gives none."""

    status: int
    message: str


ERRORS = MappingProxyType(
    {
        ErrorCode.AUTH_INVALID_CREDENTIALS: ErrorRow(401, "Wrong e-mail address or password"),
        ErrorCode.AUTH_USER_EXISTS: ErrorRow(409, "An account with this e-mail address exists already"),
        ErrorCode.AUTH_TOKEN_EXPIRED: ErrorRow(401, "The access token has expired"),
        ErrorCode.AUTH_UNAUTHORIZED: ErrorRow(401, "Missing or invalid token"),
        ErrorCode.AUTH_VALIDATION_ERROR: ErrorRow(400, "Invalid input data"),
        ErrorCode.AUTH_USER_NOT_CONFIRMED: ErrorRow(403, "The e-mail address has not been verified yet"),
        ErrorCode.AUTH_CODE_INVALID: ErrorRow(400, "The code is wrong"),
        ErrorCode.AUTH_CODE_EXPIRED: ErrorRow(400, "The code has expired; ask for a new one"),
        ErrorCode.AUTH_RATE_LIMITED: ErrorRow(429, "Too many attempts; try again later"),
        ErrorCode.USER_VALIDATION_ERROR: ErrorRow(400, "Invalid input data"),
        ErrorCode.USER_NOT_FOUND: ErrorRow(404, "User not found"),
        ErrorCode.GUITAR_NOT_FOUND: ErrorRow(404, "Guitar not found or unauthorized"),
        ErrorCode.GUITAR_VALIDATION_ERROR: ErrorRow(400, "Invalid input data"),
        ErrorCode.PRECONDITION_FAILED: ErrorRow(412, "The guitar was changed since it was read"),
        ErrorCode.IMAGE_UPLOAD_FAILED: ErrorRow(400, "The upload cannot be used"),
        ErrorCode.SERVICE_UNAVAILABLE: ErrorRow(503, "A service is not available; try again shortly"),
        ErrorCode.INTERNAL_ERROR: ErrorRow(500, "Server error"),
    }
)


@dataclass(frozen=True)
class Detail:
    """What was wrong with one field; nested fields are joined by dots, as in `notes.0.content`."""

    field: str
    message: str


class ApiError(Exception):
    """An answer from the error table."""

    def __init__(self, code: ErrorCode, message: str | None = None, details: Sequence[Detail] = ()) -> None:
        self.code = code
        self.status = ERRORS[code].status
        self.message = message or ERRORS[code].message
        self.details = tuple(details)
        super().__init__(f"{code}: {self.message}")


class InvalidInputError(Exception):
    """Input that breaks a rule, found where the route is not known."""

    def __init__(self, *details: Detail) -> None:
        super().__init__("; ".join(f"{detail.field}: {detail.message}" for detail in details))
        self.details = details

    @classmethod
    def of(cls, field: str, message: str) -> "InvalidInputError":
        """The exception for a single field."""
        return cls(Detail(field, message))


class ServiceUnavailableError(ApiError):
    """An AWS service did not answer in time, or asked to slow down."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.SERVICE_UNAVAILABLE)
