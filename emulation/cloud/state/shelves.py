"""The containers that are kept piece by piece, since they grow: tables, streams, buckets, Cognito's books, mails.

A piece is made anew only for what has changed since the last saving.

A kind of shelf says how the pieces of a container are called and how it is put together again. Items and stream
records are replaced and never changed in place: their bytes are made once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from moto.dynamodb.models.table import StreamRecord

from emulation.cloud.book import Book
from emulation.cloud.data import Data
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.state.pickling import Loads, Pickling
from emulation.cloud.state.versions import rebuild_versions, take_versions

# Where an item or a record keeps its piece, beside its content.
KEPT_AS = "_piece"
COGNITO_BOOKS = ("users", "sessions", "families", "refresh_tokens")


class Shelf(NamedTuple):
    """One container. `service` is the one whose calls change it; `name` begins with the kind."""

    name: str
    service: str
    container: Any

    def pieces(self, pickling: Pickling) -> dict[str, bytes]:
        """What is on it now."""
        return _KINDS[self.name.partition(" ")[0]].take(self.container, pickling)


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
            yield Shelf(f"book {pool_id} {book}", "cognito-idp", getattr(pool, book))
    yield Shelf("book mails", "cognito-idp", data.mailbox.mails)
    yield Shelf("book letters", "dynamodb", data.streams.dead_letters)


def rebuild(name: str, pieces: dict[str, bytes], loads: Loads) -> Any:
    """The container of the shelf with that name."""
    return _KINDS[name.partition(" ")[0]].rebuild(pieces, loads)


@dataclass(frozen=True)
class _Kind:
    take: Callable[[Any, Pickling], dict[str, bytes]]
    rebuild: Callable[[dict[str, bytes], Loads], Any]


def _take_items(items: dict[Any, Any], pickling: Pickling) -> dict[str, bytes]:
    pieces = {}
    for group in list(items.values()):
        for item in group.values() if isinstance(group, dict) else (group,):
            kept = vars(item).get(KEPT_AS) or _keep(item, _item_key(item), pickling.dumps(item))
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


def _take_records(records: list[StreamRecord], pickling: Pickling) -> dict[str, bytes]:
    pieces = {}
    for record in records:
        key, piece = vars(record).get(KEPT_AS) or _keep(
            record, record.record["dynamodb"]["SequenceNumber"], pickling.dumps(record)
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


def _take_book(book: Book[Any], pickling: Pickling) -> dict[str, bytes]:
    return book.take_pieces(pickling.dumps)


def _rebuild_book(pieces: dict[str, bytes], loads: Loads) -> Book[Any]:
    return Book({key: loads(piece) for key, piece in pieces.items()}, pieces)


_KINDS = {
    "items": _Kind(_take_items, _rebuild_items),
    "records": _Kind(_take_records, _rebuild_records),
    "versions": _Kind(take_versions, rebuild_versions),
    "book": _Kind(_take_book, _rebuild_book),
}
