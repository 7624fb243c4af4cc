"""A sign-in without a password, for tools on this machine. AWS has nothing like it."""

from typing import Any

from moto.cognitoidp.models import UserStatus

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.pools import status_of
from emulation.cloud.cognito.refusals import disabled, no_such_user, not_authorized
from emulation.cloud.cognito.tokens import new_tokens, start_family


async def sign_in_as(context: Context, user_id: str) -> dict[str, Any]:
    """An AuthenticationResult like that of a sign-in, without a refresh token; raises AwsError."""
    for pool in context.pools():
        user = pool.user_with_id(user_id)
        if user is None:
            continue
        if not user.enabled:
            raise disabled()
        if status_of(user) is not UserStatus.CONFIRMED:
            raise not_authorized("Only a confirmed user can be signed in.")
        client = AppClient(pool, next(iter(pool.model.clients.values())))
        family = start_family(context, client, user)
        return await new_tokens(context, client, user, family, family.signed_in_at)
    raise no_such_user()
