"""The keys of a bucket, each with its versions; a key whose versions are as they were keeps its piece."""

from typing import Any, NamedTuple

from moto.s3.models import FakeKey
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.state.pickling import Loads, Pickling

# Where a bucket's store keeps the pieces, beside its keys.
KEPT_AS = "_pieces"


class Kept(NamedTuple):
    """What the versions looked like, their piece, and the names of the contents that it refers to."""

    looks: tuple[Any, ...]
    piece: bytes
    contents: frozenset[str]


def take_versions(keys: _VersionedKeyStore, pickling: Pickling) -> dict[str, bytes]:
    """The piece of each key."""
    before: dict[str, Kept] = vars(keys).get(KEPT_AS, {})
    kept = {name: _take(versions, before.get(name), pickling) for name, versions in dict.items(keys)}
    vars(keys)[KEPT_AS] = kept
    for one in kept.values():
        pickling.objects |= one.contents
    return {name: one.piece for name, one in kept.items()}


def rebuild_versions(pieces: dict[str, bytes], loads: Loads) -> _VersionedKeyStore:
    """The store of these keys."""
    keys = _VersionedKeyStore()
    for name, piece in pieces.items():
        # The class's own __setitem__ appends a version.
        dict.__setitem__(keys, name, loads(piece))
    return keys


def _take(versions: list[Any], before: Kept | None, pickling: Pickling) -> Kept:
    looks = tuple(_look(version) for version in versions)
    if before is not None and looks == before.looks:
        return before
    named, pickling.objects = pickling.objects, set()
    piece = pickling.dumps(versions)
    contents, pickling.objects = frozenset(pickling.objects), named
    return Kept(looks, piece, contents)


def _look(version: Any) -> Any:
    """All attributes of a version. moto sets them, and changes in place the metadata and the parts of an upload."""
    if not isinstance(version, FakeKey):
        return id(version)
    if version.multipart is not None:
        return object()
    return (*vars(version).values(), *version.metadata.items())
