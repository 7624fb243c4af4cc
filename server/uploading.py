"""Completing an upload: what was uploaded is checked, processed, stored, attached, and only then deleted.

Every step can be repeated, so a call that broke off is mended by calling again, and a second call answers the same.
"""

import contextlib
from collections.abc import Iterator

from server.aws.guitars_table import UploadTakenError
from server.aws.images_bucket import ReceiptSize
from server.aws.uploads_bucket import upload_id_of
from server.clock import to_iso
from server.editing import edit_guitar, may_attach
from server.errors import ApiError, Detail, ErrorCode, ServiceUnavailableError
from server.merging import attach_image, attach_receipt
from server.models.guitar import MAX_IMAGES, StoredGuitar, StoredImage, upload_id_in
from server.models.image import MAX_UPLOAD_BYTES, PICTURE_TYPES, CompletedUpload, UploadCompletion
from server.pictures import PictureError, ProcessedPicture, check_pdf
from server.services import Services

_TAKEN = "the upload belongs to another guitar, or is being deleted"


def _failed(field: str, message: str) -> ApiError:
    return ApiError(ErrorCode.IMAGE_UPLOAD_FAILED, details=[Detail(field, message)])


@contextlib.contextmanager
def _file_refusals() -> Iterator[None]:
    try:
        yield
    except PictureError as error:
        raise _failed("imageKey", str(error)) from error


@contextlib.contextmanager
def _taken_refusals() -> Iterator[None]:
    try:
        yield
    except UploadTakenError as error:
        raise _failed("guitarId", _TAKEN) from error


async def _process(services: Services, content: bytes, content_type: str) -> ProcessedPicture:
    with _file_refusals():
        return await services.pictures().process(content, content_type)


async def finish_upload(services: Services, user_id: str, body: UploadCompletion) -> CompletedUpload:
    """Process an upload of the user; raises IMAGE_UPLOAD_FAILED and GUITAR_NOT_FOUND."""
    upload_id = upload_id_of(body.image_key, user_id)
    if upload_id is None:
        raise _failed("imageKey", "is not the key of an upload of yours")
    guitar = await services.guitars.get(user_id, body.guitar_id) if body.guitar_id is not None else None
    upload = await services.uploads.get(body.image_key)
    if upload is None:
        return await _answer_again(services, user_id, upload_id, guitar, body)
    if upload.content is None:
        raise _failed("imageKey", f"the file is larger than {MAX_UPLOAD_BYTES} bytes")
    if upload.purpose == "receipt":
        completed = await _finish_receipt(services, upload_id, upload.content, upload.content_type, guitar)
    else:
        image = await _store_picture(services, user_id, upload_id, upload.content, upload.content_type, guitar)
        completed = await _attach_image(services, user_id, image, body)
    await services.uploads.delete(body.image_key)
    return completed


async def _answer_again(
    services: Services, user_id: str, upload_id: str, guitar: StoredGuitar | None, body: UploadCompletion
) -> CompletedUpload:
    """The answer to a completion whose upload is not there any more, because it was completed before."""
    await _refuse_taken(services, user_id, upload_id, guitar)
    picture = await services.images.find_picture(user_id, upload_id)
    if picture is not None:
        attached = guitar is None or upload_id in guitar.upload_ids
        if not attached and not may_attach(services, picture):
            raise _failed("imageKey", "was completed too long ago")
        return await _attach_image(services, user_id, picture.image, body)
    receipt_key = guitar.private_info.receipt_key if guitar and guitar.private_info else None
    if receipt_key and upload_id_in(receipt_key) == upload_id:
        return await _show_receipt(services, upload_id, receipt_key, await services.images.receipt_size(receipt_key))
    raise _failed("imageKey", "nothing was uploaded under this key")


async def _refuse_taken(services: Services, user_id: str, upload_id: str, guitar: StoredGuitar | None) -> None:
    """Raises IMAGE_UPLOAD_FAILED when another guitar has the upload, or one had it whose objects are being deleted."""
    if guitar is None or upload_id in guitar.upload_ids or not await services.guitars.is_claimed(user_id, upload_id):
        return
    # The same completion may have come twice, and the other one first.
    if upload_id not in (await services.guitars.get(user_id, guitar.guitar_id)).upload_ids:
        raise _failed("guitarId", _TAKEN)


async def _store_picture(
    services: Services, user_id: str, image_id: str, content: bytes, content_type: str, guitar: StoredGuitar | None
) -> StoredImage:
    """Process a picture and store it; an original that a broken-off completion stored is gone on from."""
    if content_type not in PICTURE_TYPES:
        raise _failed("imageKey", f"{content_type} is not a type of picture")
    processed = await _process(services, content, content_type)
    key, stored = await services.images.put_original(user_id, image_id, processed)
    if not stored:
        await _refuse_taken(services, user_id, image_id, guitar)
        # Another file may have been uploaded since: thumbnail and size have to be those of the original that stays.
        processed = await _process(services, await services.images.get_original(key), processed.content_type)
    await services.images.put_thumbnail(user_id, image_id, key, processed)
    picture = await services.images.find_picture(user_id, image_id)
    if picture is None:
        raise ServiceUnavailableError
    return picture.image


async def _attach_image(
    services: Services, user_id: str, image: StoredImage, body: UploadCompletion
) -> CompletedUpload:
    async def change(guitar: StoredGuitar) -> StoredGuitar:
        changed = attach_image(guitar, image, body.caption, body.is_primary, to_iso(services.clock.now()))
        if len(changed.images) > MAX_IMAGES:
            raise _failed("guitarId", f"the guitar has {MAX_IMAGES} images already")
        return changed

    if body.guitar_id is not None:
        with _taken_refusals():
            await edit_guitar(services, user_id, body.guitar_id, change)
    return CompletedUpload(
        id=image.id,
        image_url=services.images.url(image.key),
        thumbnail_url=services.images.url(image.thumbnail_key),
        width=image.width,
        height=image.height,
    )


async def _finish_receipt(
    services: Services, receipt_id: str, content: bytes, content_type: str, guitar: StoredGuitar | None
) -> CompletedUpload:
    if guitar is None:
        raise _failed("guitarId", "a receipt belongs to a guitar")
    size: ReceiptSize = (None, None)
    extension = "pdf"
    if content_type == "application/pdf":
        with _file_refusals():
            check_pdf(content)
    else:
        picture = await _process(services, content, content_type)
        content, content_type, extension = picture.original, picture.content_type, picture.extension
        size = (picture.width, picture.height)
    key, stored = await services.images.put_receipt(guitar.user_id, receipt_id, content, content_type, extension, size)
    if not stored:
        await _refuse_taken(services, guitar.user_id, receipt_id, guitar)
    # Of the receipt that stays; one that was being deleted until now is none.
    size = await services.images.receipt_size(key)

    async def change(current: StoredGuitar) -> StoredGuitar:
        return attach_receipt(current, key, to_iso(services.clock.now()))

    with _taken_refusals():
        await edit_guitar(services, guitar.user_id, guitar.guitar_id, change)
    return await _show_receipt(services, receipt_id, key, size)


async def _show_receipt(services: Services, receipt_id: str, key: str, size: ReceiptSize) -> CompletedUpload:
    url = await services.images.presign_receipt(key)
    return CompletedUpload(id=receipt_id, image_url=url, width=size[0], height=size[1])
