"""The profile of a user: made when the address is verified, and mended on reading when that failed."""

from collections.abc import Mapping

from server.caller import Caller
from server.clock import to_iso
from server.errors import ApiError, ErrorCode, ServiceUnavailableError
from server.merging import merge_patch
from server.models.user import Profile, ProfileUpdate, StoredProfile
from server.retrying import Attempts
from server.services import Services


def new_profile(services: Services, attributes: Mapping[str, str]) -> StoredProfile:
    """A first profile from a user's Cognito attributes (`sub`, `email`, `name`)."""
    now = to_iso(services.clock.now())
    return StoredProfile(
        user_id=attributes["sub"],
        email=attributes["email"],
        name=attributes.get("name", ""),
        preferences={},
        created_at=now,
        updated_at=now,
        version=1,
    )


async def read_profile(services: Services, caller: Caller) -> StoredProfile:
    """The caller's profile; one that is missing is made from what Cognito knows. Raises USER_NOT_FOUND."""
    profile = await services.users.get(caller.user_id)
    if profile is not None:
        return profile
    attributes = await services.user_pool.attributes(caller.access_token)
    if attributes.get("sub") != caller.user_id:
        raise ApiError(ErrorCode.USER_NOT_FOUND)
    profile = new_profile(services, attributes)
    if await services.users.create(profile):
        return profile
    # Somebody else made it in between.
    made = await services.users.get(caller.user_id)
    if made is None:
        raise ApiError(ErrorCode.USER_NOT_FOUND)
    return made


async def change_profile(services: Services, caller: Caller, body: ProfileUpdate) -> Profile:
    """The profile after the change, its name in Cognito too, so that the next id token carries it."""
    patch = body.model_dump(exclude_unset=True)
    async for _ in Attempts(services.ids):
        current = await read_profile(services, caller)
        written = {"updated_at": to_iso(services.clock.now()), "version": current.version + 1}
        changed = StoredProfile.model_validate(merge_patch(current.model_dump(), patch) | written)
        if await services.users.replace(current, changed):
            if body.name is not None:
                await services.user_pool.rename(caller.access_token, body.name)
            return show_profile(changed)
    raise ServiceUnavailableError


def show_profile(stored: StoredProfile) -> Profile:
    """The profile as the API answers it."""
    return Profile.model_validate(stored.model_dump(exclude={"version"}))
