"""Takes the objects of moto and of the local AWS apart, and reads them again."""

import copyreg
import io
import pickle
import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.dynamodb.models.table import StreamRecord
from moto.s3.models import FakeKey
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.dynamodb.items import StoredItem, reduce_item, reduce_record
from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.objects import ObjectStore, StoredContent, content_name
from emulation.cloud.state.admission import Admission
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.restoring import (
    backend_at,
    restore_key,
    restore_versions,
    stored_content,
)

PROTOCOL = 5
Loads = Callable[[bytes], Any]


# What `content_name` makes; anything else could be a path out of the folder.
_CONTENT_NAME = re.compile(r"[0-9a-f]{40}")


class Pickling:
    """Pickles one object after the other; notes the contents of S3 objects that they hold.

    A table of types costs nothing for the many values of DynamoDB items, where a method would be called for each.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._stream = io.BytesIO()
        self._pickler = self._new_pickler(pickle.Pickler)
        self.objects: set[str] = set()
        self.new_contents: dict[str, bytes] = {}
        self.new_keys: list[tuple[FakeKey, str]] = []

    def _new_pickler(self, kind: type[pickle.Pickler]) -> Any:
        pickler: Any = kind(self._stream, PROTOCOL)
        pickler.dispatch_table = ChainMap(
            {
                FakeKey: self._reduce_key,
                StoredItem: reduce_item,
                StreamRecord: reduce_record,
                _VersionedKeyStore: lambda keys: (_VersionedKeyStore, (), dict(keys), None, None, restore_versions),
            },
            {BACKENDS[service].backend: partial(_reduce_backend, service) for service in BACKENDS},
            copyreg.dispatch_table,
        )
        return pickler

    def dumps(self, value: Any) -> bytes:
        """One object on its own."""
        return self._dump(self._pickler, value)

    def dumps_around(self, value: Any, shelved: Mapping[int, str]) -> bytes:
        """An object without the containers that are kept on shelves: by id, their shelf's name."""

        class Around(pickle.Pickler):
            def persistent_id(self, one: Any) -> str | None:
                return shelved.get(id(one))

        return self._dump(self._new_pickler(Around), value)

    def _dump(self, pickler: Any, value: Any) -> bytes:
        self._stream.seek(0)
        self._stream.truncate()
        pickler.clear_memo()
        pickler.dump(value)
        return self._stream.getvalue()

    def _reduce_key(self, key: FakeKey) -> Any:
        state = dict(key.__dict__)
        del state["lock"]
        content: Any = key._value_buffer  # noqa: SLF001 - moto's only handle on the content
        if isinstance(content, StoredContent) and not key.disposed:
            name, size = content.path.name, key.contentsize
        else:
            # The parts of a completed upload are disposed of, and still say how large they were.
            value = b"" if key.disposed else key.value
            name, size = content_name(value), len(value)
            self.new_contents[name] = value
            self.new_keys.append((key, name))
        self.objects.add(name)
        state["_value_buffer"] = _Reference(name, size)
        return copyreg.__newobj__, (FakeKey,), state, None, None, restore_key  # type: ignore[attr-defined]


class _Reference:
    def __init__(self, name: str, size: int) -> None:
        self._content = (name, size)

    def __reduce__(self) -> Any:
        return stored_content, self._content


def _reduce_backend(service: str, backend: BaseBackend) -> Any:
    return backend_at, (service, backend.account_id, backend.region_name)


class Unpickling(pickle.Unpickler):
    """Reads one object; `shelf` gives the container that is kept on a shelf.

    Raises StateDamagedError when the content of an S3 object is missing.
    """

    def __init__(
        self, content: bytes, store: ObjectStore, admission: Admission, shelf: Callable[[str], Any] | None = None
    ) -> None:
        super().__init__(io.BytesIO(content))
        self._store = store
        self._admission = admission
        self._shelf = shelf

    def persistent_load(self, name: Any) -> Any:
        """The container of a shelf."""
        if self._shelf is None:
            raise StateIncompatibleError("a shelf stands on a shelf")
        return self._shelf(name)

    def find_class(self, module: str, name: str) -> Any:
        """A class of data, or one of the functions that put moto's objects together."""
        if (module, name) == (stored_content.__module__, stored_content.__name__):
            return self._find_content
        return self._admission.find(module, name)

    def _find_content(self, name: str, size: int) -> StoredContent:
        if not _CONTENT_NAME.fullmatch(name) or not self._store.has(name, size):
            raise StateDamagedError(f"the content {name} of an S3 object is missing or has another length")
        return StoredContent(self._store.path(name))
