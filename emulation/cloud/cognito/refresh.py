"""Refreshing and revoking: GetTokensFromRefreshToken, RevokeToken, and the refresh flow of InitiateAuth.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
"""

from typing import Any

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.parameters import Body, text
from emulation.cloud.cognito.refusals import disabled, no_such_user, not_authorized
from emulation.cloud.cognito.state import RefreshToken
from emulation.cloud.cognito.tokens import new_refresh_token, new_tokens
from emulation.cloud.errors import AwsError


async def get_tokens_from_refresh_token(context: Context, body: Body) -> dict[str, Any]:
    """New tokens; where the client rotates, among them a refresh token that expires when the first one does."""
    client = context.app_client(text(body, "ClientId"))
    client.require_secret(body.get("ClientSecret"))
    return {"AuthenticationResult": await refresh(context, client, text(body, "RefreshToken"))}


def owner_name(client: AppClient, text_of_token: str) -> str:
    """The name of the user that a refresh token was given to; nothing when it was given to nobody."""
    token = client.pool.state.refresh_tokens.get(text_of_token)
    user = client.pool.user_with_id(client.pool.state.families[token.origin_jti].user_id) if token else None
    return user.username if user else ""


async def refresh(context: Context, client: AppClient, text_of_token: str) -> dict[str, Any]:
    """New tokens for a refresh token; raises NotAuthorizedException or RefreshTokenReuseException."""
    state = client.pool.state
    token = state.refresh_tokens.get(text_of_token)
    family = state.families.get(token.origin_jti) if token else None
    if token is None or family is None or family.client_id != client.id:
        raise not_authorized("Invalid Refresh Token.")
    if family.revoked:
        raise not_authorized("Refresh Token has been revoked")
    if context.clock.age(family.signed_in_at) >= family.lifetime:
        raise not_authorized("Refresh Token has expired")
    user = client.pool.user_with_id(family.user_id)
    if user is None:
        raise no_such_user()
    if not user.enabled:
        raise disabled()
    rotated = {}
    if client.rotates:
        _rotate(context, client, token)
        rotated["RefreshToken"] = new_refresh_token(context, client.pool, family)
    return await new_tokens(context, client, user, family, context.clock.now()) | rotated


def _rotate(context: Context, client: AppClient, token: RefreshToken) -> None:
    if token.rotated_at is None:
        token.rotated_at = context.clock.now()
    elif context.clock.age(token.rotated_at) >= client.grace_period:
        raise AwsError("RefreshTokenReuseException", "Refresh token has been invalidated by rotation")


async def revoke_token(context: Context, body: Body) -> dict[str, Any]:
    """End a refresh token, its successors, and the access tokens that came from it."""
    client = context.app_client(text(body, "ClientId"))
    client.require_secret(body.get("ClientSecret"))
    if client.setting("EnableTokenRevocation") is False:
        raise AwsError("UnsupportedOperationException", "Token revocation is not enabled for this client")
    token = client.pool.state.refresh_tokens.get(text(body, "Token"))
    if token is None:
        raise AwsError("UnsupportedTokenTypeException", "Unsupported token type")
    family = client.pool.state.families[token.origin_jti]
    if family.client_id != client.id:
        raise AwsError("UnauthorizedException", "The token was issued to another client")
    family.revoked = True
    return {}
