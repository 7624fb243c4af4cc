"""Who calls: the access token of a request, and the user that the authorizer found behind it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """A signed-in user. The token is for the Cognito calls that need it; it is never shown."""

    user_id: str
    access_token: str = field(repr=False)


def bearer_token(header: str) -> str:
    """The token in an Authorization header; empty when there is none (RFC 6750, 2.1)."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
