"""The images bucket: processed pictures, which the CDN serves, and receipts, which it does not."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from botocore.exceptions import ClientError

from server.aws.content import checksum_sha256, read_content
from server.aws.failures import error_code, is_missing, outages_as_unavailable
from server.aws.uploads_bucket import EXPIRES_IN_SECONDS
from server.errors import ServiceUnavailableError
from server.models.guitar import StoredImage

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import ObjectIdentifierTypeDef, TaggingTypeDef

    from server.pictures import ProcessedPicture

# A key never gets other bytes, so a browser need never ask again.
_IMMUTABLE = "public, max-age=31536000, immutable"
# A lifecycle rule of the bucket expires what is still tagged so after 7 days. What is nearly that old is not attached
# any more: it could go before the function on the table's stream takes the tag away.
_PENDING = "attachment=pending"
PENDING_HOLDS = timedelta(days=6)
_TRIES = 5
_WAIT_SECONDS = 0.1
# Width and height in pixels; both None where there are none.
ReceiptSize = tuple[int, int] | tuple[None, None]


def _folder(user_id: str, image_id: str) -> str:
    return f"images/{user_id}/{image_id}"


@dataclass(frozen=True)
class Picture:
    """A completed picture; `stored_at` is when its last object was written."""

    image: StoredImage
    stored_at: datetime


class ObjectsNotDeletedError(Exception):
    """S3 kept an object that was to be deleted; the text is its key."""


@contextmanager
def _deleted_as_unavailable() -> Iterator[None]:
    """An object that was there is being deleted just now: who calls again finds out what has become of it."""
    try:
        yield
    except ClientError as error:
        if is_missing(error):
            raise ServiceUnavailableError from error
        raise


class ImagesBucket:
    """Pictures as `images/{userId}/{id}/original.*` and `thumbnail.webp`, receipts as `receipts/{userId}/{id}.*`."""

    def __init__(self, client: "S3Client", presigner: "S3Client", bucket: str, cdn_url: str) -> None:
        self._client = client
        self._presigner = presigner
        self._bucket = bucket
        self._cdn_url = cdn_url

    def url(self, key: str) -> str:
        """Where the CDN serves an object whose key begins with `images/`."""
        return f"{self._cdn_url}/{key}"

    async def put_original(self, user_id: str, image_id: str, picture: "ProcessedPicture") -> tuple[str, bool]:
        """Store an original as not yet attached, unless there is one: its key, and whether it was stored."""
        key = f"{_folder(user_id, image_id)}/original.{picture.extension}"
        return key, await self._put_once(key, picture.original, picture.content_type, _IMMUTABLE, {})

    async def get_original(self, key: str) -> bytes:
        """The bytes of an original; raises ServiceUnavailableError when it is deleted just now."""
        async with outages_as_unavailable():
            with _deleted_as_unavailable():
                answer = await self._client.get_object(Bucket=self._bucket, Key=key)
            return await read_content(answer["Body"])

    async def put_thumbnail(self, user_id: str, image_id: str, original_key: str, picture: "ProcessedPicture") -> None:
        """Store a thumbnail as not yet attached: the last step, which shows that the picture is complete."""
        metadata = {"original-key": original_key, "width": str(picture.width), "height": str(picture.height)}
        key = f"{_folder(user_id, image_id)}/thumbnail.webp"
        await self._put_once(key, picture.thumbnail, picture.thumbnail_content_type, _IMMUTABLE, metadata)

    async def find_picture(self, user_id: str, image_id: str) -> Picture | None:
        """A completed picture of the user, or None."""
        thumbnail_key = f"{_folder(user_id, image_id)}/thumbnail.webp"
        async with outages_as_unavailable():
            try:
                answer = await self._client.head_object(Bucket=self._bucket, Key=thumbnail_key)
            except ClientError as error:
                if is_missing(error):
                    return None
                raise
        metadata = answer["Metadata"]
        image = StoredImage(
            id=image_id,
            key=metadata["original-key"],
            thumbnail_key=thumbnail_key,
            width=int(metadata["width"]),
            height=int(metadata["height"]),
        )
        return Picture(image, answer["LastModified"])

    async def keep(self, key: str) -> None:
        """Take the mark of an upload without a guitar from an object; nothing happens when it is gone."""
        tags: TaggingTypeDef = {"TagSet": [{"Key": "attachment", "Value": "attached"}]}
        async with outages_as_unavailable():
            try:
                await self._client.put_object_tagging(Bucket=self._bucket, Key=key, Tagging=tags)
            except ClientError as error:
                if not is_missing(error):
                    raise

    async def put_receipt(
        self, user_id: str, receipt_id: str, content: bytes, content_type: str, extension: str, size: ReceiptSize
    ) -> tuple[str, bool]:
        """Store a receipt as not yet attached, unless there is one: its key, and whether it was stored."""
        key = f"receipts/{user_id}/{receipt_id}.{extension}"
        metadata = {"width": str(size[0]), "height": str(size[1])} if size[0] is not None else {}
        return key, await self._put_once(key, content, content_type, "private, no-store", metadata)

    async def receipt_size(self, key: str) -> ReceiptSize:
        """Width and height of a receipt in pixels, both None for a PDF.

        Raises ServiceUnavailableError when it is deleted just now.
        """
        async with outages_as_unavailable():
            with _deleted_as_unavailable():
                metadata = (await self._client.head_object(Bucket=self._bucket, Key=key))["Metadata"]
        return (int(metadata["width"]), int(metadata["height"])) if "width" in metadata else (None, None)

    async def _put_once(
        self, key: str, content: bytes, content_type: str, cache_control: str, metadata: dict[str, str]
    ) -> bool:
        """Store an object unless there is one already; whether it was stored."""
        checksum = await checksum_sha256(content)
        for attempt in range(_TRIES):
            async with outages_as_unavailable():
                try:
                    await self._client.put_object(
                        Bucket=self._bucket,
                        Key=key,
                        Body=content,
                        ChecksumSHA256=checksum,
                        ContentType=content_type,
                        CacheControl=cache_control,
                        Metadata=metadata,
                        Tagging=_PENDING,
                        IfNoneMatch="*",
                    )
                    return True
                except ClientError as error:
                    if error_code(error) == "PreconditionFailed":
                        return False
                    # Another write of the same key is under way, which may still fail: S3 asks to try again.
                    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
                    if error_code(error) != "ConditionalRequestConflict":
                        raise
            await asyncio.sleep(_WAIT_SECONDS * 2**attempt)
        raise ServiceUnavailableError

    async def presign_receipt(self, key: str) -> str:
        """A URL that shows a receipt for five minutes."""
        return await self._presigner.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=EXPIRES_IN_SECONDS
        )

    def is_receipt_url(self, url: str, key: str) -> bool:
        """Whether a URL is one that `presign_receipt` makes for that key, whenever it did."""
        endpoint = self._presigner.meta.endpoint_url
        return unquote(url.partition("?")[0]) == f"{endpoint}/{self._bucket}/{key}"

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
