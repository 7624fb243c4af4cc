"""Becomes a program that ends with whoever started it, in whatever way that one dies: `leash.py PID PROGRAM …`. Linux.

https://man7.org/linux/man-pages/man2/pr_set_pdeathsig.2const.html
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def leashed(program: Path) -> list[str]:
    """The beginning of a command that runs the program on a leash of this process. Start it on the main thread: the
    leash is held by the thread."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(program)]


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # Who is dead already sends no signal.
    if os.getppid() == int(sys.argv[1]):
        os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the program is ours
