"""The state at one moment, taken from the living objects and put back in their place."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from moto.s3.models import FakeKey, s3_backends

from emulation.cloud.data import Data
from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.objects import ObjectStore, StoredContent
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.pickling import Pickling, Unpickling
from emulation.cloud.state.pieces import Shelves
from emulation.cloud.state.shelves import find_shelves, iter_backends, rebuild

# The shelf of all that is on no other, as one piece.
REST = "rest"


@dataclass(frozen=True)
class Snapshot:
    """The pieces, the names of the contents that they refer to by service, and the contents that are not stored yet."""

    shelves: Shelves
    objects: Mapping[str, frozenset[str]]
    new_contents: Mapping[str, bytes]
    new_keys: tuple[tuple[FakeKey, str], ...]

    def object_names(self) -> frozenset[str]:
        """All contents that are referred to."""
        return frozenset().union(*self.objects.values())


@dataclass(frozen=True)
class Loaded:
    """A state that was read and is not in place yet."""

    data: Data
    backends: Mapping[tuple[str, str, str], dict[str, Any]]
    bucket_accounts: Mapping[str, tuple[str, str]]


EMPTY = Snapshot({}, {}, {}, ())


def take_snapshot(data: Data, store: ObjectStore, changed: Container[str] = (), last: Snapshot = EMPTY) -> Snapshot:
    """The state as it is now. Call it in the event loop's thread, where nothing changes meanwhile.

    Shelves of a service that is not among the `changed` ones are taken over from the last snapshot.
    """
    pickling = Pickling(store)
    shelves: Shelves = {}
    objects: dict[str, frozenset[str]] = {}
    shelved = {}
    for shelf in find_shelves(data):
        shelved[id(shelf.container)] = shelf.name
        if shelf.service in changed or shelf.name not in last.objects:
            pickling.objects = set()
            shelves[shelf.name] = shelf.pieces(pickling.dumps)
            objects[shelf.name] = frozenset(pickling.objects)
        else:
            shelves[shelf.name] = last.shelves[shelf.name]
            objects[shelf.name] = last.objects[shelf.name]
    pickling.objects = set()
    shelves[REST] = {"": pickling.dumps_around(_rest(data), shelved)}
    objects[REST] = frozenset(pickling.objects)
    return Snapshot(shelves, objects, pickling.new_contents, tuple(pickling.new_keys))


def _rest(data: Data) -> tuple[Any, ...]:
    backends = {
        (service, account, region): backend.__dict__
        for service in BACKENDS
        for account, region, backend in iter_backends(service)
    }
    return data, backends, s3_backends.bucket_accounts


def release_contents(snapshot: Snapshot, store: ObjectStore) -> None:
    """Let the keys read their contents from the store from now on, instead of holding them in memory."""
    for key, name in snapshot.new_keys:
        if not key.disposed:
            key._value_buffer.close()  # noqa: SLF001
            vars(key)["_value_buffer"] = StoredContent(store.path(name))


def read_snapshot(shelves: Shelves, store: ObjectStore) -> Loaded:
    """A state from its pieces; nothing is put in place.

    Raises StateDamagedError when an object's content is missing, StateIncompatibleError when a class has changed.
    """

    def loads(piece: bytes) -> Any:
        return Unpickling(piece, store).load()

    def load_shelf(name: str) -> Any:
        return rebuild(name, shelves.get(name, {}), loads)

    try:
        data, backends, bucket_accounts = Unpickling(shelves[REST][""], store, load_shelf).load()
    except (StateDamagedError, StateIncompatibleError):
        raise
    except Exception as error:
        raise StateIncompatibleError(f"its classes have changed ({error})") from error
    if not isinstance(data, Data):
        raise StateIncompatibleError("it does not hold this program's data")
    return Loaded(data, backends, bucket_accounts)


def put_in_place(loaded: Loaded) -> Data:
    """Let moto work on a loaded state, and on nothing else; the rest of it is returned."""
    for service in BACKENDS:
        for account, region, backend in iter_backends(service):
            if (service, account, region) not in loaded.backends:
                backend.reset()
    for (service, account, region), attributes in loaded.backends.items():
        BACKENDS[service][account][region].__dict__ = attributes
    # Where moto finds a bucket by its name, whoever asks.
    s3_backends.bucket_accounts.clear()
    s3_backends.bucket_accounts.update(loaded.bucket_accounts)
    return loaded.data


def count(shelves: Shelves) -> dict[str, int]:
    """How much there is of what a person would count: users, items and object keys."""

    def pieces(kind: str) -> int:
        return sum(len(pieces) for name, pieces in shelves.items() if name.startswith(f"{kind} "))

    pools = [pool for _, _, backend in iter_backends("cognito-idp") for pool in backend.user_pools.values()]
    users = sum(len(pool.users) for pool in pools)
    return {"users": users, "items": pieces("items"), "objects": pieces("versions")}
