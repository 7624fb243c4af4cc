"""Changing a guitar that others may be changing too: read, change, write if nobody else wrote, else again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from server.errors import ApiError, ErrorCode, InvalidInputError, ServiceUnavailableError
from server.ids import is_id
from server.models.guitar import ImageInput, StoredGuitar, StoredImage
from server.precondition import Precondition
from server.services import Services

_TRIES = 30
_LONGEST_WAIT_SECONDS = 0.1


async def edit_guitar(
    services: Services,
    user_id: str,
    guitar_id: str,
    change: Callable[[StoredGuitar], Awaitable[StoredGuitar]],
    precondition: Precondition | None = None,
) -> StoredGuitar:
    """The guitar after the change. `change` is called again when another write came first, so it must be repeatable.

    Raises GUITAR_NOT_FOUND, PRECONDITION_FAILED, and SERVICE_UNAVAILABLE when others always come first.
    """
    for attempt in range(_TRIES):
        current = await services.guitars.get(user_id, guitar_id)
        if precondition is not None and not precondition.holds_for(current.version):
            raise ApiError(ErrorCode.PRECONDITION_FAILED)
        changed = await change(current)
        if changed is current or await services.guitars.replace(current, changed):
            return changed
        await asyncio.sleep(services.ids.fraction() * min(0.005 * 2**attempt, _LONGEST_WAIT_SECONDS))
    raise ServiceUnavailableError


async def claim_uploads(
    services: Services, current: StoredGuitar, entries: Sequence[ImageInput]
) -> dict[str, StoredImage]:
    """The completed uploads that a list of images brings in, by id, each claimed for this guitar.

    Raises InvalidInputError for an id that is no completed upload of the owner, or belongs to another guitar.
    """
    there = {image.id for image in current.images}
    claimed: dict[str, StoredImage] = {}
    for index, entry in enumerate(entries):
        if entry.id in there or entry.id in claimed:
            continue
        image = await services.images.find_picture(current.user_id, entry.id) if is_id(entry.id) else None
        if image is None or not await claim_image(services, current.user_id, current.guitar_id, image):
            raise InvalidInputError.of(f"images.{index}.id", "is not a completed upload of yours that is free")
        claimed[entry.id] = image
    return claimed


async def claim_image(services: Services, user_id: str, guitar_id: str, image: StoredImage) -> bool:
    """Claim a picture for a guitar; False when another guitar has it.

    A picture is claimed before the guitar is written: a crash in between leaves an object too many, never one too few.
    """
    holder = await services.images.claimed_by(image.thumbnail_key)
    if holder == guitar_id:
        return True
    if holder is not None and await _holds(services, user_id, holder, image.id):
        return False
    await services.images.claim((image.key, image.thumbnail_key), guitar_id)
    return True


async def _holds(services: Services, user_id: str, guitar_id: str, image_id: str) -> bool:
    try:
        guitar = await services.guitars.get(user_id, guitar_id)
    except ApiError as error:
        if error.code is ErrorCode.GUITAR_NOT_FOUND:
            # The claim was left by a guitar that was never written.
            return False
        raise
    return any(image.id == image_id for image in guitar.images)
