"""Writing a guitar while others may be writing too: read, change, write if nobody else wrote, else again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from server.aws.guitars_table import OwnerMissingError, UploadTakenError
from server.aws.images_bucket import PENDING_HOLDS, Picture
from server.caller import Caller
from server.errors import ApiError, Detail, ErrorCode, InvalidInputError, ServiceUnavailableError
from server.ids import is_id
from server.models.guitar import ImageInput, StoredGuitar, StoredImage
from server.precondition import Precondition
from server.profiles import read_profile
from server.retrying import Attempts
from server.services import Services

_NOT_FREE = "is not a completed upload of yours that is free"


async def add_guitar(services: Services, caller: Caller, guitar: StoredGuitar) -> None:
    """Store a new guitar of the caller, whose profile is made when it is missing.

    Raises UploadTakenError, USER_NOT_FOUND when the account is gone, and SERVICE_UNAVAILABLE when others always come
    first.
    """
    async for _ in Attempts(services.ids):
        try:
            if await services.guitars.create(guitar):
                return
        except OwnerMissingError:
            await read_profile(services, caller)
    raise ServiceUnavailableError


async def edit_guitar(
    services: Services,
    user_id: str,
    guitar_id: str,
    change: Callable[[StoredGuitar], Awaitable[StoredGuitar]],
    precondition: Precondition | None = None,
) -> StoredGuitar:
    """The guitar after the change. `change` is called again when another write came first, so it must be repeatable.

    Raises GUITAR_NOT_FOUND, PRECONDITION_FAILED, UploadTakenError, and SERVICE_UNAVAILABLE when others always come
    first.
    """
    async for _ in Attempts(services.ids):
        current = await _get_to_write(services, user_id, guitar_id, precondition)
        changed = await change(current)
        if changed is current or await services.guitars.replace(current, changed):
            return changed
    raise ServiceUnavailableError


async def remove_guitar(
    services: Services, user_id: str, guitar_id: str, precondition: Precondition | None = None
) -> None:
    """Delete a guitar; begins again when a write came first, whose brand it may have.

    Raises GUITAR_NOT_FOUND, PRECONDITION_FAILED, and SERVICE_UNAVAILABLE when others always come first.
    """
    async for _ in Attempts(services.ids):
        if await services.guitars.delete(await _get_to_write(services, user_id, guitar_id, precondition)):
            return
    raise ServiceUnavailableError


async def _get_to_write(
    services: Services, user_id: str, guitar_id: str, precondition: Precondition | None
) -> StoredGuitar:
    """The guitar as it is now; raises GUITAR_NOT_FOUND, and PRECONDITION_FAILED when the caller speaks of another."""
    guitar = await services.guitars.get(user_id, guitar_id)
    if precondition is not None and not precondition.holds_for(guitar.version):
        raise ApiError(ErrorCode.PRECONDITION_FAILED)
    return guitar


async def find_uploads(
    services: Services, current: StoredGuitar, entries: Sequence[ImageInput]
) -> dict[str, StoredImage]:
    """The completed uploads of the owner that a list of images brings in, by id.

    Raises InvalidInputError for an id that is none. Whether another guitar takes it meanwhile shows when the guitar is
    written.
    """
    there = {image.id for image in current.images}
    wanted = [(index, entry.id) for index, entry in enumerate(entries) if entry.id not in there]
    if not wanted:
        return {}
    found = await asyncio.gather(*(_find_upload(services, current.user_id, image_id) for _, image_id in wanted))
    missing = [
        Detail(f"images.{index}.id", _NOT_FREE) for (index, _), image in zip(wanted, found, strict=True) if not image
    ]
    if missing:
        raise InvalidInputError(*missing)
    return {image.id: image for image in found if image}


async def _find_upload(services: Services, user_id: str, image_id: str) -> StoredImage | None:
    if not is_id(image_id) or await services.guitars.is_claimed(user_id, image_id):
        return None
    picture = await services.images.find_picture(user_id, image_id)
    return picture.image if picture and may_attach(services, picture) else None


def may_attach(services: Services, picture: Picture) -> bool:
    """Whether a picture that waits for a guitar has not waited too long."""
    return services.clock.age(picture.stored_at) < PENDING_HOLDS


def refuse_taken(error: UploadTakenError, entries: Sequence[ImageInput]) -> InvalidInputError:
    """The refusal of a list of images one of which belongs to another guitar."""
    index = next(index for index, entry in enumerate(entries) if entry.id == error.upload_id)
    return InvalidInputError.of(f"images.{index}.id", _NOT_FREE)
