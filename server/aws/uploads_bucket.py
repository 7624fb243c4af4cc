"""The uploads bucket: where browsers put files, for as long as they are not completed."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from server.aws.content import read_content
from server.aws.failures import is_missing, outages_as_unavailable
from server.ids import is_id
from server.models.image import MAX_UPLOAD_BYTES, UploadRequest, UploadTicket

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

EXPIRES_IN_SECONDS = 300
_KEY = re.compile(r"uploads/([^/]+)/(.{36})-[^/]+", re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """A file as it was uploaded. `content` is None when it is larger than it may be."""

    content: bytes | None
    content_type: str
    purpose: str


def upload_id_of(key: str, user_id: str) -> str | None:
    """The id in an upload's key, or None when it is no key of this user's uploads."""
    match = _KEY.fullmatch(key)
    return match[2] if match and match[1] == user_id and is_id(match[2]) else None


class UploadsBucket:
    """Uploads by key: `uploads/{userId}/{id}-{fileName}`."""

    def __init__(self, client: "S3Client", presigner: "S3Client", bucket: str) -> None:
        self._client = client
        self._presigner = presigner
        self._bucket = bucket

    async def issue_ticket(self, user_id: str, upload_id: str, request: UploadRequest) -> UploadTicket:
        """A presigned PUT, or a form for a POST, that holds for five minutes and for just this file."""
        key = f"uploads/{user_id}/{upload_id}-{request.file_name}"
        headers: dict[str, str] = {"Content-Type": request.file_type}
        if request.purpose == "receipt":
            headers["x-amz-meta-purpose"] = "receipt"
        if request.method == "PUT":
            return UploadTicket(
                upload_url=await self._presign_put(key, request),
                image_key=key,
                method="PUT",
                headers=headers,
                expires_in=EXPIRES_IN_SECONDS,
            )
        smallest, largest = (request.file_size or 1), (request.file_size or MAX_UPLOAD_BYTES)
        form = await self._presigner.generate_presigned_post(
            Bucket=self._bucket,
            Key=key,
            Fields=dict(headers),
            Conditions=[{name: value} for name, value in headers.items()]
            + [["content-length-range", smallest, largest]],
            ExpiresIn=EXPIRES_IN_SECONDS,
        )
        return UploadTicket(
            upload_url=form["url"],
            image_key=key,
            method="POST",
            fields={name: str(value) for name, value in form["fields"].items()},
            expires_in=EXPIRES_IN_SECONDS,
        )

    async def _presign_put(self, key: str, request: UploadRequest) -> str:
        parameters: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "ContentType": request.file_type}
        if request.purpose == "receipt":
            parameters["Metadata"] = {"purpose": "receipt"}
        if request.file_size is not None:
            parameters["ContentLength"] = request.file_size
        return await self._presigner.generate_presigned_url(
            "put_object", Params=parameters, ExpiresIn=EXPIRES_IN_SECONDS, HttpMethod="PUT"
        )

    async def get(self, key: str) -> Upload | None:
        """What was uploaded under a key, or None when nothing was."""
        async with outages_as_unavailable():
            try:
                answer = await self._client.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if is_missing(error):
                    return None
                raise
            content = await read_content(answer["Body"]) if answer["ContentLength"] <= MAX_UPLOAD_BYTES else None
        return Upload(content, answer["ContentType"], answer["Metadata"].get("purpose", "image"))

    async def delete(self, key: str) -> None:
        """Delete an upload; nothing happens when it is gone."""
        async with outages_as_unavailable():
            await self._client.delete_object(Bucket=self._bucket, Key=key)
