"""Ctrl-C, at any moment."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT


def end_when_told() -> None:
    """Let this process clean up behind it when it is ended, as it does when it is interrupted, and once is enough: who
    presses Ctrl-C again interrupts neither the cleaning up nor the exit of Python.

    A terminal interrupts the processes that it forks too: they end with it, and have nothing to say.
    """
    own = os.getpid()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if os.getpid() == own:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What must not be left half done when somebody presses Ctrl-C once more. In the main thread only."""
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
