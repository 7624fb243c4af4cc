"""The state as bytes: shelves by name, each with its pieces by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Shelves = dict[str, dict[str, bytes]]


@dataclass(frozen=True)
class Change:
    """The pieces that are new or different, and the keys of those that are gone, by shelf."""

    written: Shelves = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.written or self.removed)


def difference(old: Mapping[str, Mapping[str, bytes]], new: Shelves) -> Change:
    """What turns `old` into `new`."""
    change = Change()
    nothing: dict[str, bytes] = {}
    for name in old.keys() | new.keys():
        before, after = old.get(name, nothing), new.get(name, nothing)
        # Most pieces are the very same object: comparing their bytes is for the rest.
        written = {key: piece for key, piece in after.items() if before.get(key) is not piece != before.get(key)}
        if written:
            change.written[name] = written
        if len(before) + len(written) != len(after) or before.keys() & written.keys():
            removed = list(before.keys() - after.keys())
            if removed:
                change.removed[name] = removed
    return change


def apply_change(shelves: Shelves, change: Change) -> None:
    """Carry out a change."""
    for name, keys in change.removed.items():
        for key in keys:
            shelves[name].pop(key, None)
    for name, pieces in change.written.items():
        shelves.setdefault(name, {}).update(pieces)
