"""Saves the state soon after it changed, and finds it again at the next start."""

import asyncio
import fcntl
import os
import shutil
import tempfile
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from emulation.cloud.data import Data
from emulation.cloud.errors import StateRefusedError
from emulation.cloud.objects import ObjectStore
from emulation.cloud.state.archive import extract_archive, write_archive
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.journal import Journal, pack_record, unpack_record
from emulation.cloud.state.pieces import Change, difference
from emulation.cloud.state.snapshot import (
    EMPTY,
    Loaded,
    Snapshot,
    count,
    put_in_place,
    read_snapshot,
    release_contents,
    take_snapshot,
)
from emulation.cloud.state.stamp import plain_stamp, shape_of
from emulation.serving import complain
from server.clock import to_iso

# What was acknowledged a second ago must survive a crash: the pause leaves time for the saving itself, twice.
PAUSE_SECONDS = 0.3
SERVICES = frozenset({"cognito-idp", "dynamodb", "s3"})


class Keeper:
    """Keeps the state in a folder: state.pickle, and the contents of S3 objects in objects/.

    `failure` says why the last saving failed, and is empty when it did not. `revision` grows with every change, and all
    changes up to `saved_revision` are kept.
    """

    def __init__(self, folder: Path, current: Callable[[], Data]) -> None:
        self._folder = folder
        self._stamp = {**plain_stamp(), "shape": shape_of(Data)}
        self._journal = Journal(folder / "state.pickle", self._stamp)
        self._store = ObjectStore(folder / "objects")
        self._current = current
        self._last = EMPTY
        self._changed_services: set[str] = set()
        self._changed = asyncio.Event()
        self._saving = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._pinned: list[frozenset[str]] = []
        self.failure = ""
        self.revision = 0
        self.saved_revision = 0

    def touch(self, *services: str) -> None:
        """Note that something of these services has changed; without any, of all."""
        self._changed_services.update(services or SERVICES)
        self.revision += 1
        self._changed.set()

    def load(self) -> Data:
        """The kept data, moto's models put in place; empty when there is none.

        A damaged state is set aside with a sentence. Raises StateRefusedError when another version wrote it, or
        another process is using it.
        """
        self._lock_folder()
        path = self._journal.path
        if not path.exists():
            return Data()
        try:
            shelves = self._journal.read()
            loaded = read_snapshot(shelves, self._store)
        except StateDamagedError as damage:
            aside = self._set_aside()
            complain(f"The kept state is damaged: {damage}. It is set aside as {aside}; starting empty.")
            return Data()
        except StateIncompatibleError as mismatch:
            raise StateRefusedError(
                f"The kept state {path} was written by another version: {mismatch}. "
                "Go back to that version, or start anew with `uv run just reset`."
            ) from mismatch
        self._last = Snapshot(shelves, {}, {}, ())
        self._changed_services.update(SERVICES)
        return put_in_place(loaded)

    def _lock_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Held for as long as the process lives.
        self._lock = (self._folder / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateRefusedError(f"Another local AWS is using {self._folder}; stop it first.") from None

    def _set_aside(self) -> Path:
        aside = Path(tempfile.mkdtemp(prefix=f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}-", dir=self._folder))
        for path in (self._store.folder, self._journal.path):
            if path.exists():
                path.replace(aside / path.name)
        # What was read of it is not the state that the next record changes.
        self._journal = Journal(self._journal.path, self._stamp)
        return aside

    async def run(self) -> None:
        """Save whenever something changed, until stopped. Never cancel it: a saving must not be left half done."""
        while True:
            await self._changed.wait()
            if self._stopping.is_set():
                return
            try:
                await self._save(self._changed_services)
            except Exception:
                # What cannot be pickled is a fault of the program; the rest of it goes on, and says so in its health.
                complain(traceback.format_exc())
                self.failure = "The state could not be saved; see `uv run just logs cloud`."
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PAUSE_SECONDS)

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stopping.set()
        self._changed.set()

    async def save(self) -> None:
        """Save the state as it is now, whatever has been noted as changed."""
        await self._save(SERVICES)

    async def _save(self, changed: Iterable[str]) -> None:
        async with self._saving:
            services = frozenset(changed)
            self._changed_services = set()
            self._changed.clear()
            revision = self.revision
            snapshot = take_snapshot(self._current(), self._store, services, self._last)
            try:
                await asyncio.to_thread(self._write, snapshot)
            except OSError as error:
                self.touch(*services)
                self.failure = f"The state could not be saved to {self._folder}: {error}. Trying again."
                complain(self.failure)
                return
            except BaseException:
                self.touch(*services)
                raise
            self.failure = ""
            self.saved_revision = revision
            release_contents(snapshot, self._store)
            self._last = snapshot

    def _write(self, snapshot: Snapshot) -> None:
        self._store.write(snapshot.new_contents)
        self._journal.write(difference(self._last.shelves, snapshot.shelves), snapshot.shelves)
        self._store.keep_only(snapshot.object_names().union(*self._pinned))

    @contextmanager
    def _pin(self, names: frozenset[str]) -> Iterator[None]:
        """Keep contents although the state may not refer to them."""
        self._pinned = [*self._pinned, names]
        try:
            yield
        finally:
            self._pinned = [one for one in self._pinned if one is not names]

    async def write_archive(self, path: Path) -> None:
        """Write the state as it is now into one file; raises OSError when it cannot be saved."""
        await self.save()
        if self.failure:
            raise OSError(self.failure)
        snapshot = self._last
        record = pack_record(Change(snapshot.shelves), self._stamp)
        names = snapshot.object_names()
        contents = [self._store.path(name) for name in sorted(names)]
        created, counts = to_iso(datetime.now(UTC)), count(snapshot.shelves)
        with self._pin(names):
            await asyncio.to_thread(write_archive, path, record, contents, self._stamp, created, counts)

    @asynccontextmanager
    async def reading_archive(self, path: Path) -> AsyncIterator[Loaded]:
        """The state of an archive, to be put in place and saved before the context ends.

        Raises StateDamagedError or StateIncompatibleError; nothing has changed then.
        """
        incoming = Path(tempfile.mkdtemp(prefix="incoming-", dir=self._folder))
        try:
            record = await asyncio.to_thread(extract_archive, path, incoming)
            names = frozenset(os.listdir(incoming))  # noqa: PTH208
            with self._pin(names):
                await asyncio.to_thread(self._store.take_over, incoming)
                yield read_snapshot(unpack_record(record, self._stamp).written, self._store)
        finally:
            await asyncio.to_thread(shutil.rmtree, incoming)
