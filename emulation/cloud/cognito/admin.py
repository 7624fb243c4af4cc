"""What administrators do, where moto's own form lacks a trigger, a mail, a rule, or the end of tokens."""

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.parameters import Body, text
from emulation.cloud.cognito.passwords import check_password
from emulation.cloud.cognito.pools import Pool, status_of
from emulation.cloud.cognito.post_confirmation import SIGN_UP_SOURCE, run_post_confirmation
from emulation.cloud.cognito.refusals import disabled, no_such_user, not_authorized
from emulation.cloud.cognito.reset import check_users_may_recover, send_reset_code
from emulation.cloud.cognito.sign_up import check_is_unconfirmed


def _named(context: Context, body: Body) -> tuple[Pool, CognitoIdpUser]:
    pool = context.pool(text(body, "UserPoolId"))
    user = pool.find_user(text(body, "Username"))
    if user is None:
        raise no_such_user()
    return pool, user


async def admin_confirm_sign_up(context: Context, body: Body) -> dict[str, Any]:
    """Confirm a user; unlike the mailed code it verifies no address."""
    pool, user = _named(context, body)
    check_is_unconfirmed(user)
    user.status = UserStatus.CONFIRMED
    await run_post_confirmation(context, pool, user, SIGN_UP_SOURCE, metadata=body.get("ClientMetadata"))
    return {}


async def admin_set_user_password(context: Context, body: Body) -> dict[str, Any]:
    """Set a password, for good or until the next sign-in."""
    pool, user = _named(context, body)
    password = text(body, "Password")
    check_password(pool, password)
    user.password = password
    user.status = UserStatus.CONFIRMED if body.get("Permanent") else UserStatus.FORCE_CHANGE_PASSWORD
    return {}


async def admin_reset_user_password(context: Context, body: Body) -> dict[str, Any]:
    """Invalidate the password and mail a reset code."""
    pool, user = _named(context, body)
    check_users_may_recover(pool)
    if not user.enabled:
        raise disabled()
    if status_of(user) not in (UserStatus.CONFIRMED, UserStatus.RESET_REQUIRED):
        raise not_authorized("User password cannot be reset in the current state.")
    send_reset_code(context, pool, user)
    user.status = UserStatus.RESET_REQUIRED
    return {}


async def admin_disable_user(context: Context, body: Body) -> dict[str, Any]:
    """Let a user not sign in any more, and revoke the tokens given out."""
    pool, user = _named(context, body)
    user.enabled = False
    pool.revoke_tokens(user)
    return {}


async def admin_user_global_sign_out(context: Context, body: Body) -> dict[str, Any]:
    """Revoke all tokens of a user."""
    pool, user = _named(context, body)
    pool.revoke_tokens(user)
    return {}


async def admin_delete_user(context: Context, body: Body) -> dict[str, Any]:
    """Delete a user."""
    pool, user = _named(context, body)
    pool.delete_user(user)
    return {}
