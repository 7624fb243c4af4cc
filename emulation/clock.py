"""A clock whose past can be aged: what was issued before an ageing event is older by its seconds from then on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Ageing:
    """One event: everything issued before `at` is older by `seconds`."""

    at: datetime
    seconds: int


class AgeingClock:
    """The machine's clock plus the ageing events. What is issued after an event is fresh, so nothing is ever
    from the future and the signatures of the SDKs stay valid."""

    def __init__(self, events: Iterable[Ageing] = ()) -> None:
        self._events = list(events)

    @property
    def events(self) -> tuple[Ageing, ...]:
        """The events, oldest first."""
        return tuple(self._events)

    def now(self) -> datetime:
        """The current time, in UTC."""
        return datetime.now(UTC)

    def age(self, issued_at: datetime) -> timedelta:
        """How long ago `issued_at` was, the later ageing events counted in."""
        added = sum(event.seconds for event in self._events if event.at > issued_at)
        return self.now() - issued_at + timedelta(seconds=added)

    def time_left(self, issued_at: datetime, end: datetime) -> timedelta:
        """How long what was issued at `issued_at`, to last until `end`, still lasts."""
        return end - issued_at - self.age(issued_at)

    def advance(self, seconds: int) -> Ageing:
        """Record that everything issued until the event's time is `seconds` older.

        That time is the next whole second, since tokens say when they were issued in whole seconds only: whoever asked
        for the ageing has to wait for it before he issues anything that is to be fresh.
        """
        event = Ageing(self.now().replace(microsecond=0) + timedelta(seconds=1), seconds)
        self._events.append(event)
        return event

    def replace(self, events: Iterable[Ageing]) -> None:
        """Take over the events of another clock (the cloud's); with none, forget all."""
        self._events = list(events)
