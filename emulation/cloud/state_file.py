"""The file that keeps the state: one line that describes it, then the state itself."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from emulation.cloud.objects import sync_folder

# Count up when something that is pickled changes its shape.
FORMAT = 1


class StateDamagedError(Exception):
    """The file, or a file that it refers to, is not as it was written; the text says what is wrong."""


class StateIncompatibleError(Exception):
    """The file is whole, but another version wrote it; the text says which."""


@dataclass(frozen=True)
class SavedState:
    """`payload` is the pickled state, `objects` the size in bytes of each stored content that it refers to."""

    payload: bytes
    objects: Mapping[str, int]


def _checksum(payload: bytes, objects: Mapping[str, int]) -> str:
    digest = blake2b(payload, digest_size=20)
    digest.update(json.dumps(sorted(objects.items())).encode())
    return digest.hexdigest()


def write_state(path: Path, state: SavedState) -> None:
    """Replace the file durably: at every moment either the old or the new one is there, whole."""
    header = {
        "format": FORMAT,
        "moto": version("moto"),
        "checksum": _checksum(state.payload, state.objects),
        "bytes": len(state.payload),
        "objects": dict(state.objects),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    with aside.open("wb") as file:
        file.write(json.dumps(header).encode() + b"\n")
        file.write(state.payload)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def read_state(path: Path) -> SavedState:
    """The state of a file; raises StateDamagedError or StateIncompatibleError."""
    line, _, payload = path.read_bytes().partition(b"\n")
    try:
        header = json.loads(line)
        objects: dict[str, int] = header["objects"]
        written_by = (header["format"], header["moto"])
        checksum = header["checksum"]
    except (ValueError, KeyError, TypeError):
        raise StateDamagedError("its first line cannot be read") from None
    if written_by != (FORMAT, version("moto")):
        raise StateIncompatibleError(
            f"it has format {written_by[0]} of moto {written_by[1]}, this is format {FORMAT} of moto {version('moto')}"
        )
    if _checksum(payload, objects) != checksum:
        raise StateDamagedError("its checksum does not match")
    return SavedState(payload, objects)
