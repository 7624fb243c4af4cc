"""Lifecycle rules honoured against the local clock: what is expired is not served, and is deleted soon.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from itertools import pairwise
from urllib.parse import quote

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey

from emulation.clock import AgeingClock
from emulation.cloud.s3 import model
from emulation.cloud.s3.lifecycle_rules import (
    drops_lone_marker,
    enabled_rules,
    end_of_current,
    end_of_noncurrent,
    end_of_upload,
)

SWEEP_SECONDS = 30.0
# moto does not note when a multipart upload was begun.
STARTED_AT = "_started_at"


class Lifecycle:
    """Deletes what the rules of its bucket say; `changed` is called when something was."""

    def __init__(self, clock: AgeingClock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._ageings_seen = clock.events

    async def run(self) -> None:
        """Look at all buckets now and then, until cancelled."""
        while True:
            self.sweep()
            await asyncio.sleep(SWEEP_SECONDS)

    def follow_clock(self) -> None:
        """Look at all buckets at once when the clock was advanced since the last time."""
        ageings = self._clock.events
        if ageings != self._ageings_seen:
            self._ageings_seen = ageings
            self.sweep()

    def sweep(self) -> None:
        """Delete all that is expired."""
        for bucket in list(model.backend().buckets.values()):
            if bucket.rules:
                for key in list(bucket.keys):
                    self.expire(bucket, key)
                self._abort_uploads(bucket)

    def expire(self, bucket: FakeBucket, key: str) -> None:
        """Delete what is expired under one key."""
        versions = model.versions_of(bucket, key) if bucket.rules else []
        if not versions:
            return
        rules = enabled_rules(bucket)
        gone = []
        for version, successor in pairwise(versions):
            since = model.created_at(successor)
            if self._is_over(since, end_of_noncurrent(rules, version, since)):
                gone.append(version)
        current = versions[-1]
        if isinstance(current, FakeKey):
            found = end_of_current(rules, current)
            if found and self._is_over(model.created_at(current), found[0]):
                self._expire_current(bucket, current)
        elif len(gone) + 1 == len(versions) and drops_lone_marker(rules, current):
            gone.append(current)
        if gone:
            model.remove_versions(bucket, key, gone)
            self._changed()

    def expiration(self, bucket: FakeBucket, key: FakeKey) -> str | None:
        """What x-amz-expiration says of a current object: when it expires, and by which rule."""
        found = end_of_current(enabled_rules(bucket), key) if bucket.rules else None
        if found is None:
            return None
        end, rule = found
        return f'expiry-date="{format_datetime(end, usegmt=True)}", rule-id="{quote(rule.id or "")}"'

    def note_upload(self, bucket: FakeBucket) -> None:
        """Note when the multipart uploads began that were not seen before."""
        for upload in bucket.multiparts.values():
            vars(upload).setdefault(STARTED_AT, self._clock.now())

    def _is_over(self, since: datetime, end: datetime | None) -> bool:
        return end is not None and self._clock.age(since) >= end - since

    def _expire_current(self, bucket: FakeBucket, current: FakeKey) -> None:
        # On a bucket that is or was versioned, expiry only adds a marker.
        if bucket.versioning_status:
            bucket.keys[current.name] = FakeDeleteMarker(key=current)
        else:
            model.remove_versions(bucket, current.name, [current])
        self._changed()

    def _abort_uploads(self, bucket: FakeBucket) -> None:
        rules = enabled_rules(bucket)
        for upload_id, upload in list(bucket.multiparts.items()):
            started_at = vars(upload).get(STARTED_AT)
            if started_at and self._is_over(started_at, end_of_upload(rules, upload.key_name, started_at)):
                del bucket.multiparts[upload_id]
                self._changed()
