"""A dictionary whose entries are saved one by one, and only those that may have changed."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TypeVar

Value = TypeVar("Value")


class Book(MutableMapping[str, Value]):
    """Whoever is handed an entry may change it: it is pickled anew at the next saving, all others are not.

    `glance` hands entries out for reading alone. Nobody may change an entry across an `await`: a saving may have come
    between.
    """

    def __init__(self, entries: Mapping[str, Value] | None = None, pieces: Mapping[str, bytes] | None = None) -> None:
        """`pieces` are what the entries were read from."""
        self._entries = dict(entries or {})
        self._pieces = dict(pieces or {})
        self._handed: set[str] = set()

    def __getitem__(self, key: str) -> Value:
        value = self._entries[key]
        self._handed.add(key)
        return value

    def __setitem__(self, key: str, value: Value) -> None:
        self._handed.add(key)
        self._entries[key] = value

    def __delitem__(self, key: str) -> None:
        del self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def glance(self) -> Iterator[tuple[str, Value]]:
        """All entries by key, oldest first, for those who only read."""
        return iter(self._entries.items())

    def add(self, value: Value, most: int) -> None:
        """Append an entry under the next number; of more than `most` the oldest go."""
        self[str(int(next(reversed(self._entries), "0")) + 1)] = value
        while len(self) > most:
            del self[next(iter(self))]

    def take_pieces(self, dumps: Callable[[Value], bytes]) -> dict[str, bytes]:
        """The bytes of every entry, in their order."""
        before, handed = self._pieces, self._handed
        self._pieces = {
            key: dumps(value) if key in handed or key not in before else before[key]
            for key, value in self._entries.items()
        }
        self._handed = set()
        return self._pieces
