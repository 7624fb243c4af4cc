"""The images bucket: processed pictures, which the CDN serves, and receipts, which it does not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from server.aws.failures import error_code, outages_as_unavailable
from server.aws.uploads_bucket import EXPIRES_IN_SECONDS, MISSING
from server.models.guitar import StoredImage

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import ObjectIdentifierTypeDef, TaggingTypeDef

    from server.pictures import ProcessedPicture

# A key never gets other bytes, so a browser need never ask again.
_IMMUTABLE = "public, max-age=31536000, immutable"
# A lifecycle rule of the bucket expires what is still tagged so after 7 days.
_PENDING = "attachment=pending"


# Width and height in pixels; both None where there are none.
ReceiptSize = tuple[int, int] | tuple[None, None]


def _folder(user_id: str, image_id: str) -> str:
    return f"images/{user_id}/{image_id}"


class ImagesBucket:
    """Pictures as `images/{userId}/{id}/original.*` and `thumbnail.webp`, receipts as `receipts/{userId}/{id}.*`."""

    def __init__(self, client: "S3Client", presigner: "S3Client", bucket: str) -> None:
        self._client = client
        self._presigner = presigner
        self._bucket = bucket

    async def put_picture(self, user_id: str, image_id: str, picture: "ProcessedPicture") -> StoredImage:
        """Store original and thumbnail as not yet attached. The thumbnail comes last: it shows that both are there."""
        folder = _folder(user_id, image_id)
        image = StoredImage(
            id=image_id,
            key=f"{folder}/original.{picture.extension}",
            thumbnail_key=f"{folder}/thumbnail.webp",
            width=picture.width,
            height=picture.height,
        )
        metadata = {"original-key": image.key, "width": str(image.width), "height": str(image.height)}
        for key, content, content_type in (
            (image.key, picture.original, picture.content_type),
            (image.thumbnail_key, picture.thumbnail, picture.thumbnail_content_type),
        ):
            await self._put_once(key, content, content_type, _IMMUTABLE, metadata)
        return image

    async def find_picture(self, user_id: str, image_id: str) -> StoredImage | None:
        """A completed picture of the user, or None."""
        thumbnail_key = f"{_folder(user_id, image_id)}/thumbnail.webp"
        async with outages_as_unavailable():
            try:
                answer = await self._client.head_object(Bucket=self._bucket, Key=thumbnail_key)
            except ClientError as error:
                if error_code(error) in MISSING:
                    return None
                raise
        metadata = answer["Metadata"]
        return StoredImage(
            id=image_id,
            key=metadata["original-key"],
            thumbnail_key=thumbnail_key,
            width=int(metadata["width"]),
            height=int(metadata["height"]),
        )

    async def claimed_by(self, key: str) -> str | None:
        """The id of the guitar that an object was claimed for, or None."""
        async with outages_as_unavailable():
            answer = await self._client.get_object_tagging(Bucket=self._bucket, Key=key)
        return next((tag["Value"] for tag in answer["TagSet"] if tag["Key"] == "guitarId"), None)

    async def claim(self, keys: Iterable[str], guitar_id: str) -> None:
        """Mark objects as a guitar's, so that the lifecycle rule for unattached ones spares them."""
        tags: TaggingTypeDef = {
            "TagSet": [{"Key": "attachment", "Value": "attached"}, {"Key": "guitarId", "Value": guitar_id}]
        }
        for key in keys:
            async with outages_as_unavailable():
                await self._client.put_object_tagging(Bucket=self._bucket, Key=key, Tagging=tags)

    async def put_receipt(
        self, user_id: str, receipt_id: str, content: bytes, content_type: str, extension: str, size: ReceiptSize
    ) -> str:
        """Store a receipt as not yet attached; returns its key."""
        key = f"receipts/{user_id}/{receipt_id}.{extension}"
        metadata = {"width": str(size[0]), "height": str(size[1])} if size[0] is not None else {}
        await self._put_once(key, content, content_type, "private, no-store", metadata)
        return key

    async def receipt_size(self, key: str) -> ReceiptSize:
        """Width and height of a receipt in pixels, both None for a PDF."""
        async with outages_as_unavailable():
            metadata = (await self._client.head_object(Bucket=self._bucket, Key=key))["Metadata"]
        return (int(metadata["width"]), int(metadata["height"])) if "width" in metadata else (None, None)

    async def _put_once(
        self, key: str, content: bytes, content_type: str, cache_control: str, metadata: dict[str, str]
    ) -> None:
        async with outages_as_unavailable():
            try:
                await self._client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=content,
                    ContentType=content_type,
                    CacheControl=cache_control,
                    Metadata=metadata,
                    Tagging=_PENDING,
                    IfNoneMatch="*",
                )
            except ClientError as error:
                # The same completion came here before; its object stays, with the tags that it may have by now.
                if error_code(error) != "PreconditionFailed":
                    raise

    async def presign_receipt(self, key: str) -> str:
        """A URL that shows a receipt for five minutes."""
        return await self._presigner.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=EXPIRES_IN_SECONDS
        )

    async def delete_all_versions(self, prefix: str) -> None:
        """Delete every version of every object whose key begins so; on a versioned bucket a plain delete hides only."""
        paginator = self._client.get_paginator("list_object_versions")
        async with outages_as_unavailable():
            async for page in paginator.paginate(Bucket=self._bucket, Prefix=prefix):
                found: list[ObjectIdentifierTypeDef] = [
                    {"Key": version["Key"], "VersionId": version["VersionId"]}
                    for version in (*page.get("Versions", []), *page.get("DeleteMarkers", []))
                ]
                if found:
                    answer = await self._client.delete_objects(
                        Bucket=self._bucket, Delete={"Objects": found, "Quiet": True}
                    )
                    if answer.get("Errors"):
                        raise ObjectsNotDeletedError(answer["Errors"][0].get("Key", prefix))


class ObjectsNotDeletedError(Exception):
    """S3 kept an object that was to be deleted; the text is its key."""
