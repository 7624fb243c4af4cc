"""A picture or receipt that a guitar let go of is not taken in again, at whatever moment the cleanup deletes it."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest

from server.aws.images_bucket import Picture, ReceiptSize
from server.aws.uploads_bucket import Upload
from server.clock import SystemClock
from server.editing import find_uploads
from server.errors import ApiError, ErrorCode, InvalidInputError, ServiceUnavailableError
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

    async def get(self, *asked: str) -> StoredGuitar | Upload | None:
        return GUITAR if len(asked) == 2 else None

    async def is_claimed(self, _user_id: str, _upload_id: str) -> bool:
        return self._is_there()

    async def find_picture(self, _user_id: str, image_id: str) -> Picture | None:
        image = StoredImage(id=image_id, key="k", thumbnail_key="t", width=1, height=1)
        return Picture(image, datetime.now(UTC)) if self._is_there() else None


class RemovedReceipt(RemovedPicture):
    """The same of a receipt whose upload is there again, or still."""

    async def get(self, *asked: str) -> StoredGuitar | Upload | None:
        return await super().get(*asked) or Upload(b"%PDF-1.7\nstartxref\n%%EOF", "application/pdf", "receipt")

    async def put_receipt(self, *_: object) -> tuple[str, bool]:
        return f"receipts/{USER_ID}/{IMAGE_ID}.pdf", not self._is_there()

    async def receipt_size(self, _key: str) -> ReceiptSize:
        if self._is_there():
            return None, None
        raise ServiceUnavailableError


def services(looks: int, kind: type[RemovedPicture] = RemovedPicture) -> Services:
    removed = kind(looks)
    parts = SimpleNamespace(clock=SystemClock(), ids=None, guitars=removed, images=removed, uploads=removed)
    return cast("Services", parts)


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


@pytest.mark.parametrize(
    ("looks", "code"), [(1, ErrorCode.SERVICE_UNAVAILABLE), (2, ErrorCode.IMAGE_UPLOAD_FAILED)], ids=["gone", "going"]
)
async def test_a_receipt_that_is_being_deleted_is_not_attached_again(looks: int, code: ErrorCode) -> None:
    body = UploadCompletion(image_key=f"uploads/{USER_ID}/{IMAGE_ID}-a.pdf", guitar_id=GUITAR.guitar_id)
    with pytest.raises(ApiError) as refusal:
        await finish_upload(services(looks, RemovedReceipt), USER_ID, body)
    assert refusal.value.code is code
