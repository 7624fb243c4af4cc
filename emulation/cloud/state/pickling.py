"""Takes the objects of moto and of the local AWS apart, and puts them together again.

A snapshot may come from somebody else, and a pickle can name any function: reading refuses whatever is no class of
moto's or ours, or is not in ALLOWED.
"""

import copyreg
import io
import pickle
import re
import threading
from collections import ChainMap
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from joserfc.jwk import RSAKey
from moto.core.base_backend import BaseBackend
from moto.dynamodb.models.table import StreamRecord
from moto.s3.models import FakeKey
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.dynamodb.items import StoredItem, reduce_item, reduce_record, restore_item, restore_record
from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.objects import ObjectStore, StoredContent, content_name
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError

PROTOCOL = 5


def restore_key(key: FakeKey, attributes: dict[str, Any]) -> None:
    """An S3 key's attributes; its lock is a new one."""
    key.__dict__.update(attributes)
    key.lock = threading.Lock()


def restore_versions(store: _VersionedKeyStore, versions: Mapping[str, Any]) -> None:
    """A bucket's keys, each with its versions."""
    # The class's own __setitem__ appends a version, and its items() gives only the latest one.
    for name, keys in versions.items():
        dict.__setitem__(store, name, keys)


def restore_rsa_key(jwk: dict[str, Any]) -> RSAKey:
    """A key from its JWK."""
    return RSAKey.import_key(jwk)


def backend_at(service: str, account: str, region: str) -> BaseBackend:
    """The living backend that a model refers to."""
    backend: BaseBackend = BACKENDS[service][account][region]
    return backend


def stored_content(name: str, size: int) -> StoredContent:
    """Stands in the pickle for a content; loading puts the store's own in its place."""
    raise StateIncompatibleError(f"the content {name} of {size} bytes was asked for outside of loading")


ALLOWED = frozenset(
    {
        ("builtins", "bytearray"),
        ("builtins", "dict"),
        ("builtins", "frozenset"),
        ("builtins", "object"),
        ("builtins", "set"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
        ("collections", "deque"),
        ("copyreg", "_reconstructor"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
    }
)
# What `content_name` makes; anything else could be a path out of the folder.
_CONTENT_NAME = re.compile(r"[0-9a-f]{40}")
FUNCTIONS: dict[tuple[str, str], Callable[..., Any]] = {
    (function.__module__, function.__name__): function
    for function in (
        backend_at,
        restore_item,
        restore_key,
        restore_record,
        restore_rsa_key,
        restore_versions,
    )
}
OWN_PACKAGES = ("moto.", "emulation.")


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
                RSAKey: lambda key: (restore_rsa_key, (key.as_dict(private=True),)),
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
        if isinstance(content, StoredContent):
            name = content.path.name
        else:
            value = b"" if key.disposed else key.value
            name = content_name(value)
            self.new_contents[name] = value
            self.new_keys.append((key, name))
        self.objects.add(name)
        state["_value_buffer"] = _Reference(name, key.contentsize)
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

    def __init__(self, content: bytes, store: ObjectStore, shelf: Callable[[str], Any] | None = None) -> None:
        super().__init__(io.BytesIO(content))
        self._store = store
        self._shelf = shelf

    def persistent_load(self, name: Any) -> Any:
        """The container of a shelf."""
        if self._shelf is None:
            raise StateIncompatibleError("a shelf stands on a shelf")
        return self._shelf(name)

    def find_class(self, module: str, name: str) -> Any:
        """A class of data, or one of the functions above."""
        if (module, name) in FUNCTIONS:
            return FUNCTIONS[module, name]
        if (module, name) == (stored_content.__module__, stored_content.__name__):
            return self._find_content
        if (module, name) in ALLOWED:
            return super().find_class(module, name)
        if module.startswith(OWN_PACKAGES):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__.startswith(OWN_PACKAGES):
                return found
        raise StateIncompatibleError(f"it names {module}.{name}, which is no data")

    def _find_content(self, name: str, size: int) -> StoredContent:
        if not _CONTENT_NAME.fullmatch(name) or not self._store.has(name, size):
            raise StateDamagedError(f"the content {name} of an S3 object is missing or has another length")
        return StoredContent(self._store.path(name))
