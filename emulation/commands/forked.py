"""A part as a fork of a process that has the libraries loaded, which takes a third of the time of a new Python."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from emulation.code import forget_code
from emulation.commands.attached import run_attached

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["emulation.commands.libraries"])


class ForkedPart:
    """A module that runs in a folder as a program of its own, and ends with this process."""

    def __init__(self, module: str, folder: Path, environment: Mapping[str, str]) -> None:
        self._output, output = _FORKSERVER.Pipe(duplex=False)
        starter, self._starter = _FORKSERVER.Pipe(duplex=False)
        self._theirs = (starter, output)
        arguments = (module, folder, dict(environment), *self._theirs)
        self._process = _FORKSERVER.Process(target=_run, args=arguments, name=module)
        self._ended = asyncio.Event()

    async def start(self) -> None:
        """Fork it; the first one waits for the libraries."""
        await asyncio.to_thread(self._process.start)
        for connection in self._theirs:
            connection.close()
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._note_end)

    def _note_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        # The end of the process that it was forked from is noted in the same way; then it lives until this pipe closes.
        self._starter.close()
        self._ended.set()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None  # noqa: S101 - it has been started
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode if self._ended.is_set() else None

    async def lines(self) -> AsyncIterator[bytes]:
        """What it writes, until it ends."""
        reader = asyncio.StreamReader()
        pipe = os.fdopen(os.dup(self._output.fileno()), "rb", buffering=0)
        self._output.close()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            async for line in reader:
                yield line
        finally:
            transport.close()

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    async def wait(self) -> int | None:
        """Its exit code, when it has ended."""
        await self._ended.wait()
        return self.code


def _run(module: str, folder: Path, environment: Mapping[str, str], starter: Connection, output: Connection) -> None:
    os.setsid()
    os.chdir(folder)
    # Compiled modules are known by second and length: of two like saves in a second, the second would not be seen.
    sys.dont_write_bytecode = True
    # The libraries were loaded by way of our own modules, which may have changed since.
    forget_code("deploy", "emulation", "server")
    for standard in (1, 2):
        os.dup2(output.fileno(), standard)
    output.close()
    # PYTHONUNBUFFERED is for a Python that starts. Of this one the output may have been a file's.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is a real one
    os.environ.clear()
    os.environ.update(environment)
    run_attached(module, starter.fileno())
