"""What a command tells."""

import sys


def say(line: str = "") -> None:
    """Print a line now, also when the output goes into a file."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Print a line on the error output."""
    sys.stdout.flush()
    sys.stderr.write(line + "\n")
