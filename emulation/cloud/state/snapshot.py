"""The state at one moment, taken from the living objects and put back in their place."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from moto.s3.models import FakeKey, s3_backends

from emulation.cloud.data import Data
from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.objects import ObjectStore, StoredContent
from emulation.cloud.state.admission import Admission
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.pickling import Pickling, Unpickling
from emulation.cloud.state.pieces import Shelves
from emulation.cloud.state.shelves import find_shelves, iter_backends, rebuild

# The shelf of all that is beside moto's data and on no other, and one for each service's: one piece each. What refers
# to one another's objects is pickled together, as the iterators of streams and their tables.
DATA = "rest data"
RESTS = {
    "rest cognito-idp": ("cognito-idp",),
    "rest dynamodb": ("dynamodb", "dynamodbstreams"),
    "rest s3": ("s3",),
}


# The attributes of moto's models by service, account and region.
Backends = Mapping[tuple[str, str, str], dict[str, Any]]


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
    backends: Backends
    bucket_accounts: Mapping[str, tuple[str, str]]


EMPTY = Snapshot({}, {}, {}, ())


def take_snapshot(data: Data, store: ObjectStore, changed: Container[str] = (), last: Snapshot = EMPTY) -> Snapshot:
    """The state as it is now. Call it in the event loop's thread, where nothing changes meanwhile.

    What belongs to a service that is not among the `changed` ones is taken over from the last snapshot.
    """
    pickling = Pickling(store)
    shelves: Shelves = {}
    objects: dict[str, frozenset[str]] = {}

    def put(name: str, service: str, take: Callable[[], dict[str, bytes]]) -> None:
        if service in changed or name not in last.objects:
            pickling.objects = set()
            shelves[name] = take()
            objects[name] = frozenset(pickling.objects)
        else:
            shelves[name], objects[name] = last.shelves[name], last.objects[name]

    shelved = {}
    for shelf in find_shelves(data):
        shelved[id(shelf.container)] = shelf.name
        put(shelf.name, shelf.service, partial(shelf.pieces, pickling))
    for name, services in RESTS.items():
        put(name, services[0], partial(_take_rest, pickling, shelved, services))
    shelves[DATA] = {"": pickling.dumps_around((data, s3_backends.bucket_accounts), shelved)}
    objects[DATA] = frozenset()
    return Snapshot(shelves, objects, pickling.new_contents, tuple(pickling.new_keys))


def _take_rest(pickling: Pickling, shelved: Mapping[int, str], services: tuple[str, ...]) -> dict[str, bytes]:
    backends: Backends = {
        (service, account, region): backend.__dict__
        for service in services
        for account, region, backend in iter_backends(service)
    }
    return {"": pickling.dumps_around(backends, shelved)}


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

    def load_shelf(name: str) -> Any:
        return rebuild(name, shelves.get(name, {}), lambda piece: Unpickling(piece, store, admission).load())

    def load(name: str) -> Any:
        return Unpickling(shelves[name][""], store, admission, load_shelf).load()

    backends: dict[tuple[str, str, str], dict[str, Any]] = {}
    try:
        with Admission() as admission:
            data, bucket_accounts = load(DATA)
            for name in RESTS:
                backends |= load(name)
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
