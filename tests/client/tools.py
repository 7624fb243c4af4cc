"""`python -m tests.client.tools`: fetch the pinned generator and compiler of docs/client when their lock has changed.

One at a time: two recipes at once, as two test runners start them, would delete under each other what they install.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulation.settings import ROOT

CLIENT = ROOT / "docs" / "client"
# What npm writes when it is done.
INSTALLED = Path("node_modules") / ".package-lock.json"
LOCK = Path("package-lock.json")


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _is_current(folder: Path) -> bool:
    installed = folder / INSTALLED
    return installed.exists() and installed.stat().st_mtime > (folder / LOCK).stat().st_mtime


def fetch_tools(folder: Path) -> int:
    """Have npm install what the lock of a folder lists, unless it has; npm's exit code."""
    with _alone_in(folder):
        if _is_current(folder):
            return 0
        try:
            return subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=False).returncode
        except FileNotFoundError:
            sys.stderr.write("npm is missing; Node 20 brings it.\n")
            return 1


if __name__ == "__main__":
    sys.exit(fetch_tools(Path(sys.argv[1]) if sys.argv[1:] else CLIENT))
