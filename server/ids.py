"""Identifiers: UUID version 7, so that their text sorts in the order of creation."""

import re
from collections.abc import Callable

from server.clock import Clock

ID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


class Ids:
    """Makes new identifiers from a clock and a source of random bytes."""

    def __init__(self, clock: Clock, random_bytes: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random_bytes = random_bytes

    def new_id(self) -> str:
        """A new UUIDv7 (RFC 9562, 5.7): milliseconds, then 12 bits of their fraction, then 62 random bits."""
        microseconds = int(self._clock.now().timestamp() * 1_000_000)
        milliseconds, rest = divmod(microseconds, 1000)
        fraction = rest * 4096 // 1000
        tail = int.from_bytes(self._random_bytes(8), "big") & ((1 << 62) - 1)
        digits = f"{milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def fraction(self) -> float:
        """A random number from 0 up to 1, for waits that must not coincide."""
        return int.from_bytes(self._random_bytes(4), "big") / 2**32


def is_id(text: str) -> bool:
    """Whether the text could be one of our identifiers."""
    return re.fullmatch(ID_PATTERN, text) is not None
