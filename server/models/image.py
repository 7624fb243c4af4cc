"""Bodies and answers of the /images routes."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints

from server.models.base import Id, Model, ShortText, Url

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
FileType = Literal["image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"]
PICTURE_TYPES = tuple(file_type for file_type in get_args(FileType) if file_type.startswith("image/"))


def _plain_file_name(name: str) -> str:
    if name in (".", "..") or any(character in '/\\"<>|:*?' or not character.isprintable() for character in name):
        raise ValueError("must be a plain file name")
    # An S3 key has at most 1,024 bytes; the name shares it with the folder, the user's id and the upload's id.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    if len(name.encode()) > 512:
        raise ValueError("must have at most 512 bytes")
    return name


FileName = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_plain_file_name)]
FileSize = Annotated[int, Field(ge=1, le=MAX_UPLOAD_BYTES)]


class UploadRequest(Model):
    """The body of POST /images/upload-url. `fileSize` is in bytes."""

    file_name: FileName
    file_type: FileType
    file_size: FileSize | None = None
    purpose: Literal["image", "receipt"] = "image"
    method: Literal["PUT", "POST"] = "PUT"


class UploadTicket(Model):
    """Where and how to upload: PUT with `headers`, or POST a form with `fields`. `expiresIn` is in seconds."""

    upload_url: Url
    image_key: str
    method: Literal["PUT", "POST"]
    headers: dict[str, str] | None = None
    fields: dict[str, str] | None = None
    expires_in: int


class UploadCompletion(Model):
    """The body of POST /images/upload-complete."""

    image_key: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    guitar_id: str | None = None
    caption: ShortText | None = None
    is_primary: bool | None = None


class CompletedUpload(Model):
    """A processed upload. A receipt has no thumbnail, and as a PDF no width and height."""

    id: Id
    image_url: Url
    thumbnail_url: Url | None = None
    width: int | None = None
    height: int | None = None
