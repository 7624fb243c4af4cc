"""What was acknowledged a second ago is there after a crash, however large the state; the next start needs no hand."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from emulation.cloud.state.errors import StateDamagedError
from emulation.cloud.state.journal import MOST_CHANGES_BYTES, Journal
from emulation.cloud.state.pieces import Change, Shelves, difference
from tests.emulation.cloud_process import CloudProcess

ROUNDS = 20
# A kill may come before anything is old enough to count, and while the first saving is under way.
SHORTEST_ROUND_SECONDS, LONGEST_ROUND_SECONDS = 0.2, 1.6
PROMISED_SECONDS = 1.0
BEAT_SECONDS = 0.05
LARGE_STATE_ITEMS = 5000
LARGE_STATE_PHOTOS = 200
PASSWORD = "Aa1!correct-horse"


@dataclass
class Written:
    """Names of users, guitars and objects, each by the monotonic time at which it was acknowledged."""

    users: dict[str, float] = field(default_factory=dict)
    guitars: dict[str, float] = field(default_factory=dict)
    objects: dict[str, float] = field(default_factory=dict)

    def names_before(self, moment: float) -> set[str]:
        written = {**self.users, **self.guitars, **self.objects}
        return {name for name, at in written.items() if at < moment}


class Load:
    """Three writers, each as fast as it is answered."""

    def __init__(self, cloud: CloudProcess) -> None:
        environment = cloud.request("GET", "/_cloud/environment")[1]
        self.table: str = environment["DYNAMODB_TABLE_GUITARS"]
        self.bucket: str = environment["S3_BUCKET_IMAGES"]
        self.client_id: str = environment["COGNITO_CLIENT_ID"]
        self.pool_id: str = environment["COGNITO_USER_POOL_ID"]
        self.dynamodb, self.s3, self.cognito = (cloud.client(one) for one in ("dynamodb", "s3", "cognito-idp"))
        self.acknowledged = Written()
        self.ended = Event()

    def register_user(self) -> None:
        email = f"{uuid4()}@example.com"
        attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada"}]
        self.cognito.sign_up(ClientId=self.client_id, Username=email, Password=PASSWORD, UserAttributes=attributes)
        self.acknowledged.users[email] = time.monotonic()

    def put_guitar(self) -> None:
        name = str(uuid4())
        self.dynamodb.put_item(TableName=self.table, Item={**guitar_key(name), "brand": {"S": "Fender"}})
        self.acknowledged.guitars[name] = time.monotonic()

    def put_object(self) -> None:
        name = f"images/{uuid4()}"
        self.s3.put_object(Bucket=self.bucket, Key=name, Body=content_of(name))
        self.acknowledged.objects[name] = time.monotonic()

    def write(self, write: Any) -> None:
        while not self.ended.is_set():
            try:
                write()
            except (BotoCoreError, ClientError):
                return

    def names(self) -> set[str]:
        """All that is there."""
        users = self.pages("cognito-idp", "list_users", UserPoolId=self.pool_id)
        key = {"KeyConditionExpression": "userId = :u", "ExpressionAttributeValues": {":u": {"S": "somebody"}}}
        guitars = self.pages("dynamodb", "query", TableName=self.table, **key)
        objects = self.pages("s3", "list_objects_v2", Bucket=self.bucket)
        return {
            *(one["Value"] for page in users for user in page["Users"] for one in user["Attributes"]),
            *(guitar["guitarId"]["S"] for page in guitars for guitar in page["Items"]),
            *(one["Key"] for page in objects for one in page.get("Contents", [])),
        }

    def pages(self, service: str, operation: str, **parameters: Any) -> Any:
        clients = {"dynamodb": self.dynamodb, "s3": self.s3, "cognito-idp": self.cognito}
        return clients[service].get_paginator(operation).paginate(**parameters)

    def is_whole(self, name: str) -> bool:
        body: bytes = self.s3.get_object(Bucket=self.bucket, Key=name)["Body"].read()
        return body == content_of(name)


class Pace:
    """How long this machine stood still at the longest: ran no thread, or brought no byte onto its disk.

    For as long nobody can keep a promise of a second.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beaten_at = time.monotonic()
        self._longest_seconds = 0.0

    def beat(self, ended: Event) -> None:
        while not ended.wait(BEAT_SECONDS):
            with self._path.open("wb") as file:
                file.write(b"beat")
                file.flush()
                os.fsync(file.fileno())
            self._longest_seconds, self._beaten_at = self.stood_still_seconds(), time.monotonic()

    def stood_still_seconds(self) -> float:
        return max(self._longest_seconds, time.monotonic() - self._beaten_at)

    def promised_before(self, moment: float) -> float:
        """Until when a write must have been acknowledged to be kept at that moment."""
        return moment - PROMISED_SECONDS - self.stood_still_seconds()


@contextlib.contextmanager
def keeping_pace(path: Path) -> Iterator[Pace]:
    """Looks at the machine's pace, with a file for it, until the end of the block."""
    pace, ended = Pace(path), Event()
    beating = Thread(target=pace.beat, args=(ended,))
    beating.start()
    try:
        yield pace
    finally:
        ended.set()
        beating.join()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[CloudProcess]:
    """The local AWS with its state in a folder; whatever happens, it is ended."""
    cloud = CloudProcess(folder)
    try:
        yield cloud.wait_until_ready()
    finally:
        cloud.stop()


def guitar_key(name: str) -> dict[str, Any]:
    return {"userId": {"S": "somebody"}, "guitarId": {"S": name}}


def content_of(name: str) -> bytes:
    return sha256(name.encode()).digest() * 500


def survive_kills(folder: Path, rounds: int, moments: random.Random) -> int:
    """Kill the local AWS under load again and again; how many acknowledged writes had to be there, and were."""
    kept: set[str] = set()
    seen: set[str] = set()
    for _ in range(rounds):
        with running(folder) as cloud:
            load = Load(cloud)
            names = load.names()
            assert kept - names == set(), cloud.log
            assert all(load.is_whole(name) for name in names - seen if name.startswith("images/"))
            # What is there once stays, however it came there.
            kept = seen = names
            with keeping_pace(folder / "beat") as pace, ThreadPoolExecutor(3) as writers:
                for write in (load.register_user, load.put_guitar, load.put_object):
                    writers.submit(load.write, write)
                Event().wait(moments.uniform(SHORTEST_ROUND_SECONDS, LONGEST_ROUND_SECONDS))
                # Before it, for it may take a while until a killed process is gone.
                due = pace.promised_before(time.monotonic())
                cloud.stop(signal.SIGKILL)
                load.ended.set()
            kept = kept | load.acknowledged.names_before(due)
    with running(folder) as cloud:
        assert kept - Load(cloud).names() == set()
        assert "damaged" not in cloud.log
    return len(kept)


def test_twenty_kills_under_load_lose_nothing_that_was_acknowledged_a_second_ago(tmp_path: Path) -> None:
    assert survive_kills(tmp_path, ROUNDS, random.Random(0)) > 20 * ROUNDS


def test_a_large_state_is_saved_within_a_second_too(tmp_path: Path) -> None:
    with running(tmp_path / "local") as cloud:
        load = Load(cloud)
        for _ in range(LARGE_STATE_ITEMS // 25):
            items = [{**guitar_key(str(uuid4())), "story": {"S": "x" * 2000}} for _ in range(25)]
            puts = [{"PutRequest": {"Item": item}} for item in items]
            load.dynamodb.batch_write_item(RequestItems={load.table: puts})
        for _ in range(LARGE_STATE_PHOTOS):
            load.s3.put_object(Bucket=load.bucket, Key=f"images/{uuid4()}", Body=b"photo" * 20_000)
        with keeping_pace(tmp_path / "beat") as pace:
            started_at = time.monotonic()
            while time.monotonic() - started_at < 2 * PROMISED_SECONDS:
                load.put_guitar()
            due = pace.promised_before(time.monotonic())
            cloud.stop(signal.SIGKILL)

    with running(tmp_path / "local") as cloud:
        names = Load(cloud).names()
    assert load.acknowledged.names_before(due) - names == set()
    assert len(names) >= LARGE_STATE_ITEMS + LARGE_STATE_PHOTOS


STAMP = {"format": 2, "moto": "0"}
SHELVES: Shelves = {"a": {"1": b"one", "2": b"two"}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.pickle"


def write(path: Path, *states: Shelves) -> Journal:
    journal = Journal(path, STAMP)
    before: Shelves = {}
    for state in states:
        journal.write(difference(before, state), state)
        before = state
    return journal


def test_a_journal_is_read_as_it_was_written_last(path: Path) -> None:
    write(path, SHELVES, {"a": {"2": b"2", "3": b"three"}})

    assert Journal(path, STAMP).read() == {"a": {"2": b"2", "3": b"three"}}


def test_a_saving_takes_as_much_as_has_changed(path: Path) -> None:
    write(path, {"a": {str(number): bytes(1000) for number in range(1000)}})
    whole_bytes = path.stat().st_size
    journal = Journal(path, STAMP)
    state = journal.read()
    changed = {"a": {**state["a"], "7": b"seven"}}
    journal.write(difference(state, changed), changed)

    assert whole_bytes < path.stat().st_size < whole_bytes + 700
    assert Journal(path, STAMP).read() == changed


def test_a_journal_is_written_anew_before_it_is_much_larger_than_the_state(path: Path) -> None:
    piece_bytes = MOST_CHANGES_BYTES // 4
    journal = write(path, *({"a": {"1": bytes([number]) * piece_bytes}} for number in range(20)))

    assert path.stat().st_size < 8 * piece_bytes
    assert journal.read() == {"a": {"1": bytes([19]) * piece_bytes}}


def test_every_cut_of_the_last_record_leaves_the_state_before(path: Path) -> None:
    write(path, SHELVES)
    whole_bytes = path.stat().st_size
    write(path, SHELVES, {"a": {"1": b"1"}})
    content = path.read_bytes()
    for length in range(whole_bytes, len(content)):
        path.write_bytes(content[:length])
        assert Journal(path, STAMP).read() == {"a": {"1": b"one", "2": b"two"}}


def test_a_record_is_written_over_one_that_was_cut_short(path: Path) -> None:
    write(path, SHELVES, {"a": {"1": b"1"}})
    path.write_bytes(path.read_bytes()[:-3])
    journal = Journal(path, STAMP)
    state = journal.read()
    journal.write(Change({"a": {"4": b"four"}}), {"a": {**state["a"], "4": b"four"}})

    assert Journal(path, STAMP).read() == {"a": {"1": b"one", "2": b"two", "4": b"four"}}


def test_every_changed_byte_of_a_journal_is_noticed(path: Path) -> None:
    write(path, SHELVES, {"a": {"1": b"1"}})
    content = path.read_bytes()
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 0x55
        path.write_bytes(damaged)
        # Of the filling of a head nothing is read.
        with contextlib.suppress(StateDamagedError):
            assert Journal(path, STAMP).read() == {"a": {"1": b"1", "2": b"two"}}
