"""Registration: SignUp, ConfirmSignUp, ResendConfirmationCode."""

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.attributes import check_required, check_values, check_writable, is_email
from emulation.cloud.cognito.codes import SIGN_UP, check_code, new_code, use_up
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.limits import count_request
from emulation.cloud.cognito.mails import delivery_details, mail_verification
from emulation.cloud.cognito.parameters import Body, attributes, text
from emulation.cloud.cognito.passwords import check_password
from emulation.cloud.cognito.pools import Pool, email_of, set_attributes, status_of
from emulation.cloud.cognito.post_confirmation import SIGN_UP_SOURCE, run_post_confirmation
from emulation.cloud.cognito.refusals import (
    code_expired,
    disabled,
    invalid_parameter,
    no_such_combination,
    not_authorized,
)
from emulation.cloud.errors import AwsError


async def sign_up(context: Context, body: Body) -> dict[str, Any]:
    """Create an unconfirmed user and mail the verification."""
    client = context.app_client(text(body, "ClientId"))
    username, password = text(body, "Username"), text(body, "Password")
    client.require_secret_hash(username, body.get("SecretHash"))
    if (client.pool.setting("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        raise not_authorized("SignUp is not permitted for this user pool")
    values = attributes(body)
    check_password(client.pool, password)
    check_writable(client, values)
    by_email = client.pool.signs_in_by_email
    if by_email:
        if not is_email(username):
            raise invalid_parameter("Username should be an email.")
        values["email"] = username
    check_values(client.pool, values)
    check_required(client.pool, values)
    _check_is_free(client.pool, username)
    user = _add_user(client.pool, None if by_email else username, password, values)
    answer = {"UserConfirmed": False, "UserSub": user.id}
    if _verifies_email(client.pool) and email_of(user):
        answer["CodeDeliveryDetails"] = _send_verification(context, client, user)
    return answer


def _verifies_email(pool: Pool) -> bool:
    return "email" in (pool.setting("AutoVerifiedAttributes") or [])


def _check_is_free(pool: Pool, username: str) -> None:
    if pool.find_user(username) is not None:
        message = "An account with the given email already exists." if pool.signs_in_by_email else "User already exists"
        raise AwsError("UsernameExistsException", message)


def _add_user(pool: Pool, username: str | None, password: str, values: dict[str, str]) -> CognitoIdpUser:
    # Without a name the user is named by the sub, as Cognito does where addresses sign in.
    if values.get("email"):
        values = {**values, "email_verified": "false"}
    pairs = [{"Name": name, "Value": value} for name, value in values.items()]
    user = CognitoIdpUser(pool.id, username, password, UserStatus.UNCONFIRMED, pairs)
    pool.model.users[user.username] = user
    return user


def _send_verification(context: Context, client: AppClient, user: CognitoIdpUser) -> dict[str, str]:
    code = new_code(context, client.pool, user, SIGN_UP, email_of(user))
    mail_verification(context, client, user, code)
    return delivery_details(code.address)


async def confirm_sign_up(context: Context, body: Body) -> dict[str, Any]:
    """Confirm a user with the mailed code."""
    client = context.app_client(text(body, "ClientId"))
    username, code = text(body, "Username"), text(body, "ConfirmationCode")
    client.require_secret_hash(username, body.get("SecretHash"))
    user = client.pool.find_user(username)
    if user is None or (client.hides_users and not user.enabled):
        raise code_expired() if client.hides_users else no_such_combination()
    if not user.enabled:
        raise disabled()
    await confirm(context, client, user, code, body.get("ClientMetadata"))
    return {}


async def confirm(
    context: Context, client: AppClient, user: CognitoIdpUser, code: str, metadata: dict[str, str] | None = None
) -> None:
    """Confirm a user; the trigger comes after, and its failure is raised though the user stays confirmed."""
    pool = client.pool
    count_request(pool.record(user), "ConfirmSignUp", context.clock)
    check_is_unconfirmed(user)
    mailed = check_code(context, pool, user, SIGN_UP, code)
    use_up(pool, user, SIGN_UP)
    user.status = UserStatus.CONFIRMED
    if mailed.address == email_of(user):
        set_attributes(user, {"email_verified": "true"})
    await run_post_confirmation(context, pool, user, SIGN_UP_SOURCE, client.id, metadata)


def check_is_unconfirmed(user: CognitoIdpUser) -> None:
    """Raises NotAuthorizedException when there is nothing to confirm."""
    if status_of(user) != UserStatus.UNCONFIRMED:
        raise not_authorized(f"User cannot be confirmed. Current status is {status_of(user).value}")


async def resend_confirmation_code(context: Context, body: Body) -> dict[str, Any]:
    """Mail the verification once more; the former one counts no more."""
    client = context.app_client(text(body, "ClientId"))
    username = text(body, "Username")
    client.require_secret_hash(username, body.get("SecretHash"))
    user = client.pool.find_user(username)
    if user is None or not user.enabled:
        if client.hides_users:
            return {"CodeDeliveryDetails": delivery_details(username)}
        raise disabled() if user else no_such_combination()
    count_request(client.pool.record(user), "ResendConfirmationCode", context.clock)
    if status_of(user) != UserStatus.UNCONFIRMED:
        if client.hides_users:
            return {"CodeDeliveryDetails": delivery_details(username)}
        raise invalid_parameter("User is already confirmed.")
    if not _verifies_email(client.pool) or not email_of(user):
        raise invalid_parameter("Cannot resend codes. Auto verification not turned on.")
    return {"CodeDeliveryDetails": _send_verification(context, client, user)}
