"""Saves the state soon after it changed, and finds it again at the next start."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from emulation.cloud.data import Data
from emulation.cloud.errors import StateRefusedError
from emulation.cloud.objects import ObjectStore
from emulation.cloud.snapshot import Snapshot, load_snapshot, release_contents, take_snapshot
from emulation.cloud.state_file import StateDamagedError, StateIncompatibleError, read_state, write_state

# What was acknowledged a second ago must survive a crash, so the pause leaves time for the saving itself.
SHORTEST_PAUSE_SECONDS = 0.3
# Saving takes at most a tenth of the time, however large the state has grown.
PAUSE_PER_SAVING = 9


class Keeper:
    """Keeps the state in a folder: state.pickle, and the contents of S3 objects in objects/."""

    def __init__(self, folder: Path, current: Callable[[], Data]) -> None:
        self._path = folder / "state.pickle"
        self._store = ObjectStore(folder / "objects")
        self._current = current
        self._changed = asyncio.Event()
        self._saving = asyncio.Lock()
        self._stopping = asyncio.Event()

    def touch(self) -> None:
        """Note that something has changed."""
        self._changed.set()

    def load(self) -> Data:
        """The kept data, moto's models put in place; empty when there is none.

        A damaged file is set aside with a sentence; raises StateRefusedError when another version wrote it.
        """
        if not self._path.exists():
            return Data()
        try:
            return load_snapshot(read_state(self._path), self._store)
        except StateDamagedError as damage:
            aside = self._path.with_name(f"{self._path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
            self._path.replace(aside)
            sys.stderr.write(f"The kept state is damaged: {damage}. It is set aside as {aside}; starting empty.\n")
            return Data()
        except StateIncompatibleError as mismatch:
            raise StateRefusedError(
                f"The kept state {self._path} was written by another version: {mismatch}. "
                "Go back to that version, or start anew with `just reset`."
            ) from mismatch

    async def run(self) -> None:
        """Save whenever something changed, until stopped. Never cancel it: a saving must not be left half done."""
        while True:
            await self._changed.wait()
            if self._stopping.is_set():
                return
            started = time.monotonic()
            await self.save()
            pause = max(SHORTEST_PAUSE_SECONDS, PAUSE_PER_SAVING * (time.monotonic() - started))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stopping.set()
        self._changed.set()

    async def save(self) -> None:
        """Save the state as it is now."""
        async with self._saving:
            self._changed.clear()
            snapshot = take_snapshot(self._current(), self._store)
            try:
                await asyncio.to_thread(self._write, snapshot)
            except OSError as error:
                self._changed.set()
                sys.stderr.write(f"The state could not be saved to {self._path}: {error}. Trying again.\n")
                return
            release_contents(snapshot, self._store)

    def _write(self, snapshot: Snapshot) -> None:
        self._store.write(snapshot.new_contents)
        write_state(self._path, snapshot.state)
        self._store.keep_only(snapshot.state.objects)
