"""Access, id and refresh tokens, and what becomes of them.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import jwt
from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.attributes import readable_attributes
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.keys import private_key, signing_key
from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.state import Family, PoolState, RefreshToken, SigningKey

SCOPE = "aws.cognito.signin.user.admin"
BOOLEANS = ("email_verified", "phone_number_verified")
# So long a token is remembered after its end, to be told that it has expired and not that it never was.
AFTERLIFE = timedelta(days=1)


def issuer(pool: Pool) -> str:
    """The claim `iss`."""
    return f"https://cognito-idp.{pool.model.region}.amazonaws.com/{pool.id}"


def start_family(context: Context, client: AppClient, user: CognitoIdpUser) -> Family:
    """A new sign-in, without tokens yet."""
    state = client.pool.state
    _forget_expired(context, state)
    family = Family(
        origin_jti=context.uuid(),
        event_id=context.uuid(),
        user_id=user.id,
        client_id=client.id,
        signed_in_at=context.clock.now(),
        lifetime=client.lifetime("Refresh"),
    )
    state.families[family.origin_jti] = family
    return family


def _forget_expired(context: Context, state: PoolState) -> None:
    # Families are kept in the order of their sign-ins: the oldest come first.
    while state.families:
        family = state.families[next(iter(state.families))]
        if context.clock.age(family.signed_in_at) < family.lifetime + AFTERLIFE:
            return
        del state.families[family.origin_jti]
        for token in family.refresh_tokens:
            state.refresh_tokens.pop(token, None)


def new_refresh_token(context: Context, pool: Pool, family: Family) -> str:
    """One more refresh token of a family; it expires when the family does."""
    token = context.opaque_text(240)
    family.refresh_tokens.append(token)
    pool.state.refresh_tokens[token] = RefreshToken(family.origin_jti)
    return token


async def new_tokens(
    context: Context, client: AppClient, user: CognitoIdpUser, family: Family, now: datetime
) -> dict[str, Any]:
    """An AuthenticationResult without a refresh token, issued `now`: with a sign-in, at its own moment.

    All that is kept of the tokens is written before they are signed, which goes on beside other requests.
    """
    lifetime = client.lifetime("Access")
    common = {
        "sub": user.id,
        "iss": issuer(client.pool),
        "origin_jti": family.origin_jti,
        "event_id": family.event_id,
        "auth_time": int(family.signed_in_at.timestamp()),
        "iat": int(now.timestamp()),
    }
    if user.groups:
        common["cognito:groups"] = sorted(group.group_name for group in user.groups)
    access = {**common, **_access_claims(context, client, user, now + lifetime)}
    identity = {**common, **_id_claims(context, client, user, now + client.lifetime("Id"))}
    _remember(context, family, access["jti"], now, lifetime)
    keys = [signing_key(client.pool.state, claims["token_use"]) for claims in (access, identity)]
    # Half of a sign-in is the two signatures; RSA lets go of Python's lock.
    access_token, id_token = await asyncio.gather(
        asyncio.to_thread(_sign, keys[0], access), asyncio.to_thread(_sign, keys[1], identity)
    )
    return {
        "AccessToken": access_token,
        "ExpiresIn": int(lifetime.total_seconds()),
        "IdToken": id_token,
        "TokenType": "Bearer",
    }


def _access_claims(context: Context, client: AppClient, user: CognitoIdpUser, expires: datetime) -> dict[str, Any]:
    return {
        "client_id": client.id,
        "token_use": "access",
        "scope": SCOPE,
        "exp": int(expires.timestamp()),
        "jti": context.uuid(),
        "username": user.username,
    }


def _id_claims(context: Context, client: AppClient, user: CognitoIdpUser, expires: datetime) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "aud": client.id,
        "token_use": "id",
        "exp": int(expires.timestamp()),
        "jti": context.uuid(),
        "cognito:username": user.username,
    }
    for name, value in readable_attributes(client, user).items():
        claims[name] = value == "true" if name in BOOLEANS else value
    return claims


def _remember(context: Context, family: Family, jti: str, now: datetime, lifetime: timedelta) -> None:
    known = family.access_tokens
    live = {other: moment for other, moment in known.items() if context.clock.age(moment) < lifetime + AFTERLIFE}
    family.access_tokens = {**live, jti: now}


def _sign(key: SigningKey, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, private_key(key.pem), "RS256", {"kid": key.kid, "typ": None})
