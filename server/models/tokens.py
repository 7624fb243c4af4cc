"""What Cognito answers to a sign-in."""

from typing import Literal

from server.models.base import Model


class Tokens(Model):
    """A signed-in user's tokens. `expiresIn` is in seconds and speaks of the access and the id token."""

    access_token: str
    id_token: str
    refresh_token: str
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme of RFC 6750


class Challenge(Model):
    """A second step that Cognito asks for before it gives tokens."""

    challenge: Literal["SOFTWARE_TOKEN_MFA"]
    session: str
