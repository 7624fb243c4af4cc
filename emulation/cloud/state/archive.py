"""A snapshot as one file: a zip archive with a manifest, the state as one record, and the contents of S3 objects.

It loads neither moto nor any class of the state, so that a command can look at it quickly.
"""

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from emulation.cloud.state.errors import StateDamagedError
from emulation.cloud.state.stamp import check_stamp, plain_stamp

SUFFIX = ".gcsnap"
MANIFEST = "manifest.json"
STATE = "state"
OBJECTS = "objects/"
CHUNK_BYTES = 1 << 20
_OBJECT = re.compile(r"objects/[0-9a-f]{40}")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError)


@dataclass(frozen=True)
class Manifest:
    """`stamp` is the version that made it, `created` UTC ISO 8601, `checksums` by member."""

    stamp: Mapping[str, Any]
    created: str
    counts: Mapping[str, int]
    checksums: Mapping[str, str]


def write_archive(
    path: Path, record: bytes, contents: Iterable[Path], stamp: Mapping[str, Any], created: str, counts: dict[str, int]
) -> None:
    """Write the file anew; a content's name is its file's."""
    checksums = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(STATE, record)
        checksums[STATE] = blake2b(record, digest_size=20).hexdigest()
        for content in contents:
            member = f"{OBJECTS}{content.name}"
            with content.open("rb") as source, archive.open(member, "w") as target:
                checksums[member] = _copy(source, target.write)
        manifest = Manifest(stamp, created, counts, checksums)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


def read_manifest(path: Path) -> Manifest:
    """What a file says of itself; raises StateDamagedError, or StateIncompatibleError for another format or moto."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_manifest(archive)
    except _UNREADABLE:
        raise StateDamagedError("it is no snapshot, or not a whole one") from None


def extract_archive(path: Path, folder: Path) -> bytes:
    """The state's record, the contents written into a folder. Every byte is checked against the manifest.

    Raises StateDamagedError or StateIncompatibleError; the folder may hold a part then.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            checksums = _read_manifest(archive).checksums
            if {*archive.namelist()} != {MANIFEST, *checksums} or STATE not in checksums:
                raise StateDamagedError("its manifest and its contents differ")
            for member in checksums.keys() - {STATE}:
                _extract(archive, member, checksums[member], folder)
            parts: list[bytes] = []
            with archive.open(STATE) as source:
                _check(STATE, _copy(source, parts.append), checksums[STATE])
            return b"".join(parts)
    except _UNREADABLE as error:
        raise StateDamagedError(f"it cannot be read ({error})") from None


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    # Another format may be laid out otherwise: nothing else of it is looked at.
    check_stamp(manifest.stamp, plain_stamp())
    return manifest


def _extract(archive: zipfile.ZipFile, member: str, checksum: str, folder: Path) -> None:
    if not _OBJECT.fullmatch(member):
        raise StateDamagedError(f"it holds {member}, which is no part of a snapshot")
    with archive.open(member) as source, (folder / member.removeprefix(OBJECTS)).open("wb") as target:
        found = _copy(source, target.write)
    # A content is named by its checksum: what has another name's bytes must not take that one's place.
    _check(member, found, checksum)
    _check(member, found, member.removeprefix(OBJECTS))


def _copy(source: IO[bytes], write: Callable[[bytes], Any]) -> str:
    digest = blake2b(digest_size=20)
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        write(chunk)
    return digest.hexdigest()


def _check(member: str, found: str, expected: str) -> None:
    if found != expected:
        raise StateDamagedError(f"the checksum of {member} does not match")
