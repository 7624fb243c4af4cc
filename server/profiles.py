"""The profile of a user: made when the address is verified, and mended on reading when that failed."""

from collections.abc import Mapping

from server.caller import Caller
from server.clock import to_iso
from server.errors import ApiError, ErrorCode, ServiceUnavailableError
from server.merging import merge_patch
from server.models.user import Profile, ProfileUpdate
from server.services import Services

_TRIES = 5


def new_profile(services: Services, attributes: Mapping[str, str]) -> Profile:
    """A first profile from a user's Cognito attributes (`sub`, `email`, `name`)."""
    now = to_iso(services.clock.now())
    return Profile(
        user_id=attributes["sub"],
        email=attributes["email"],
        name=attributes.get("name", ""),
        preferences={},
        created_at=now,
        updated_at=now,
    )


async def read_profile(services: Services, caller: Caller) -> Profile:
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
    if body.name is not None:
        await services.user_pool.rename(caller.access_token, body.name)
    for _ in range(_TRIES):
        current = await read_profile(services, caller)
        patch = body.model_dump(exclude_unset=True)
        merged = merge_patch(current.model_dump(), patch)
        changed = Profile.model_validate(merged | {"updated_at": to_iso(services.clock.now())})
        if await services.users.replace(current, changed):
            return changed
    raise ServiceUnavailableError
