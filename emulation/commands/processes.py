"""The stack as processes of this machine."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from emulation.commands.compiled import compile_modules
from emulation.commands.errors import CommandError
from emulation.commands.logs import last_line, show_files
from emulation.commands.parts import PARTS, PARTS_BY_NAME, Part
from emulation.commands.process import Process, load_process, start_mark, stop_processes
from emulation.settings import ROOT, LocalSettings

# Of the variables AWS_*, those that are the local stack's; a developer's own profile stays out of it.
OWN_AWS_VARIABLES = frozenset(("AWS_PORT", "AWS_URL"))
# glibc's allocator keeps what was freed: it raises its threshold for blocks of their own with each large one, and has
# an arena for each thread. Without this the local AWS grows by a tenth in 15,000 requests; the image sets the same.
# It is read when a process starts: the forks of `dev` do without.
# https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "131072"}


def part_environment(settings: LocalSettings, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a part's process."""
    kept = {name: value for name, value in environ.items() if not name.startswith("AWS_") or name in OWN_AWS_VARIABLES}
    return ALLOCATOR | kept | {"LOCAL_DIR": str(settings.local_dir), "PYTHONUNBUFFERED": "1"}


def part_command(part: Part, attached: bool) -> list[str]:
    """How a part is started; an attached one ends when its standard input closes."""
    launcher = ["emulation.commands.attached"] if attached else []
    return [sys.executable, "-m", *launcher, part.module]


class Processes:
    """Parts as processes. Detached ones outlive the command; attached ones end with it, whatever ends it."""

    name = "processes"

    def __init__(self, settings: LocalSettings, environ: Mapping[str, str], attached: bool = False) -> None:
        self.settings = settings
        self._environ = part_environment(settings, environ)
        self._attached = attached
        self._children: list[subprocess.Popen[bytes]] = []

    def running(self) -> dict[str, str]:
        """The parts whose process lives, and since when."""
        return {name: process.since for name, process in self._processes().items() if process.is_alive()}

    def ports(self) -> dict[str, int]:
        """The ports that the processes were started for, by their variables."""
        return {PARTS_BY_NAME[name].port_variable: process.port for name, process in self._processes().items()}

    def prepare(self) -> None:
        """Compile the modules."""
        compile_modules()

    def start(self, parts: Sequence[Part]) -> None:
        """Start the parts' processes."""
        for part in parts:
            self.log_path(part).parent.mkdir(parents=True, exist_ok=True)
            with self.log_path(part).open("wb") as log:
                child = subprocess.Popen(  # noqa: S603 - our own modules
                    part_command(part, self._attached),
                    cwd=ROOT,
                    env=self._environ,
                    stdin=subprocess.PIPE if self._attached else subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self._children.append(child)
            note_process(child.pid, part.port(self.settings), self.note_path(part))

    def last_words(self, part: Part) -> str | None:
        """The last line of the log of a part that has ended."""
        return None if part.name in self.running() else last_line(self.log_path(part))

    def stop(self) -> None:
        """End every part's process, and no other; raises CommandError when the system does not let one go."""
        left = stop_processes(self._processes().values())
        if left:
            raise CommandError(f"These processes do not end, not even when killed: {[one.pid for one in left]}.")
        for part in PARTS:
            self.note_path(part).unlink(missing_ok=True)
        for child in self._children:
            child.wait()
            if child.stdin is not None:
                child.stdin.close()
        self._children.clear()

    def show_logs(self, parts: Sequence[Part], follow: bool) -> None:
        """Print the log files."""
        show_files({part.name: self.log_path(part) for part in parts}, follow)

    def delete_data(self) -> None:
        """Delete the folder of the kept state."""
        shutil.rmtree(self.settings.local_dir / "state", ignore_errors=True)

    def log_path(self, part: Part) -> Path:
        """Where a part's output goes."""
        return self.settings.local_dir / "logs" / f"{part.name}.log"

    def note_path(self, part: Part) -> Path:
        """Where a part's process is noted."""
        return self.settings.local_dir / "run" / f"{part.name}.json"

    def _processes(self) -> dict[str, Process]:
        noted = {part.name: load_process(self.note_path(part)) for part in PARTS}
        return {name: process for name, process in noted.items() if process is not None}


def note_process(pid: int, port: int, path: Path) -> None:
    """Note a process of this machine, and the port it was started for, in a file."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    Process(pid, start_mark(pid), now, port).save(path)
