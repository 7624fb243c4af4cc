"""The edge's cache: answers by their key, the least recently used forgotten first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from multidict import CIMultiDict

from server.clock import Clock

LARGEST_BYTES = 64 * 1024 * 1024
# CloudFront keeps up to 50 GB of one object; what is larger than this goes through, and is fetched each time.
LARGEST_ENTRY_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """An answer as it is sent, compressed or not. `origin_etag` is the origin's own tag, to ask it again with."""

    status: int
    headers: CIMultiDict[str]
    body: bytes
    stored_at: datetime
    lifetime_seconds: float
    origin_etag: str = ""

    def renewed(self, stored_at: datetime, lifetime_seconds: float) -> "Entry":
        """The same answer, as good as new."""
        return replace(self, stored_at=stored_at, lifetime_seconds=lifetime_seconds)


class Cache:
    """Entries up to so many bytes. Their age is the clock's, so that ageing the past ages them too."""

    def __init__(self, clock: Callable[[], Clock], largest_bytes: int = LARGEST_BYTES) -> None:
        self._clock = clock
        self._largest_bytes = largest_bytes
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._bytes = 0

    def now(self) -> datetime:
        """The time at which an entry is stored."""
        return self._clock().now()

    def age_of(self, entry: Entry) -> timedelta:
        """How old an entry is."""
        return self._clock().age(entry.stored_at)

    def is_fresh(self, entry: Entry) -> bool:
        """Whether an entry may be served without asking the origin."""
        return self.age_of(entry).total_seconds() < entry.lifetime_seconds

    def find(self, key: Hashable, max_ttl: float) -> Entry | None:
        """The entry of a key, fresh or not; one that is older than the policy's maximum is gone.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
        """
        entry = self._entries.get(key)
        if entry is None:
            return None
        if self.age_of(entry).total_seconds() > max(max_ttl, entry.lifetime_seconds):
            self._forget(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def store(self, key: Hashable, entry: Entry) -> None:
        """Keep an entry, in place of an older one."""
        self._forget(key)
        if entry.lifetime_seconds <= 0 or len(entry.body) > LARGEST_ENTRY_BYTES:
            return
        self._entries[key] = entry
        self._bytes += len(entry.body)
        while self._bytes > self._largest_bytes:
            self._forget(next(iter(self._entries)))

    def invalidate(self) -> None:
        """Forget everything, as an invalidation of `/*` does."""
        self._entries.clear()
        self._bytes = 0

    def _forget(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= len(entry.body)
