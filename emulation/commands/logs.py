"""Log files: their last line, all of them together, and what is added while one looks."""

import time
from collections.abc import Mapping
from pathlib import Path

from emulation.commands.errors import CommandError
from emulation.commands.output import show

POLL_SECONDS = 0.2


def last_line(path: Path) -> str:
    """The last line that is not blank; empty without one."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def show_files(paths: Mapping[str, Path], follow: bool) -> None:
    """Print log files by name; with `follow` also what is added, until interrupted. Raises CommandError without any."""
    if not follow and not any(path.exists() for path in paths.values()):
        raise CommandError("There are no logs yet; `uv run just up` starts the stack.")
    width = max(map(len, paths)) if len(paths) > 1 else 0
    tails = [_Tail(f"{name:<{width}} | " if width else "", path) for name, path in paths.items()]
    while True:
        for tail in tails:
            tail.show_new(whole_lines=follow)
        if not follow:
            return
        time.sleep(POLL_SECONDS)


class _Tail:
    def __init__(self, prefix: str, path: Path) -> None:
        self._prefix = prefix
        self._path = path
        self._offset = 0

    def show_new(self, whole_lines: bool) -> None:
        try:
            with self._path.open("rb") as log:
                if log.seek(0, 2) < self._offset:
                    self._offset = 0  # a new start has emptied it
                log.seek(self._offset)
                added = log.read()
        except FileNotFoundError:
            return
        if whole_lines:
            added = added[: added.rfind(b"\n") + 1]
        self._offset += len(added)
        for line in added.decode(errors="replace").splitlines():
            show(self._prefix + line)
