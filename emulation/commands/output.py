"""What a command tells. Its reader may leave before the end (`uv run just up | head -1`)."""

import os
import sys
from typing import IO


def say(line: str = "") -> None:
    """Print a line now, also when the output goes into a file; without a reader what was begun goes on in silence."""
    try:
        show(line)
    except BrokenPipeError:
        silence(sys.stdout)


def show(line: str) -> None:
    """Print a line now; raises BrokenPipeError when nobody reads any more."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Print a line on the error output."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        silence(sys.stderr)


def silence(stream: IO[str]) -> None:
    """Let what is still written, and what Python flushes at its end, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
