"""The buckets and their objects, as a developer looks at them."""

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from moto.s3.models import FakeBucket, FakeKey

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import not_found
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.cloud.s3 import model
from emulation.cloud.s3.lifecycle_rules import enabled_rules, end_of_current, end_of_noncurrent
from server.clock import to_iso

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

PAGE_OBJECTS = 60
# What a browser may show of an object; anything else is a download.
SHOWN_TYPES = ("image/avif", "image/gif", "image/heic", "image/jpeg", "image/png", "image/webp", "application/pdf")


class BucketsControl:
    """`/_cloud/buckets`, `/_cloud/objects` and the bytes of one, `/_cloud/object`."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/buckets"): self.list_buckets,
            ("GET", "/_cloud/objects"): self.list_objects,
            ("GET", "/_cloud/object"): self.get_object,
        }

    async def list_buckets(self, _request: Request) -> Answer:
        """Each bucket with how much it holds and the ids of its lifecycle rules."""
        self._cloud.services.s3.lifecycle.follow_clock()
        return json_answer(200, {"buckets": [_describe_bucket(one) for one in model.backend().buckets.values()]})

    async def list_objects(self, request: Request) -> Answer:
        """A page of a bucket's keys, in their order: `{"objects": […], "next": key or null}`.

        Query: `bucket`, `prefix`, `after`. A key whose current version is a delete marker has `isDeleted`.
        """
        query = request.query
        bucket = model.find_bucket(query.get("bucket", ""))
        if bucket is None:
            return not_found("There is no such bucket.")
        self._cloud.services.s3.lifecycle.follow_clock()
        prefix, after = query.get("prefix", ""), query.get("after", "")
        keys = (key for key in sorted(bucket.keys) if key.startswith(prefix) and key > after)
        page = list(islice(keys, PAGE_OBJECTS + 1))
        following = page[PAGE_OBJECTS - 1] if len(page) > PAGE_OBJECTS else None
        return json_answer(
            200, {"objects": [self._describe(bucket, key) for key in page[:PAGE_OBJECTS]], "next": following}
        )

    async def get_object(self, request: Request) -> Answer:
        """The bytes of an object's newest version, deleted or not; a browser may show a picture, and run nothing."""
        bucket = model.find_bucket(request.query.get("bucket", ""))
        newest = model.newest_object(bucket, request.query.get("key", "")) if bucket is not None else None
        if newest is None:
            return not_found("There is no such object.")
        content_type = str(newest.metadata.get("Content-Type", ""))
        is_shown = content_type in SHOWN_TYPES
        headers = [
            ("Content-Type", content_type if is_shown else "application/octet-stream"),
            ("Content-Disposition", "inline" if is_shown else "attachment"),
        ]
        return Answer(200, bytes(newest.value), headers)

    def _describe(self, bucket: FakeBucket, key: str) -> dict[str, Any]:
        versions = model.versions_of(bucket, key)
        current = versions[-1]
        newest = model.newest_object(bucket, key)
        described: dict[str, Any] = {
            "key": key,
            "versions": len(versions),
            "isDeleted": not isinstance(current, FakeKey),
            "lastModified": to_iso(model.created_at(current)),
        }
        if newest is None:
            return described
        # Whatever hides it: a key may be deleted more than once.
        successor = next(iter(versions[versions.index(newest) + 1 :]), None)
        end = self._end(bucket, newest, None if successor is None else model.created_at(successor))
        return {
            **described,
            "size": newest.size,
            "etag": newest.etag.strip('"'),
            "contentType": newest.metadata.get("Content-Type", ""),
            "metadata": {
                name.lower().removeprefix("x-amz-meta-"): value
                for name, value in newest.metadata.items()
                if name.lower().startswith("x-amz-meta-")
            },
            "tags": model.tags_of(newest),
            "expiresInSeconds": end,
        }

    def _end(self, bucket: FakeBucket, version: FakeKey, noncurrent_since: datetime | None) -> int | None:
        """After how many seconds a rule deletes a version; None when none does."""
        rules = enabled_rules(bucket) if bucket.rules else []
        if noncurrent_since is None:
            found = end_of_current(rules, version)
            since, end = model.created_at(version), found[0] if found else None
        else:
            since, end = noncurrent_since, end_of_noncurrent(rules, version, noncurrent_since)
        return None if end is None else int(self._cloud.data.clock.time_left(since, end).total_seconds())


def _describe_bucket(bucket: FakeBucket) -> dict[str, Any]:
    newest = [version for key in bucket.keys if isinstance(version := model.current_version(bucket, key), FakeKey)]
    return {
        "name": bucket.name,
        "objects": len(newest),
        "bytes": sum(one.size for one in newest),
        "versioning": bucket.versioning_status or "Off",
        "rules": [rule.id for rule in enabled_rules(bucket)] if bucket.rules else [],
    }
