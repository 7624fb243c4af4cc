"""What is changed inside moto's model of S3."""

from io import BytesIO
from typing import Any, cast

from moto.s3.models import FakeDeleteMarker, FakeKey, S3Backend

from emulation.cloud.s3.listing import list_objects, list_objects_v2


def _copy_without_content(key: FakeKey, _memo: dict[int, Any]) -> FakeKey:
    copied = cast("FakeKey", FakeKey.__new__(FakeKey))
    # The copy closes its content, and that of its parts, when it goes: they must not be the key's own.
    vars(copied).update(vars(key), _etag=key.etag.strip('"'), _value_buffer=BytesIO(), multipart=None, disposed=True)
    return copied


def _set_delete_marker(self: S3Backend, bucket_name: str, key_name: str) -> FakeDeleteMarker:
    bucket = self.get_bucket(bucket_name)
    hidden = bucket.keys.get(key_name) or FakeKey(key_name, b"", self.account_id, bucket.region_name)
    marker = FakeDeleteMarker(hidden)
    bucket.keys[key_name] = marker
    return marker


def mend_s3() -> None:
    """ListObjectVersions copies every key of the bucket: stop it from reading all contents for that.

    A deletion hides what is not there, too: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
    """
    mends = (
        (FakeKey, "__deepcopy__", _copy_without_content),
        (S3Backend, "_set_delete_marker", _set_delete_marker),
        (S3Backend, "list_objects", list_objects),
        (S3Backend, "list_objects_v2", list_objects_v2),
    )
    for owner, name, function in mends:
        setattr(owner, name, function)
