"""What signed-in users do with their account: GetUser, ChangePassword, DeleteUser, GlobalSignOut."""

from typing import Any

from emulation.cloud.cognito.access import signed_in
from emulation.cloud.cognito.attributes import readable_attributes
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.limits import count_request
from emulation.cloud.cognito.parameters import Body, text
from emulation.cloud.cognito.passwords import check_password, password_is
from emulation.cloud.cognito.refusals import wrong_password


async def get_user(context: Context, body: Body) -> dict[str, Any]:
    """The user's name and attributes."""
    caller = signed_in(context, body)
    user = caller.user
    values = readable_attributes(caller.client, user)
    answer: dict[str, Any] = {
        "Username": user.username,
        "UserAttributes": [{"Name": name, "Value": value} for name, value in values.items()],
    }
    if user.software_token_mfa_enabled:
        answer["UserMFASettingList"] = ["SOFTWARE_TOKEN_MFA"]
        if user.preferred_mfa_setting:
            answer["PreferredMfaSetting"] = user.preferred_mfa_setting
    return answer


async def change_password(context: Context, body: Body) -> dict[str, Any]:
    """Set a new password; the tokens given out before stay good, as AWS documents nothing else."""
    caller = signed_in(context, body)
    previous, proposed = text(body, "PreviousPassword"), text(body, "ProposedPassword")
    count_request(caller.record, "ChangePassword", context.clock)
    check_password(caller.pool, proposed, "proposedPassword")
    if not password_is(caller.user, previous):
        raise wrong_password()
    caller.user.password = proposed
    return {}


async def delete_user(context: Context, body: Body) -> dict[str, Any]:
    """Delete the account."""
    caller = signed_in(context, body)
    caller.pool.delete_user(caller.user)
    return {}


async def global_sign_out(context: Context, body: Body) -> dict[str, Any]:
    """Revoke all tokens of the user."""
    caller = signed_in(context, body)
    caller.pool.revoke_tokens(caller.user)
    return {}
