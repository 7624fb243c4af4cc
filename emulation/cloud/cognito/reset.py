"""Forgotten passwords: ForgotPassword, ConfirmForgotPassword."""

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from emulation.cloud.cognito.codes import RESET, check_code, new_code, use_up
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.limits import count_request
from emulation.cloud.cognito.mails import delivery_details, mail_reset_code
from emulation.cloud.cognito.parameters import Body, text
from emulation.cloud.cognito.passwords import check_password
from emulation.cloud.cognito.pools import (
    Pool,
    email_of,
    has_verified_email,
    set_attributes,
    status_of,
)
from emulation.cloud.cognito.post_confirmation import RESET_SOURCE, run_post_confirmation
from emulation.cloud.cognito.refusals import (
    code_mismatch,
    disabled,
    invalid_parameter,
    no_such_combination,
    not_authorized,
)


async def forgot_password(context: Context, body: Body) -> dict[str, Any]:
    """Mail a reset code. Where the client hides users, who cannot get one is answered as if it were on its way.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
    """
    client = context.app_client(text(body, "ClientId"))
    username = text(body, "Username")
    client.require_secret_hash(username, body.get("SecretHash"))
    check_users_may_recover(client.pool)
    user = client.pool.find_user(username)
    if client.hides_users and (user is None or not user.enabled or not has_verified_email(user)):
        return {"CodeDeliveryDetails": delivery_details(username)}
    if user is None:
        raise no_such_combination()
    if not user.enabled:
        raise disabled()
    count_request(client.pool.record(user), "ForgotPassword", context.clock)
    return {"CodeDeliveryDetails": send_reset_code(context, client.pool, user)}


def check_users_may_recover(pool: Pool) -> None:
    """Raises NotAuthorizedException where only administrators reset passwords."""
    mechanisms = (pool.setting("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or []
    if any(mechanism["Name"] == "admin_only" for mechanism in mechanisms):
        raise not_authorized("Contact administrator to reset password.")


def send_reset_code(context: Context, pool: Pool, user: CognitoIdpUser) -> dict[str, str]:
    """Mail a reset code; raises InvalidParameterException or NotAuthorizedException when there is no way to."""
    if status_of(user) == UserStatus.FORCE_CHANGE_PASSWORD:
        raise not_authorized("User password cannot be reset in the current state.")
    if not has_verified_email(user):
        raise invalid_parameter(
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    code = new_code(context, pool, user, RESET, email_of(user))
    mail_reset_code(context, code)
    return delivery_details(code.address)


async def confirm_forgot_password(context: Context, body: Body) -> dict[str, Any]:
    """Set a new password with the mailed code. Tokens given out before stay good: AWS documents no revocation."""
    client = context.app_client(text(body, "ClientId"))
    username, password = text(body, "Username"), text(body, "Password")
    client.require_secret_hash(username, body.get("SecretHash"))
    check_password(client.pool, password)
    user = client.pool.find_user(username)
    if user is None or (client.hides_users and not user.enabled):
        raise code_mismatch() if client.hides_users else no_such_combination()
    if not user.enabled:
        raise disabled()
    count_request(client.pool.record(user), "ConfirmForgotPassword", context.clock)
    code = check_code(context, client.pool, user, RESET, text(body, "ConfirmationCode"))
    use_up(client.pool, user, RESET)
    user.password = password
    user.status = UserStatus.CONFIRMED
    if code.address == email_of(user):
        set_attributes(user, {"email_verified": "true"})
    await run_post_confirmation(context, client.pool, user, RESET_SOURCE, client.id, body.get("ClientMetadata"))
    return {}
