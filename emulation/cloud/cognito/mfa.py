"""Authenticator apps: AssociateSoftwareToken, VerifySoftwareToken, SetUserMFAPreference.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
"""

from typing import Any

from emulation.cloud.cognito.access import SignedIn, signed_in
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.parameters import Body, text
from emulation.cloud.cognito.refusals import invalid_parameter, not_emulated
from emulation.cloud.cognito.totp import matching_step, new_secret
from emulation.cloud.errors import AwsError

OTHER_FACTORS = {"SMSMfaSettings": "SMS_MFA", "EmailMfaSettings": "EMAIL_OTP"}


async def associate_software_token(context: Context, body: Body) -> dict[str, Any]:
    """A new secret; the former one, if it was verified, counts until this one is."""
    caller = _caller(context, body)
    caller.record.authenticator.offered = new_secret(context.token_bytes)
    return {"SecretCode": caller.record.authenticator.offered}


def _caller(context: Context, body: Body) -> SignedIn:
    if body.get("Session"):
        raise not_emulated("setting up an authenticator with a session")
    caller = signed_in(context, body)
    model = caller.pool.model
    if model.mfa_config == "OFF" or not (model.token_mfa_config or {}).get("Enabled"):
        raise AwsError("SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool")
    return caller


async def verify_software_token(context: Context, body: Body) -> dict[str, Any]:
    """Take over the offered secret once a code shows that the app has it."""
    caller = _caller(context, body)
    authenticator = caller.record.authenticator
    if not authenticator.offered:
        raise AwsError("SoftwareTokenMFANotFoundException", "Software Token MFA does not exist for the user.")
    step = matching_step(authenticator.offered, text(body, "UserCode"), context.clock.now())
    if step is None:
        raise AwsError("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA")
    authenticator.secret, authenticator.offered = authenticator.offered, ""
    authenticator.used_step = step
    authenticator.device_name = body.get("FriendlyDeviceName") or ""
    caller.user.token_verified = True
    return {"Status": "SUCCESS"}


async def set_user_mfa_preference(context: Context, body: Body) -> dict[str, Any]:
    """Turn the second factor on or off."""
    caller = signed_in(context, body)
    for parameter, factor in OTHER_FACTORS.items():
        if (body.get(parameter) or {}).get("Enabled"):
            raise invalid_parameter(f"User does not have delivery config set to turn on {factor}")
    settings = body.get("SoftwareTokenMfaSettings")
    if settings is None:
        return {}
    enabled = bool(settings.get("Enabled"))
    if enabled and not caller.record.authenticator.secret:
        raise invalid_parameter("User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA")
    caller.user.software_token_mfa_enabled = enabled
    caller.user.preferred_mfa_setting = "SOFTWARE_TOKEN_MFA" if enabled and settings.get("PreferredMfa") else None
    return {}
