"""Bodies and answers of the /user routes."""

from typing import Annotated, Any

from server.models.base import Code, JsonMap, Model, Name, NotNull, Timestamp, UserId


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

    name: Annotated[Name | None, NotNull] = None
    preferences: Annotated[JsonMap | None, NotNull] = None


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
