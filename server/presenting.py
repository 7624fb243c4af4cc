"""How a stored guitar is shown: keys become URLs."""

from server.aws.images_bucket import ImagesBucket
from server.models.guitar import Guitar, Image, PrivateInfo, StoredGuitar, StoredImage, StoredPrivateInfo


async def present_guitar(images: ImagesBucket, stored: StoredGuitar) -> Guitar:
    """The guitar as the API answers it."""
    private_info = await _present_private_info(images, stored.private_info) if stored.private_info else None
    shown = [_present_image(images, image) for image in stored.images]
    return Guitar.model_validate({**vars(stored), "private_info": private_info, "images": shown})


async def _present_private_info(images: ImagesBucket, stored: StoredPrivateInfo) -> PrivateInfo:
    shown = {**vars(stored)}
    receipt_key = shown.pop("receipt_key")
    shown["receipt_url"] = await images.presign_receipt(receipt_key) if receipt_key else None
    return PrivateInfo.model_validate(shown)


def _present_image(images: ImagesBucket, image: StoredImage) -> Image:
    return Image(
        id=image.id,
        url=images.url(image.key),
        thumbnail_url=images.url(image.thumbnail_key),
        width=image.width,
        height=image.height,
        caption=image.caption,
        is_primary=image.is_primary,
        order=image.order,
    )
