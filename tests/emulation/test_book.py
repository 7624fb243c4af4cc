"""A saving pickles what may have changed, and nothing else: entries of a book, keys of a bucket."""

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import FakeDeleteMarker, FakeKey
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.book import Book
from emulation.cloud.mailbox import KEPT_MAILS, Mail, Mailbox
from emulation.cloud.objects import ObjectStore
from emulation.cloud.state.pickling import Pickling
from emulation.cloud.state.versions import take_versions


class Dumps:
    """Pickles, and remembers what."""

    def __init__(self) -> None:
        self.dumped: list[Any] = []

    def __call__(self, value: Any) -> bytes:
        self.dumped.append(value)
        return pickle.dumps(value)

    def of(self, book: Book[Any]) -> list[Any]:
        """What a saving of the book pickles, once it is sure that its pieces are right."""
        self.dumped = []
        pieces = book.take_pieces(self)
        assert list(pieces.items()) == [(key, pickle.dumps(value)) for key, value in book.glance()]
        return self.dumped


def numbered(count: int) -> Book[list[int]]:
    return Book({str(number): [number] for number in range(count)})


def test_only_what_was_handed_out_is_pickled_anew() -> None:
    book, dumps = numbered(3), Dumps()
    assert dumps.of(book) == [[0], [1], [2]]
    book["1"].append(10)
    assert dumps.of(book) == [[1, 10]]
    found = book.get("2")
    assert found is not None
    found.append(20)
    book.setdefault("3", []).append(3)
    assert dumps.of(book) == [[2, 20], [3]]
    assert dumps.of(book) == []


def test_whoever_goes_through_all_entries_may_have_changed_all() -> None:
    book, dumps = numbered(2), Dumps()
    dumps.of(book)
    for values in book.values():
        values.append(7)
    assert dumps.of(book) == [[0, 7], [1, 7]]


def test_a_glance_changes_nothing() -> None:
    book, dumps = numbered(2), Dumps()
    dumps.of(book)
    assert [key for key, _ in book.glance()] == ["0", "1"]
    assert ("0" in book, "2" in book, len(book)) == (True, False, 2)
    assert dumps.of(book) == []


def test_what_is_gone_has_no_piece() -> None:
    book, dumps = numbered(3), Dumps()
    dumps.of(book)
    del book["1"]
    assert book.pop("2") == [2]
    assert dumps.of(book) == []


def test_entries_that_were_read_need_no_pickling() -> None:
    pieces = {"0": pickle.dumps([0])}
    book, dumps = Book({"0": [0]}, pieces), Dumps()
    assert dumps.of(book) == []
    book["0"].append(1)
    assert dumps.of(book) == [[0, 1]]


def test_the_mailbox_keeps_the_latest_mails() -> None:
    box = Mailbox()
    for number in range(KEPT_MAILS + 3):
        box.deliver(Mail("ada@example.com", str(number), "", "", ""))
    kept = [mail.subject for mail in box.list_mails()]
    assert (kept[0], kept[-1], len(kept)) == ("3", str(KEPT_MAILS + 2), KEPT_MAILS)
    box.clear("ADA@example.com")
    assert box.list_mails() == []


def test_a_mail_costs_one_pickling() -> None:
    box, dumps = Mailbox(), Dumps()
    mails = [Mail("ada@example.com", str(number), "", "", "") for number in range(3)]
    for mail in mails[:2]:
        box.deliver(mail)
    dumps.of(box.mails)
    box.list_mails()
    box.deliver(mails[2])
    assert dumps.of(box.mails) == [mails[2]]


@pytest.fixture
def stored_key() -> Iterator[Callable[[str], FakeKey]]:
    """Makes keys with a content, and disposes of them: moto's complain when they are collected before."""
    made: list[FakeKey] = []

    def make(name: str) -> FakeKey:
        made.append(FakeKey(name, name.encode(), "123456789012", "us-east-1"))
        return made[-1]

    yield make
    for key in made:
        key.dispose()


def test_only_the_keys_of_a_bucket_that_have_changed_are_pickled_anew(
    tmp_path: Path, stored_key: Callable[[str], FakeKey]
) -> None:
    keys = _VersionedKeyStore()
    for name in ("one", "two", "three", "four"):
        keys[name] = stored_key(name)
    pickling = Pickling(ObjectStore(tmp_path))
    before = take_versions(keys, pickling)
    named = set(pickling.objects)
    assert len(named) == 4
    assert all(piece is before[name] for name, piece in take_versions(keys, pickling).items())

    keys["one"].set_metadata({"x-amz-meta-note": "new"})
    keys["two"] = stored_key("another version")
    keys.setlist("three", [*keys.getlist("three"), FakeDeleteMarker(keys["three"])])
    pickling.objects = set()
    after = take_versions(keys, pickling)
    assert {name for name, piece in after.items() if piece is not before[name]} == {"one", "two", "three"}
    # Also what the untouched one refers to is referred to.
    assert named < pickling.objects
