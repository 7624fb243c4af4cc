"""moto's model of the buckets, asked directly: its HTTP layer around them takes a hundred times as long."""

from datetime import UTC, datetime
from typing import Any

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend, s3_backends

from emulation.settings import ACCOUNT_ID

PARTITION = "aws"

Version = FakeKey | FakeDeleteMarker


def backend() -> S3Backend:
    """The one that holds all buckets, whatever their region."""
    found: S3Backend = s3_backends[ACCOUNT_ID][PARTITION]
    return found


def find_bucket(name: str) -> FakeBucket | None:
    """The bucket, or None."""
    return backend().buckets.get(name)


def versions_of(bucket: FakeBucket, key: str) -> list[Version]:
    """The versions under a key, oldest first; the last one is current."""
    found: list[Version] = bucket.keys.getlist(key, [])
    return found


def current_version(bucket: FakeBucket, key: str) -> Version | None:
    """The current version, which may be a delete marker."""
    versions = versions_of(bucket, key)
    return versions[-1] if versions else None


def current_object(bucket: FakeBucket, key: str) -> FakeKey | None:
    """The object that a plain read finds."""
    current = current_version(bucket, key)
    return current if isinstance(current, FakeKey) else None


def newest_object(bucket: FakeBucket, key: str) -> FakeKey | None:
    """The newest version that is no delete marker: what was there last, deleted or not."""
    return next((one for one in reversed(versions_of(bucket, key)) if isinstance(one, FakeKey)), None)


def remove_versions(bucket: FakeBucket, key: str, gone: list[Version]) -> None:
    """Delete versions with their contents and tags."""
    left = [version for version in versions_of(bucket, key) if version not in gone]
    for version in gone:
        if isinstance(version, FakeKey):
            backend().tagger.delete_all_tags_for_resource(version.arn)
    bucket.keys.setlist(key, left)
    if not left:
        bucket.keys.pop(key)


def modified_at(version: Version) -> datetime:
    """When it was written, in whole seconds as its Last-Modified says."""
    return created_at(version).replace(microsecond=0)


def created_at(version: Version) -> datetime:
    """When it was written. moto's times are UTC without saying so."""
    when: datetime = version.last_modified
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def tags_of(key: FakeKey) -> dict[str, Any]:
    """The object's tags."""
    return backend().tagger.get_tag_dict_for_resource(key.arn)
