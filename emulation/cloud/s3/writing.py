"""PutObject: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html."""

from collections.abc import Mapping

from moto.s3.models import FakeBucket, FakeKey
from moto.s3.utils import STORAGE_CLASS

from emulation.cloud.exchange import Answer
from emulation.cloud.s3 import model
from emulation.cloud.s3.conditions import check_write
from emulation.cloud.s3.errors import S3Error
from emulation.cloud.s3.integrity import check_checksum, check_md5, default_checksum
from emulation.cloud.s3.tags import read_tags

MAX_KEY_BYTES = 1024
MAX_METADATA_BYTES = 2048
META = "x-amz-meta-"
SYSTEM_METADATA = (
    "Content-Type",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Expires",
)
# Object lock and ACLs are left to moto, which looks at them itself.
LEFT_TO_MOTO = ("x-amz-object-lock-", "x-amz-acl", "x-amz-grant-")


def is_plain_put(bucket: FakeBucket, headers: Mapping[str, str]) -> bool:
    """Whether `put_object` knows all that the request asks for."""
    return not bucket.object_lock_enabled and not any(name.lower().startswith(LEFT_TO_MOTO) for name in headers)


def put_object(
    bucket: FakeBucket, key: str, headers: Mapping[str, str], trailers: Mapping[str, str], content: bytes
) -> FakeKey:
    """The new object; everything is checked before anything is written. Raises S3Error."""
    if len(key.encode()) > MAX_KEY_BYTES:
        details = {"Size": len(key.encode()), "MaxSizeAllowed": MAX_KEY_BYTES}
        raise S3Error(400, "KeyTooLongError", "Your key is too long", details)
    storage_class = headers.get("x-amz-storage-class", "STANDARD")
    if storage_class not in STORAGE_CLASS:
        raise S3Error(400, "InvalidStorageClass", "The storage class you specified is not valid")
    metadata = read_metadata(headers)
    tags = read_tags(headers.get("x-amz-tagging"))
    etag = check_md5(headers, content)
    checksum = check_checksum(headers, trailers, content) or default_checksum(content)
    current = model.current_object(bucket, key)
    check_write(headers, key, current.etag if current else None)
    written = model.backend().put_object(
        bucket.name,
        key,
        content,
        storage=storage_class,
        etag=etag,
        encryption=headers.get("x-amz-server-side-encryption"),
        kms_key_id=headers.get("x-amz-server-side-encryption-aws-kms-key-id"),
        checksum_value=checksum.value,
    )
    written.checksum_algorithm, written.checksum_type = checksum.algorithm, "FULL_OBJECT"
    written.set_metadata(metadata)
    written.set_acl(bucket.acl)
    written.website_redirect_location = headers.get("x-amz-website-redirect-location")
    _set_tags(written, tags)
    return written


def put_answer(written: FakeKey, expiration: str | None) -> Answer:
    """200, with what S3 tells about the new object."""
    headers = [("ETag", written.etag), *encryption_headers(written), *version_headers(written)]
    if expiration:
        headers.append(("x-amz-expiration", expiration))
    return Answer(200, b"", [*headers, *checksum_headers(written)])


def read_metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """What is stored with the object and comes back as headers; raises MetadataTooLarge."""
    own = {name.lower(): value for name, value in headers.items() if name.lower().startswith(META)}
    size = sum(len(name) - len(META) + len(value.encode()) for name, value in own.items())
    if size > MAX_METADATA_BYTES:
        raise S3Error(
            400,
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            {"Size": size, "MaxSizeAllowed": MAX_METADATA_BYTES},
        )
    return own | {name: headers[name] for name in SYSTEM_METADATA if headers.get(name)}


def encryption_headers(key: FakeKey) -> list[tuple[str, str]]:
    """How the object is encrypted."""
    if not key.encryption:
        return []
    headers = [("x-amz-server-side-encryption", key.encryption)]
    if key.encryption == "aws:kms" and key.kms_key_id:
        headers.append(("x-amz-server-side-encryption-aws-kms-key-id", key.kms_key_id))
    return headers


def version_headers(key: FakeKey) -> list[tuple[str, str]]:
    """The version's id, where the bucket has versions."""
    return [("x-amz-version-id", key.version_id)] if key.version_id != "null" else []


def checksum_headers(key: FakeKey) -> list[tuple[str, str]]:
    """The checksum that the object was uploaded with, or that was computed then."""
    if not key.checksum_algorithm or not key.checksum_value:
        return []
    value = key.checksum_value
    if key.checksum_type == "COMPOSITE":
        value = f"{value}-{key.checksum_parts}"
    headers = [(f"x-amz-checksum-{key.checksum_algorithm.lower()}", value)]
    if key.checksum_type:
        headers.append(("x-amz-checksum-type", key.checksum_type))
    return headers


def _set_tags(written: FakeKey, tags: dict[str, str]) -> None:
    tagger = model.backend().tagger
    # Without versions the object before had the same name for the tagger.
    tagger.delete_all_tags_for_resource(written.arn)
    if tags:
        tagger.tag_resource(written.arn, tagger.convert_dict_to_tags_input(tags))
