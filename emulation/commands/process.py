"""One process that may outlive the command which started it, known by its id and its start time."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import run

from emulation.whole_file import write_whole

TERMINATE_SECONDS = 5.0
KILL_SECONDS = 2.0
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Process:
    """`started` is the system's own mark of the start, so that a pid given to another program is not taken for it;
    `since` is UTC ISO 8601, `port` the one it was started for."""

    pid: int
    started: str
    since: str
    port: int

    def is_alive(self) -> bool:
        """Whether that very process still runs."""
        return start_mark(self.pid) == self.started

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def save(self, path: Path) -> None:
        """Note it in a file."""
        write_whole(path, json.dumps(asdict(self)))


def load_process(path: Path) -> Process | None:
    """The process noted in a file; None without a readable note."""
    try:
        return Process(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def start_mark(pid: int) -> str:
    """When a process started, in the system's words; empty when there is none (a zombie is none)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _start_mark_by_ps(pid)
    except ProcessLookupError:
        return ""
    # The second field, the name in parentheses, may hold spaces: count from behind it.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _start_mark_by_ps(pid: int) -> str:
    listed = run(["ps", "-o", "state=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    state, _, started = listed.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def stop_processes(processes: Iterable[Process]) -> list[Process]:
    """End them all, by force those that do not listen; those that are left all the same, normally none."""
    alive = list(processes)
    for number, seconds in ((signal.SIGTERM, TERMINATE_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
        for process in alive:
            process.send(number)
        deadline = time.monotonic() + seconds
        while alive and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            alive = [process for process in alive if process.is_alive()]
    return alive
