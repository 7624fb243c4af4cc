"""How users change and verify their attributes."""

from typing import Any

from emulation.cloud.cognito.access import SignedIn, signed_in
from emulation.cloud.cognito.attributes import (
    check_email_is_free,
    check_mutable,
    check_required,
    check_values,
    check_writable,
)
from emulation.cloud.cognito.codes import VERIFY_EMAIL, check_code, new_code, use_up
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.limits import count_request
from emulation.cloud.cognito.mails import delivery_details, mail_code
from emulation.cloud.cognito.parameters import Body, attributes, text
from emulation.cloud.cognito.pools import email_of, set_attributes
from emulation.cloud.cognito.refusals import invalid_parameter, not_emulated


async def update_user_attributes(context: Context, body: Body) -> dict[str, Any]:
    """Change attributes, all or none; a new address is mailed a code and counts as unverified."""
    caller = signed_in(context, body)
    values = attributes(body)
    check_writable(caller.client, values)
    check_mutable(caller.pool, values)
    check_values(caller.pool, values)
    check_required(caller.pool, values, values)
    email = values.get("email", "")
    check_email_is_free(caller.pool, email, caller.user)
    if "email" not in values or email == email_of(caller.user):
        set_attributes(caller.user, values)
        return {"CodeDeliveryDetailsList": []}
    if _is_kept_until_verified(caller):
        del values["email"]
        set_attributes(caller.user, values)
    else:
        set_attributes(caller.user, {**values, "email_verified": "false"})
    return {"CodeDeliveryDetailsList": [_send_code(context, caller, email)] if email else []}


def _is_kept_until_verified(caller: SignedIn) -> bool:
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserAttributeUpdateSettingsType.html
    settings = caller.pool.setting("UserAttributeUpdateSettings") or {}
    return "email" in (settings.get("AttributesRequireVerificationBeforeUpdate") or [])


def _send_code(context: Context, caller: SignedIn, address: str) -> dict[str, str]:
    mail_code(context, caller.pool, new_code(context, caller.pool, caller.user, VERIFY_EMAIL, address))
    return delivery_details(address)


async def delete_user_attributes(context: Context, body: Body) -> dict[str, Any]:
    """Remove attributes."""
    caller = signed_in(context, body)
    names = body.get("UserAttributeNames") or []
    check_writable(caller.client, names)
    check_mutable(caller.pool, names)
    check_required(caller.pool, {}, names)
    removed = [name for name in names if name in caller.user.attribute_lookup]
    if "email" in removed:
        removed.append("email_verified")
    caller.user.delete_attributes(removed)
    return {}


async def get_user_attribute_verification_code(context: Context, body: Body) -> dict[str, Any]:
    """Mail a code that verifies the user's address, or the one that waits to become it."""
    caller = signed_in(context, body)
    _require_email(text(body, "AttributeName"))
    count_request(caller.record, "GetUserAttributeVerificationCode", context.clock)
    waiting = caller.record.codes.get(VERIFY_EMAIL)
    address = waiting.address if waiting and _is_kept_until_verified(caller) else email_of(caller.user)
    if not address:
        raise invalid_parameter("User has no attribute email")
    return {"CodeDeliveryDetails": _send_code(context, caller, address)}


async def verify_user_attribute(context: Context, body: Body) -> dict[str, Any]:
    """Verify an address with the mailed code."""
    caller = signed_in(context, body)
    _require_email(text(body, "AttributeName"))
    count_request(caller.record, "VerifyUserAttribute", context.clock)
    code = check_code(context, caller.pool, caller.user, VERIFY_EMAIL, text(body, "Code"))
    check_email_is_free(caller.pool, code.address, caller.user)
    use_up(caller.pool, caller.user, VERIFY_EMAIL)
    set_attributes(caller.user, {"email": code.address, "email_verified": "true"})
    return {}


def _require_email(name: str) -> None:
    if name == "phone_number":
        raise not_emulated("text messages")
    if name != "email":
        raise invalid_parameter(f"Invalid attribute name {name}: only email and phone_number can be verified")
