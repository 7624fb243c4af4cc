"""Who calls: the user that the authorizer found behind the access token."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """A signed-in user. The token is for the Cognito calls that need it; it is never shown."""

    user_id: str
    access_token: str = field(repr=False)
