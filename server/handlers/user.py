"""The caller's own account."""

from urllib.parse import quote

from server.caller import Caller
from server.models.user import (
    DeletedUser,
    MfaCode,
    MfaSetup,
    MfaState,
    NameUpdate,
    Profile,
    ProfileUpdate,
)
from server.profiles import change_profile, read_profile, show_profile
from server.services import Services

_ISSUER = "Guitar Collection"


async def get_profile(services: Services, caller: Caller) -> Profile:
    """The caller's profile."""
    return show_profile(await read_profile(services, caller))


async def update_profile(services: Services, caller: Caller, body: ProfileUpdate) -> Profile:
    """Change name or preferences; what is absent stays, and a null in `preferences` removes its key."""
    return await change_profile(services, caller, body)


async def rename_user(services: Services, caller: Caller, body: NameUpdate) -> Profile:
    """Change the display name."""
    return await change_profile(services, caller, ProfileUpdate(name=body.name))


async def delete_user(services: Services, caller: Caller) -> DeletedUser:
    """Delete the account, its guitars and its files. The files go shortly after, through the table's stream."""
    # The stream tells of an item's removal only when there was one: a profile that is missing is made first.
    await read_profile(services, caller)
    await services.users.delete(caller.user_id)
    await services.user_pool.delete(caller.access_token)
    return DeletedUser(user_id=caller.user_id)


async def start_mfa(services: Services, caller: Caller) -> MfaSetup:
    """A secret for an authenticator app; signing in asks for codes once one was sent with PUT."""
    profile = await read_profile(services, caller)
    secret = await services.user_pool.start_mfa(caller.access_token)
    label = quote(f"{_ISSUER}:{profile.email}")
    uri = f"otpauth://totp/{label}?secret={secret}&issuer={quote(_ISSUER)}"
    return MfaSetup(secret=secret, otpauth_uri=uri)


async def enable_mfa(services: Services, caller: Caller, body: MfaCode) -> MfaState:
    """Turn the second factor on with a code from the app."""
    await services.user_pool.enable_mfa(caller.access_token, body.code)
    return MfaState(enabled=True)


async def disable_mfa(services: Services, caller: Caller) -> MfaState:
    """Turn the second factor off."""
    await services.user_pool.disable_mfa(caller.access_token)
    return MfaState(enabled=False)
