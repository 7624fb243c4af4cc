"""The commands of the local stack, on a stack of processes of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from emulation.commands.ports import find_stack_ports
from emulation.commands.process import load_process, start_mark
from emulation.commands.waiting import PATIENCE_SECONDS
from emulation.settings import ROOT
from tests.eventually import until

PARTS = ("cloud", "api", "edge")
# Longer than the command itself waits, which tells why it gives up.
STARTING_SECONDS = PATIENCE_SECONDS + 30


@dataclass
class Output:
    code: int
    out: str
    err: str


@dataclass
class Stack:
    """A stack of processes with ports and a folder of its own, and the commands on it."""

    folder: Path
    environ: dict[str, str]
    # Where the code is.
    root: Path = ROOT

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "emulation", *arguments)
        return await asyncio.create_subprocess_exec(*command, cwd=self.root, env=self.environ, stdout=pipe, stderr=pipe)

    async def run(self, *arguments: str) -> Output:
        process = await self.start(*arguments)
        out, err = await asyncio.wait_for(process.communicate(), STARTING_SECONDS)
        return Output(process.returncode or 0, out.decode(), err.decode())

    async def run_unread(self, *arguments: str) -> Output:
        """The command with an output that nobody reads."""
        reader, writer = os.pipe()
        os.close(reader)
        command = (sys.executable, "-m", "emulation", *arguments)
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.root, env=self.environ, stdout=writer, stderr=asyncio.subprocess.PIPE
        )
        os.close(writer)
        _, err = await asyncio.wait_for(process.communicate(), STARTING_SECONDS)
        return Output(process.returncode or 0, "", err.decode())

    def pids(self) -> list[int]:
        noted = [load_process(self.folder / "run" / f"{part}.json") for part in PARTS]
        return [process.pid for process in noted if process is not None]

    async def kill(self, pid: int) -> None:
        """End one of its processes; returns when it is gone, which is a while after the signal."""
        os.kill(pid, signal.SIGKILL)
        await until(lambda: is_gone(pid))

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        url = f"http://localhost:{self.environ['FRONT_DOOR_PORT']}{path}"
        try:
            async with aiohttp.ClientSession() as session, session.request(method, url, json=body) as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientError:
            return 0, ""

    async def is_healthy(self) -> bool:
        return (await self.ask("GET", "/_local/health"))[0] == 200


def is_gone(pid: int) -> bool:
    return start_mark(pid) == ""


@asynccontextmanager
async def own_stack(folder: Path, root: Path = ROOT) -> AsyncIterator[Stack]:
    """A stack with free ports that keeps its data in a folder; down when done."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_CONFIG", "DOCKER_HOST") if name in os.environ}
    stack = Stack(folder, {**kept, **find_stack_ports(), "LOCAL_DIR": str(folder), "STACK": "processes"}, root)
    try:
        yield stack
    finally:
        await stack.run("down")
