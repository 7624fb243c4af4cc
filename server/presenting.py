"""How a stored guitar is shown: keys become URLs."""

from server.aws.images_bucket import ImagesBucket
from server.models.guitar import Guitar, Image, PrivateInfo, StoredGuitar, StoredImage

_SHOWN_AS_STORED = [name for name in Guitar.model_fields if name not in ("private_info", "images")]


async def present_guitar(images: ImagesBucket, stored: StoredGuitar) -> Guitar:
    """The guitar as the API answers it."""
    private_info = None
    if stored.private_info is not None:
        receipt_key = stored.private_info.receipt_key
        private_info = PrivateInfo(
            **stored.private_info.model_dump(exclude={"receipt_key"}),
            receipt_url=await images.presign_receipt(receipt_key) if receipt_key else None,
        )
    shown = {name: getattr(stored, name) for name in _SHOWN_AS_STORED}
    return Guitar(**shown, private_info=private_info, images=[_present_image(images, one) for one in stored.images])


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
