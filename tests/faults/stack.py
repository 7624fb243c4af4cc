"""A stack of its own whose parts can be killed, paused and started again, as processes or as containers."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from emulation.commands.containers import Containers, connect_engine, project_name
from emulation.commands.form import Form
from emulation.commands.parts import PARTS, Part
from emulation.commands.process import Process, load_process
from emulation.commands.processes import Processes
from emulation.commands.stack_tests import stack_of_its_own
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import LocalSettings, read_local_settings
from tests.api.client import Api, Target
from tests.eventually import eventually, wait_until

# Recovery has no other limit than that somebody waits for it.
RECOVERY_SECONDS = 60.0


class Surgeon(Protocol):
    """Does to a part what happens to it."""

    def kill(self, part: Part) -> None: ...

    def pause(self, part: Part) -> None: ...

    def resume(self, part: Part) -> None: ...

    def start(self, part: Part) -> None: ...

    def identities(self) -> dict[str, str]: ...


class ProcessSurgeon:
    def __init__(self, form: Processes) -> None:
        self._form = form

    def _process(self, part: Part) -> Process:
        process = load_process(self._form.note_path(part))
        assert process is not None
        return process

    def pid(self, part: Part) -> int:
        return self._process(part).pid

    def kill(self, part: Part) -> None:
        process = self._process(part)
        os.kill(process.pid, signal.SIGKILL)
        # Until then it has its port, and the state.
        wait_until(lambda: not process.is_alive())

    def pause(self, part: Part) -> None:
        os.kill(self.pid(part), signal.SIGSTOP)

    def resume(self, part: Part) -> None:
        os.kill(self.pid(part), signal.SIGCONT)

    def start(self, part: Part) -> None:
        self._form.start([part])

    def identities(self) -> dict[str, str]:
        return {part.name: str(self.pid(part)) for part in PARTS}


class ContainerSurgeon:
    def __init__(self, engine: Any, project: str) -> None:
        self._engine = engine
        self._project = project

    def _container(self, part: Part) -> Any:
        labels = [f"com.docker.compose.project={self._project}", f"com.docker.compose.service={part.name}"]
        [found] = self._engine.containers.list(all=True, filters={"label": labels})
        return found

    def kill(self, part: Part) -> None:
        self._container(part).kill(signal="SIGKILL")

    def pause(self, part: Part) -> None:
        self._container(part).pause()

    def resume(self, part: Part) -> None:
        self._container(part).unpause()

    def start(self, part: Part) -> None:
        self._container(part).start()

    def identities(self) -> dict[str, str]:
        return {part.name: self._container(part).attrs["State"]["StartedAt"] for part in PARTS}


@dataclass(frozen=True)
class Stack:
    """A stack that is up."""

    settings: LocalSettings
    form: Form
    surgeon: Surgeon
    api: Api

    @property
    def url(self) -> str:
        """The front door."""
        return self.settings.front_door_url

    async def wait_until_healthy(self) -> None:
        """Return when every part is well."""
        await asyncio.to_thread(wait_until_healthy, self.form, PARTS, self.settings, lambda _: None, RECOVERY_SECONDS)

    async def wait_until_kept(self) -> float:
        """Return when all that was acknowledged before survives the death of the local AWS; the moment of the call."""
        called_at = time.monotonic()
        wanted = (await self.ask("GET", "health"))["state"]["revision"]

        async def look() -> bool:
            return bool((await self.ask("GET", "health"))["state"]["savedRevision"] >= wanted)

        await eventually(look)
        return called_at

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of a tool of the local AWS, asked without the front door."""
        answer = await self.api.fetch(method, f"{self.api.target.aws_url}/_cloud/{path}", **options)
        assert answer.status < 300, answer.body
        return answer.json

    async def add_fault(self, **fault: Any) -> None:
        await self.ask("POST", "faults", json=fault)

    async def wait_for_hits(self) -> None:
        """Return when a call was hit, which is a matter of chance where only a share of them is."""

        async def look() -> bool:
            return any(fault["hits"] for fault in (await self.ask("GET", "faults"))["faults"])

        await eventually(look)

    async def end_faults(self) -> int:
        """End all faults; how many calls they have hit."""
        faults = (await self.ask("GET", "faults"))["faults"]
        await self.ask("DELETE", "faults")
        return sum(fault["hits"] for fault in faults)

    async def problems(self) -> list[Any]:
        """What the doctor finds once all records are delivered."""

        async def look() -> Any:
            told = await self.ask("GET", "doctor")
            return told if not told["undelivered"] else None

        told = await eventually(look, within_seconds=60)
        return [finding for finding in told["findings"] if finding["isProblem"]]


@contextlib.asynccontextmanager
async def open_stack(form_name: str, environ: Mapping[str, str], folder: Path) -> AsyncIterator[Stack]:
    """A stack as `processes` or `containers`, which ends with the context."""
    own = stack_of_its_own(environ, folder)
    settings = read_local_settings(own)
    form: Processes | Containers
    surgeon: Surgeon
    if form_name == "processes":
        form = Processes(settings, own, attached=True)
        surgeon = ProcessSurgeon(form)
    else:
        engine = connect_engine(own)
        form = Containers(settings, own, engine)
        surgeon = ContainerSurgeon(engine, project_name(settings, own))
    try:
        await asyncio.to_thread(form.prepare)
        await asyncio.to_thread(form.start, PARTS)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            target = Target(settings.public_api_url, settings.front_door_url, settings.public_aws_url)
            stack = Stack(settings, form, surgeon, Api(session, target))
            await stack.wait_until_healthy()
            yield stack
    finally:
        await asyncio.to_thread(form.stop if isinstance(form, Processes) else form.remove)
