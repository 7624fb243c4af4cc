"""How a stored guitar is shown: keys become URLs."""

from server.models.guitar import Guitar, Image, PrivateInfo, StoredGuitar, StoredImage
from server.services import Services


def image_url(services: Services, key: str) -> str:
    """Where the CDN serves an object whose key begins with `images/`."""
    return f"{services.cdn_url}/{key}"


async def present_guitar(services: Services, stored: StoredGuitar) -> Guitar:
    """The guitar as the API answers it."""
    private_info = None
    if stored.private_info is not None:
        receipt_key = stored.private_info.receipt_key
        private_info = PrivateInfo(
            **stored.private_info.model_dump(exclude={"receipt_key"}),
            receipt_url=await services.images.presign_receipt(receipt_key) if receipt_key else None,
        )
    shown = {name: getattr(stored, name) for name in _SHOWN_AS_STORED}
    images = [_present_image(services, image) for image in stored.images]
    return Guitar(**shown, private_info=private_info, images=images)


_SHOWN_AS_STORED = [name for name in Guitar.model_fields if name not in ("private_info", "images")]


def _present_image(services: Services, image: StoredImage) -> Image:
    return Image(
        id=image.id,
        url=image_url(services, image.key),
        thumbnail_url=image_url(services, image.thumbnail_key),
        width=image.width,
        height=image.height,
        caption=image.caption,
        is_primary=image.is_primary,
        order=image.order,
    )
