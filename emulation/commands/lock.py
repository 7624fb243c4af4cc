"""One command at a time may start and stop parts."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import IO

from emulation.commands.output import say

POLL_SECONDS = 0.05


@contextmanager
def locked(local_dir: Path) -> Iterator[None]:
    """Hold the folder's lock; a second command waits for the first, and says so."""
    with _open_lock(local_dir) as file:
        if not _try_lock(file):
            say("Another command is at work on this stack; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@asynccontextmanager
async def locked_beside(local_dir: Path, given_up: asyncio.Event) -> AsyncIterator[bool]:
    """The same while other tasks go on; False, without the lock, when the event is set before it can be had."""
    with _open_lock(local_dir) as file:
        while not (held := _try_lock(file)) and not given_up.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(given_up.wait(), POLL_SECONDS)
        yield held


def _open_lock(local_dir: Path) -> IO[str]:
    path = local_dir / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("w", encoding="utf-8")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
