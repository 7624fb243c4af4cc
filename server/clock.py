"""Time as the code may ask for it: what is it now, and how old is this."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where time comes from. Expiry is always asked as an age, never by comparing with `now` alone."""

    def now(self) -> datetime:
        """The current time, in UTC."""
        ...

    def age(self, issued_at: datetime) -> timedelta:
        """How long ago `issued_at` (an aware time) was."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The current time, in UTC."""
        return datetime.now(UTC)

    def age(self, issued_at: datetime) -> timedelta:
        """How long ago `issued_at` was."""
        return self.now() - issued_at


def to_iso(moment: datetime) -> str:
    """`2026-01-31T12:00:00.000000Z`: sortable as text, always UTC, always microseconds."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def is_over(clock: Clock, issued_at: int, expires_at: int) -> bool:
    """Whether a token has expired; both times are in seconds since 1970, as its claims `iat` and `exp` say them."""
    return clock.age(datetime.fromtimestamp(issued_at, UTC)) >= timedelta(seconds=expires_at - issued_at)
