"""Bodies and answers of the /auth routes."""

from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from server.models.base import NO_SPACE_AROUND, Code, Model, Name, UserId


def _bare(address: Any) -> Any:
    if isinstance(address, str) and ("<" in address or address != address.strip()):
        raise ValueError("must be an e-mail address and nothing else")
    return address


def _fits_a_user_name(address: str) -> str:
    # The address is Cognito's user name, which has at most 128 characters.
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
    if len(address) > 128:
        raise ValueError("must have at most 128 characters")
    return address


Email = Annotated[
    EmailStr, BeforeValidator(_bare), AfterValidator(_fits_a_user_name), Field(json_schema_extra={"maxLength": 128})
]
# Cognito takes passwords of up to 256 characters without white space at the ends; the pool's policy decides the rest.
Password = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=NO_SPACE_AROUND)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
Session = Annotated[str, StringConstraints(min_length=20, max_length=2048)]


class Registration(Model):
    """The body of POST /auth/register."""

    email: Email
    password: Password
    name: Name


class RegisteredUser(Model):
    """The answer to a registration; the address still waits for its verification."""

    user_id: UserId
    email: str
    confirmed: bool


_TEXT: JsonValue = {"type": "string"}
_NOTHING: JsonValue = {"type": "null"}
# In the words of JSON Schema what `_one_of_two_forms` checks.
_LOGIN_FORMS: list[JsonValue] = [
    {"required": ["password"], "properties": {"password": _TEXT, "session": _NOTHING, "mfaCode": _NOTHING}},
    {"required": ["session", "mfaCode"], "properties": {"password": _NOTHING, "session": _TEXT, "mfaCode": _TEXT}},
]


class Login(Model):
    """The body of POST /auth/login: address and password, or the answer to a challenge."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _LOGIN_FORMS})

    email: Email
    password: Password | None = None
    session: Session | None = None
    mfa_code: Code | None = None

    @model_validator(mode="after")
    def _one_of_two_forms(self) -> Self:
        if self.password is None and (self.session is None or self.mfa_code is None):
            raise ValueError("send email and password, or email, session and mfaCode")
        if self.password is not None and (self.session is not None or self.mfa_code is not None):
            raise ValueError("send either a password or the answer to a challenge, not both")
        return self


class RefreshTokenBody(Model):
    """The body of POST /auth/refresh and POST /auth/logout."""

    refresh_token: Token


class EmailBody(Model):
    """The body of POST /auth/forgot-password and POST /auth/resend-verification."""

    email: Email


class PasswordReset(Model):
    """The body of POST /auth/reset-password."""

    email: Email
    code: Code
    new_password: Password


class CodeSent(Model):
    """The same answer for every address, whether it has an account or not."""

    message: str = Field(default="If the address has an account, a mail is on its way")


class PasswordChanged(Model):
    """The answer of POST /auth/reset-password."""

    message: str = Field(default="The password was changed")


class SignedOut(Model):
    """The answer of POST /auth/logout."""

    message: str = Field(default="Signed out")
