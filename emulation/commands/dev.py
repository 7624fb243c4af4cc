"""`dev`: the stack in the foreground, reloaded on save."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from watchfiles import awatch

from emulation.commands.choice import find_running
from emulation.commands.compiled import compile_modules
from emulation.commands.errors import CommandError
from emulation.commands.forked import ForkedPart
from emulation.commands.lock import locked, locked_beside
from emulation.commands.output import say
from emulation.commands.parts import PARTS, PARTS_BY_NAME, Part
from emulation.commands.ports import check_ports
from emulation.commands.probe import ask_health, ask_renewal
from emulation.commands.process import TERMINATE_SECONDS, load_process
from emulation.commands.processes import Processes, note_process, part_environment
from emulation.commands.sources import FUNCTIONS, WATCHED, SourceFilter, owners_of
from emulation.commands.up import show_addresses
from emulation.settings import ROOT, LocalSettings

POLL_SECONDS = 0.1
NOTES_SECONDS = 0.3


def dev(settings: LocalSettings, environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C; raises CommandError when the stack is up already or a port is taken."""
    with locked(settings.local_dir):
        form = find_running(settings, environ)
        if form is not None:
            raise CommandError(f"The stack is up as {form.name}; `uv run just down` first.")
        check_ports(PARTS, settings)
    compile_modules()
    asyncio.run(_Foreground(settings, environ).run())
    return 0


def _list_names(saved: Sequence[Path]) -> str:
    names = [path.relative_to(ROOT).as_posix() for path in saved]
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


class _Foreground:
    def __init__(self, settings: LocalSettings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = part_environment(settings, environ)
        self._notes = Processes(settings, environ)
        self._running: dict[str, ForkedPart] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = asyncio.Event()
        self._taken = False

    async def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._stopped.set)
        say("Starting as processes in the foreground; a saved file restarts its part, Ctrl-C stops all.")
        show_addresses(self._settings)
        try:
            await self._restart(PARTS_BY_NAME)
            self._run_beside(self._watch_notes())
            watched = awatch(*WATCHED, watch_filter=SourceFilter(), stop_event=self._stopped, debounce=200)
            async for changes in watched:
                saved = sorted(Path(path) for _, path in changes)
                names = owners_of(saved)
                if names:
                    say(f"{_list_names(saved)} saved: restarting {', '.join(names)}")
                await self._restart(names)
        finally:
            self._stopped.set()
            await asyncio.gather(*(self._stop(part) for part in PARTS))
            await asyncio.gather(*self._tasks)
        if self._taken:
            raise CommandError(
                "Another command has stopped or started parts of this stack, so `dev` has ended; "
                "`uv run just status` tells what runs."
            )
        say("Stopped.")

    async def _restart(self, names: Collection[str]) -> None:
        saved_at = time.monotonic()
        parts = [part for part in PARTS if part.name in names]
        async with locked_beside(self._settings.local_dir, self._stopped) as held:
            if not held or self._is_taken():
                return
            if FUNCTIONS in names:
                self._run_beside(self._renew_functions())
            await asyncio.gather(*(self._stop(part) for part in parts))
            for part in parts:
                process = await self._start(part)
                self._run_beside(self._print(part, process))
                self._run_beside(self._announce(part, process, saved_at))

    async def _renew_functions(self) -> None:
        try:
            await asyncio.to_thread(ask_renewal, self._settings)
        except CommandError as error:
            say(f"{FUNCTIONS} | {error}")

    async def _watch_notes(self) -> None:
        while not self._is_taken() and not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), NOTES_SECONDS)

    def _is_taken(self) -> bool:
        """Whether another command has stopped or started a part; then this one stops."""
        if not self._stopped.is_set() and not all(self._is_as_left(part) for part in PARTS):
            self._taken = True
            self._stopped.set()
        return self._taken

    def _is_as_left(self, part: Part) -> bool:
        noted = load_process(self._notes.note_path(part))
        ours = self._running.get(part.name)
        if ours is None:
            return noted is None or not noted.is_alive()
        return noted is not None and noted.pid == ours.pid

    async def _start(self, part: Part) -> ForkedPart:
        process = ForkedPart(part.module, ROOT, self._environ)
        await process.start()
        self._running[part.name] = process
        note_process(process.pid, part.port(self._settings), self._notes.note_path(part))
        return process

    def _run_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _announce(self, part: Part, process: ForkedPart, saved_at: float) -> None:
        while process.code is None and self._running.get(part.name) is process:
            if (await asyncio.to_thread(ask_health, part, self._settings)).state == "ok":
                say(f"{part.name:<5} | healthy after {time.monotonic() - saved_at:.1f} s")
                return
            await asyncio.sleep(POLL_SECONDS)

    async def _print(self, part: Part, process: ForkedPart) -> None:
        async for line in process.lines():
            say(f"{part.name:<5} | {line.decode(errors='replace').rstrip()}")
        code = await process.wait()
        if self._running.get(part.name) is process:
            say(f"{part.name:<5} | ended with exit code {code}; the next saved file of it starts it again")

    async def _stop(self, part: Part) -> None:
        process = self._running.pop(part.name, None)
        if process is None:
            return
        path = self._notes.note_path(part)
        noted = load_process(path)
        if noted is not None and noted.pid == process.pid:
            path.unlink(missing_ok=True)
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), TERMINATE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
