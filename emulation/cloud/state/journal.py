"""The file that keeps the state: the whole of it once, then what has changed since, record after record.

Each record is a head of fixed size, which is JSON that describes it, and a payload. One that a crash has cut short at
the end of the file is none: reading stops before it, and the next one is written over it.
"""

import io
import json
import os
import pickle
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from emulation.cloud.objects import sync_folder
from emulation.cloud.state.errors import StateDamagedError
from emulation.cloud.state.pieces import Change, Shelves, apply_change
from emulation.cloud.state.stamp import check_stamp

HEAD_BYTES = 512
# The file is written anew when its changes have grown by more than this and than the state itself.
MOST_CHANGES_BYTES = 8_000_000


class Journal:
    """One file; `stamp` is the version that it is written by."""

    def __init__(self, path: Path, stamp: Mapping[str, Any]) -> None:
        self.path = path
        self._stamp = dict(stamp)
        self._whole_bytes = 0
        self._end = 0

    def read(self) -> Shelves:
        """The state; raises StateDamagedError or StateIncompatibleError."""
        content = memoryview(self.path.read_bytes())
        shelves: Shelves = {}
        self._whole_bytes = self._end = 0
        while (record := _read_record(content[self._end :], self._stamp)) is not None:
            change, size = record
            apply_change(shelves, change)
            self._end += size
            self._whole_bytes = self._whole_bytes or size
        if not self._end:
            raise StateDamagedError("it ends within its first record")
        return shelves

    def write(self, change: Change, state: Shelves) -> None:
        """Store a change durably; `state` is the whole one that it leads to. Raises OSError."""
        changes_bytes = self._end - self._whole_bytes
        if not self._end or changes_bytes > max(MOST_CHANGES_BYTES, self._whole_bytes):
            self._write_whole(state)
        elif change:
            self._append(change)

    def _append(self, change: Change) -> None:
        record = pack_record(change, self._stamp)
        with self.path.open("r+b") as file:
            # What a broken-off append left goes first: nothing may ever stand behind a whole record.
            file.truncate(self._end)
            file.seek(self._end)
            file.write(record)
            file.flush()
            os.fsync(file.fileno())
        self._end += len(record)

    def _write_whole(self, state: Shelves) -> None:
        record = pack_record(Change(state), self._stamp)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.path.with_name(f"{self.path.name}.new")
        with aside.open("wb") as file:
            file.write(record)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path)
        sync_folder(self.path.parent)
        self._whole_bytes = self._end = len(record)


def pack_record(change: Change, stamp: Mapping[str, Any]) -> bytes:
    """A record."""
    payload = pickle.dumps((change.written, change.removed), protocol=5)
    fields = {**stamp, "bytes": len(payload), "checksum": _digest(payload)}
    head = json.dumps({**fields, "head": _digest(json.dumps(fields).encode())})
    return head.encode().ljust(HEAD_BYTES - 1) + b"\n" + payload


def unpack_record(content: bytes, stamp: Mapping[str, Any]) -> Change:
    """The only record of a content; raises StateDamagedError or StateIncompatibleError."""
    record = _read_record(memoryview(content), stamp)
    if record is None:
        raise StateDamagedError("its state is cut short")
    return record[0]


def _read_record(content: memoryview, stamp: Mapping[str, Any]) -> tuple[Change, int] | None:
    """The first record and its size; None when it is cut short."""
    if len(content) < HEAD_BYTES:
        return None
    fields = _read_head(bytes(content[:HEAD_BYTES]), stamp)
    end = HEAD_BYTES + int(fields["bytes"])
    if len(content) < end:
        return None
    payload = content[HEAD_BYTES:end]
    if _digest(payload) != fields["checksum"]:
        raise StateDamagedError("its checksum does not match")
    return _read_change(payload), end


def _read_change(payload: memoryview) -> Change:
    try:
        change = Change(*_TextsAndBytes(io.BytesIO(payload)).load())
        pieces = [piece for shelf in change.written.values() for piece in shelf.items()]
        keys = [key for shelf in change.removed.values() for key in shelf]
    except StateDamagedError:
        raise
    except Exception:
        raise StateDamagedError("the pieces of a record cannot be read") from None
    names = (*change.written, *change.removed, *keys, *(key for key, _ in pieces))
    if not all(type(name) is str for name in names) or not all(type(piece) is bytes for _, piece in pieces):
        raise StateDamagedError("a record holds what is no piece")
    return change


def _read_head(line: bytes, stamp: Mapping[str, Any]) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = json.loads(line.partition(b"\n")[0])
        head = fields.pop("head", None)
    except (ValueError, AttributeError):
        raise StateDamagedError("the head of a record cannot be read") from None
    # Before the length is believed: a wrong one would read like a record that is cut short.
    if head != _digest(json.dumps(fields).encode()):
        if head is None:
            check_stamp(fields, stamp)
        raise StateDamagedError("the checksum of a record's head does not match")
    check_stamp(fields, stamp)
    return fields


def _digest(content: bytes | memoryview) -> str:
    return blake2b(content, digest_size=20).hexdigest()


class _TextsAndBytes(pickle.Unpickler):
    """Reads nothing else: a snapshot may come from somebody else, and a pickle can name any function."""

    def find_class(self, module: str, name: str) -> Any:
        raise StateDamagedError(f"it names {module}.{name}, which is no data")
