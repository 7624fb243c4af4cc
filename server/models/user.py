"""Bodies and answers of the /user routes."""

from typing import Any

from pydantic import field_validator

from server.models.base import Code, JsonMap, Model, Name, Timestamp, UserId


class Profile(Model):
    """A user's profile as answered. Times are UTC ISO 8601."""

    user_id: UserId
    email: str
    name: str
    preferences: dict[str, Any]
    created_at: Timestamp
    updated_at: Timestamp


class StoredProfile(Profile):
    """A profile as stored. `version` counts its writes."""

    version: int


class ProfileUpdate(Model):
    """The body of PUT /user/profile: absent means unchanged; in `preferences`, null removes a key (RFC 7396)."""

    name: Name | None = None
    preferences: JsonMap | None = None

    @field_validator("name", "preferences")
    @classmethod
    def _cannot_be_removed(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("cannot be removed")
        return value


class NameUpdate(Model):
    """The body of PUT /user/name."""

    name: Name


class MfaSetup(Model):
    """A new secret for an authenticator app; `otpauthUri` is what a QR code shows."""

    secret: str
    otpauth_uri: str


class MfaCode(Model):
    """The body of PUT /user/mfa."""

    code: Code


class MfaState(Model):
    """Whether signing in asks for a code."""

    enabled: bool


class DeletedUser(Model):
    """The answer of DELETE /user."""

    user_id: UserId
