"""Who calls: the access token of an operation that a user authorizes."""

from dataclasses import dataclass

import jwt
from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.keys import private_key, signing_key
from emulation.cloud.cognito.parameters import Body, text
from emulation.cloud.cognito.pools import Pool, status_of
from emulation.cloud.cognito.refusals import disabled, no_such_user, not_authorized, reset_required
from emulation.cloud.cognito.state import UserRecord
from emulation.cloud.cognito.tokens import issuer

INVALID = "Invalid Access Token"


@dataclass(frozen=True)
class SignedIn:
    """A user and the client that they signed in with."""

    client: AppClient
    user: CognitoIdpUser

    @property
    def pool(self) -> Pool:
        """The user's pool."""
        return self.client.pool

    @property
    def record(self) -> UserRecord:
        """What is kept about the user."""
        return self.pool.record(self.user)


def signed_in(context: Context, body: Body) -> SignedIn:
    """The user of an access token.

    Raises NotAuthorizedException for a token that is forged, of another kind, expired or revoked, and for a disabled
    user; UserNotFoundException, PasswordResetRequiredException.
    """
    token = text(body, "AccessToken")
    pool = _pool_of(context, token)
    claims = _verified_claims(pool, token)
    client_id, origin_jti, jti = (str(claims.get(name)) for name in ("client_id", "origin_jti", "jti"))
    user = pool.user_with_id(str(claims.get("sub")))
    if user is None:
        raise no_such_user()
    if not user.enabled:
        raise disabled()
    family = pool.state.families.get(origin_jti)
    issued_at = family.access_tokens.get(jti) if family else None
    if client_id not in pool.model.clients:
        raise not_authorized(INVALID)
    client = AppClient(pool, pool.model.clients[client_id])
    if family is None or issued_at is None or context.clock.age(issued_at) >= client.lifetime("Access"):
        raise not_authorized("Access Token has expired")
    if family.revoked:
        raise not_authorized("Access Token has been revoked")
    if status_of(user) == UserStatus.RESET_REQUIRED:
        raise reset_required()
    return SignedIn(client, user)


def _pool_of(context: Context, token: str) -> Pool:
    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except jwt.InvalidTokenError:
        raise not_authorized(INVALID) from None
    pool = next((pool for pool in context.pools() if issuer(pool) == claimed), None)
    if pool is None:
        raise not_authorized(INVALID)
    return pool


def _verified_claims(pool: Pool, token: str) -> dict[str, object]:
    public = private_key(signing_key(pool.state, "access").pem).public_key()
    try:
        # The expiry is asked of the clock, which may age tokens.
        claims: dict[str, object] = jwt.decode(
            token, public, ["RS256"], options={"verify_exp": False, "verify_iat": False, "verify_aud": False}
        )
    except jwt.InvalidTokenError:
        raise not_authorized(INVALID) from None
    if claims.get("token_use") != "access":
        raise not_authorized(INVALID)
    return claims
