"""The containers that are kept piece by piece, since they grow: tables, streams, buckets, Cognito's books, mails.

A kind of shelf says how the pieces of a container are called and how it is put together again. Items and stream
records are replaced and never changed in place: their bytes are made once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from moto.dynamodb.models.table import StreamRecord
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.data import Data
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.moto_services import BACKENDS

Dumps = Callable[[Any], bytes]
Loads = Callable[[bytes], Any]
# Where an item or a record keeps its piece, beside its content.
KEPT_AS = "_piece"
COGNITO_BOOKS = ("users", "sessions", "families", "refresh_tokens")


class Shelf(NamedTuple):
    """One container. `service` is the one whose calls change it; `name` begins with the kind."""

    name: str
    service: str
    container: Any

    def pieces(self, dumps: Dumps) -> dict[str, bytes]:
        """What is on it now."""
        return _KINDS[self.name.partition(" ")[0]].take(self.container, dumps)


def iter_backends(service: str) -> Iterator[tuple[str, str, Any]]:
    """Account, region and backend of each that moto has of a service."""
    yield from BACKENDS[service].iter_backends()


def find_shelves(data: Data) -> Iterator[Shelf]:
    """Every shelf of the living state."""
    for account, region, dynamodb in iter_backends("dynamodb"):
        for table in dynamodb.tables.values():
            place = f"{account} {region} {table.name}"
            yield Shelf(f"items {place}", "dynamodb", table.items)
            if table.stream_shard is not None:
                yield Shelf(f"records {place}", "dynamodb", table.stream_shard.items)
    for account, partition, s3 in iter_backends("s3"):
        for bucket in s3.buckets.values():
            yield Shelf(f"versions {account} {partition} {bucket.name}", "s3", bucket.keys)
    for pool_id, pool in data.cognito.pools.items():
        for book in COGNITO_BOOKS:
            yield Shelf(f"map {pool_id} {book}", "cognito-idp", getattr(pool, book))
    yield Shelf("mails", "cognito-idp", data.mailbox.mails)


def rebuild(name: str, pieces: dict[str, bytes], loads: Loads) -> Any:
    """The container of the shelf with that name."""
    return _KINDS[name.partition(" ")[0]].rebuild(pieces, loads)


@dataclass(frozen=True)
class _Kind:
    take: Callable[[Any, Dumps], dict[str, bytes]]
    rebuild: Callable[[dict[str, bytes], Loads], Any]


def _take_items(items: dict[Any, Any], dumps: Dumps) -> dict[str, bytes]:
    pieces = {}
    for group in list(items.values()):
        for item in group.values() if isinstance(group, dict) else (group,):
            kept = vars(item).get(KEPT_AS) or _keep(item, _item_key(item), dumps(item))
            pieces[kept[0]] = kept[1]
    return pieces


def _item_key(item: StoredItem) -> str:
    keys = (item.hash_key,) if item.range_key is None else (item.hash_key, item.range_key)
    return repr([(key.type, key.value) for key in keys])


def _keep(owner: Any, key: str, piece: bytes) -> tuple[str, bytes]:
    vars(owner)[KEPT_AS] = (key, piece)
    return key, piece


def _rebuild_items(pieces: dict[str, bytes], loads: Loads) -> dict[Any, Any]:
    items: dict[Any, Any] = defaultdict(dict)
    for key, piece in pieces.items():
        item = loads(piece)
        _keep(item, key, piece)
        if item.range_key is None:
            items[item.hash_key] = item
        else:
            items[item.hash_key][item.range_key] = item
    return items


def _take_records(records: list[StreamRecord], dumps: Dumps) -> dict[str, bytes]:
    pieces = {}
    for record in records:
        key, piece = vars(record).get(KEPT_AS) or _keep(
            record, record.record["dynamodb"]["SequenceNumber"], dumps(record)
        )
        pieces[key] = piece
    return pieces


def _rebuild_records(pieces: dict[str, bytes], loads: Loads) -> list[StreamRecord]:
    records = []
    for key in sorted(pieces, key=int):
        record = loads(pieces[key])
        _keep(record, key, pieces[key])
        records.append(record)
    return records


def _take_versions(keys: _VersionedKeyStore, dumps: Dumps) -> dict[str, bytes]:
    return {name: dumps(versions) for name, versions in dict.items(keys)}


def _rebuild_versions(pieces: dict[str, bytes], loads: Loads) -> _VersionedKeyStore:
    keys = _VersionedKeyStore()
    for name, piece in pieces.items():
        # The class's own __setitem__ appends a version.
        dict.__setitem__(keys, name, loads(piece))
    return keys


def _take_map(entries: dict[str, Any], dumps: Dumps) -> dict[str, bytes]:
    return {key: dumps(value) for key, value in entries.items()}


def _rebuild_map(pieces: dict[str, bytes], loads: Loads) -> dict[str, Any]:
    return {key: loads(piece) for key, piece in pieces.items()}


def _take_list(values: list[Any], dumps: Dumps) -> dict[str, bytes]:
    return {str(number): dumps(value) for number, value in enumerate(values)}


def _rebuild_list(pieces: dict[str, bytes], loads: Loads) -> list[Any]:
    return [loads(pieces[number]) for number in sorted(pieces, key=int)]


_KINDS = {
    "items": _Kind(_take_items, _rebuild_items),
    "records": _Kind(_take_records, _rebuild_records),
    "versions": _Kind(_take_versions, _rebuild_versions),
    "map": _Kind(_take_map, _rebuild_map),
    "mails": _Kind(_take_list, _rebuild_list),
}
