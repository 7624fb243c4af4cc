"""One command at a time may start and stop parts."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(local_dir: Path) -> Iterator[None]:
    """Hold the folder's lock; a second command waits for the first."""
    path = local_dir / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
