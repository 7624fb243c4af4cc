"""What is changed inside moto's model of S3."""

from io import BytesIO
from typing import Any, cast

from moto.s3.models import FakeKey


def _copy_without_content(key: FakeKey, _memo: dict[int, Any]) -> FakeKey:
    copied = cast("FakeKey", FakeKey.__new__(FakeKey))
    # The copy closes its content, and that of its parts, when it goes: they must not be the key's own.
    vars(copied).update(vars(key), _etag=key.etag.strip('"'), _value_buffer=BytesIO(), multipart=None, disposed=True)
    return copied


def mend_s3() -> None:
    """ListObjectVersions copies every key of the bucket: stop it from reading all contents for that."""
    setattr(FakeKey, "__deepcopy__", _copy_without_content)  # noqa: B010 - a method that the class does not have
