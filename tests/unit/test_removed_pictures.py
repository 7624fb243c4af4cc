"""A picture that a guitar let go of is not taken in again, at whatever moment the cleanup deletes it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from server.aws.images_bucket import Picture
from server.clock import SystemClock
from server.editing import find_uploads
from server.errors import ApiError, ErrorCode, InvalidInputError
from server.models.guitar import ImageInput, StoredGuitar, StoredImage
from server.models.image import UploadCompletion
from server.services import Services
from server.uploading import finish_upload

USER_ID = "5b2b1d1e-3c3f-4c3e-9d39-0a8f1e0f3f10"
IMAGE_ID = "0190a1b2-c3d4-7000-8000-0123456789ab"
GUITAR = StoredGuitar(
    user_id=USER_ID, guitar_id=IMAGE_ID, version=2, brand="Fender", model="Strat", created_at="", updated_at=""
)


class RemovedPicture:
    """Table and buckets with a picture that was removed from its guitar. After so many looks at either, the cleanup has
    deleted its objects and released its claim. Nothing can be written."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    def _is_there(self) -> bool:
        self._looks -= 1
        return self._looks >= 0

    async def get(self, *asked: str) -> StoredGuitar | None:
        return GUITAR if len(asked) == 2 else None

    async def is_claimed(self, _user_id: str, _upload_id: str) -> bool:
        return self._is_there()

    async def find_picture(self, _user_id: str, image_id: str) -> Picture | None:
        image = StoredImage(id=image_id, key="k", thumbnail_key="t", width=1, height=1)
        return Picture(image, datetime.now(UTC)) if self._is_there() else None


def services(looks: int) -> Services:
    removed = RemovedPicture(looks)
    return cast("Services", SimpleNamespace(clock=SystemClock(), guitars=removed, images=removed, uploads=removed))


@pytest.mark.parametrize("looks", [0, 1, 2])
async def test_a_list_of_images_does_not_bring_it_in(looks: int) -> None:
    with pytest.raises(InvalidInputError):
        await find_uploads(services(looks), GUITAR, [ImageInput(id=IMAGE_ID)])


@pytest.mark.parametrize("looks", [0, 1, 2])
async def test_a_second_completion_does_not_bring_it_in(looks: int) -> None:
    body = UploadCompletion(image_key=f"uploads/{USER_ID}/{IMAGE_ID}-a.jpg", guitar_id=GUITAR.guitar_id)
    with pytest.raises(ApiError) as refusal:
        await finish_upload(services(looks), USER_ID, body)
    assert refusal.value.code is ErrorCode.IMAGE_UPLOAD_FAILED
