"""Turns the state of the local AWS into bytes and back."""

import copyreg
import io
import pickle
import threading
from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from joserfc.jwk import RSAKey
from moto.core.base_backend import BaseBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamRecord
from moto.s3.models import FakeKey, s3_backends
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.data import Data
from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.objects import ObjectStore, StoredContent, content_name
from emulation.cloud.pickled_items import reduce_item, reduce_record
from emulation.cloud.state_file import SavedState, StateDamagedError, StateIncompatibleError


@dataclass
class Snapshot:
    """A moment's state, and the contents of new objects that must be stored before it."""

    state: SavedState
    new_contents: dict[str, bytes] = field(default_factory=dict)
    new_keys: list[tuple[FakeKey, str]] = field(default_factory=list)


def _restore_key(key: FakeKey, attributes: dict[str, Any]) -> None:
    key.__dict__.update(attributes)
    key.lock = threading.Lock()


def _restore_versions(store: _VersionedKeyStore, versions: dict[str, Any]) -> None:
    # The class's own __setitem__ appends a version, and its items() gives only the latest one.
    for name, keys in versions.items():
        dict.__setitem__(store, name, keys)


def stored_content(name: str) -> StoredContent:
    """Stands in the pickle for a content; loading puts the store's own in its place."""
    raise StateIncompatibleError(f"the content {name} was asked for outside of loading")


def backend_at(service: str, account: str, region: str) -> BaseBackend:
    """The living backend that a model refers to."""
    backend: BaseBackend = BACKENDS[service][account][region]
    return backend


class _Pickler(pickle.Pickler):
    """Pickles moto's objects; an object's content is replaced by its name, a reference to a backend by its place.

    A table of types costs nothing for the many values of DynamoDB items, where a method would be called for each.
    """

    def __init__(self, stream: io.BytesIO, store: ObjectStore) -> None:
        super().__init__(stream, protocol=5)
        self._store = store
        self.objects: dict[str, int] = {}
        self.new_contents: dict[str, bytes] = {}
        self.new_keys: list[tuple[FakeKey, str]] = []
        self.dispatch_table: ChainMap[type, Callable[[Any], Any]] = ChainMap(
            {
                FakeKey: self._reduce_key,
                Item: reduce_item,
                StreamRecord: reduce_record,
                StoredContent: lambda content: (stored_content, (content.path.name,)),
                RSAKey: lambda key: (RSAKey.import_key, (key.as_dict(private=True),)),
                _VersionedKeyStore: lambda keys: (_VersionedKeyStore, (), dict(keys), None, None, _restore_versions),
            },
            {BACKENDS[service].backend: partial(_reduce_backend, service) for service in BACKENDS},
            copyreg.dispatch_table,
        )

    def _reduce_key(self, key: FakeKey) -> Any:
        state = dict(key.__dict__)
        del state["lock"]
        content: Any = key._value_buffer  # noqa: SLF001 - moto's only handle on the content
        if not isinstance(content, StoredContent):
            value = b"" if key.disposed else key.value
            name = content_name(value)
            self.new_contents[name] = value
            self.new_keys.append((key, name))
            content = state["_value_buffer"] = StoredContent(self._store.path(name))
        self.objects[content.path.name] = key.contentsize
        return FakeKey.__new__, (FakeKey,), state, None, None, _restore_key


def _reduce_backend(service: str, backend: BaseBackend) -> Any:
    return backend_at, (service, backend.account_id, backend.region_name)


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, store: ObjectStore) -> None:
        super().__init__(stream)
        self._store = store

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, stored_content.__name__):
            return lambda content: StoredContent(self._store.path(content))
        return super().find_class(module, name)


def take_snapshot(data: Data, store: ObjectStore) -> Snapshot:
    """The state as it is now. Call it in the event loop's thread, where nothing changes meanwhile."""
    backends = {
        (service, account, region): backend.__dict__
        for service in BACKENDS
        for account, region, backend in BACKENDS[service].iter_backends()
    }
    stream = io.BytesIO()
    pickler = _Pickler(stream, store)
    pickler.dump((data, backends, s3_backends.bucket_accounts))
    state = SavedState(stream.getvalue(), pickler.objects)
    return Snapshot(state, pickler.new_contents, pickler.new_keys)


def release_contents(snapshot: Snapshot, store: ObjectStore) -> None:
    """Let the keys read their contents from the store from now on, instead of holding them in memory."""
    for key, name in snapshot.new_keys:
        if not key.disposed:
            key._value_buffer.close()  # noqa: SLF001
            vars(key)["_value_buffer"] = StoredContent(store.path(name))


def load_snapshot(state: SavedState, store: ObjectStore) -> Data:
    """Put a state's backends in place and return the rest; on an error nothing has been put in place.

    Raises StateDamagedError when an object's content is missing, StateIncompatibleError when a class has changed.
    """
    for name, size in state.objects.items():
        if not store.has(name, size):
            raise StateDamagedError(f"the content {name} of an S3 object is missing or has another length")
    try:
        data, backends, bucket_accounts = _Unpickler(io.BytesIO(state.payload), store).load()
    except Exception as error:
        raise StateIncompatibleError(f"its classes have changed ({error})") from error
    for (service, account, region), attributes in backends.items():
        BACKENDS[service][account][region].__dict__ = attributes
    # Where moto finds a bucket by its name, whoever asks.
    s3_backends.bucket_accounts.update(bucket_accounts)
    if not isinstance(data, Data):
        raise StateIncompatibleError("it does not hold this program's data")
    return data
