"""The functions of a stack under the emulator, each with as many sandboxes as are needed at once, up to a limit."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from emulation.clock import Ageing
from emulation.runtime.deployed import DeployedFunction
from emulation.runtime.errors import RuntimeMissingError
from emulation.runtime.sandbox import Sandbox
from emulation.runtime.tools import Tools, install_tools
from emulation.settings import DEVELOPER_SECRET_KEY, REGION, LocalSettings

# Each is a Python of 60 to 100 MB. Who finds all of them busy waits, where Lambda would start another one.
SANDBOXES = 2


def function_environment(function: DeployedFunction, aws_url: str, public_aws_url: str) -> dict[str, str]:
    """The environment of a function: the template's, the runtime's own, and the addresses of this machine.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return {
        **function.environment,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": function.name,
        "AWS_SECRET_ACCESS_KEY": DEVELOPER_SECRET_KEY,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_megabytes),
        "AWS_ENDPOINT_URL": aws_url,
        "S3_PUBLIC_ENDPOINT": public_aws_url,
    }


class _Sandboxes:
    """The sandboxes of one function."""

    def __init__(self, make: Callable[[], Sandbox], most: int) -> None:
        self._make = make
        self._free = asyncio.Semaphore(most)
        self._all: list[Sandbox] = []
        self._idle: list[Sandbox] = []

    async def invoke(
        self, session: aiohttp.ClientSession, event: Any, ageings: Sequence[Ageing], limit_seconds: float | None
    ) -> Any:
        # Who invoked may not wait for the end; the sandbox takes the next event only then.
        work = asyncio.ensure_future(self._invoke(session, event, ageings, limit_seconds))
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(work)

    async def _invoke(
        self, session: aiohttp.ClientSession, event: Any, ageings: Sequence[Ageing], limit_seconds: float | None
    ) -> Any:
        async with self._free:
            # The one that answered last is warm.
            sandbox = self._idle.pop() if self._idle else await self._start(session)
            try:
                return await sandbox.invoke(session, event, ageings, limit_seconds)
            finally:
                await self._put_back(sandbox)

    async def warm_up(self, session: aiohttp.ClientSession) -> None:
        """Start a sandbox when there is none."""
        async with self._free:
            if not self._all:
                self._idle.append(await self._start(session))

    async def _start(self, session: aiohttp.ClientSession) -> Sandbox:
        sandbox = self._make()
        self._all.append(sandbox)
        await sandbox.start(session)
        return sandbox

    async def _put_back(self, sandbox: Sandbox) -> None:
        if sandbox.is_usable:
            self._idle.append(sandbox)
        else:
            self._all.remove(sandbox)
            await sandbox.stop()

    async def stop(self) -> None:
        await asyncio.gather(*(sandbox.stop() for sandbox in self._all))


class LambdaFunctions:
    """Invokes functions by their entry, such as deploy.functions.guitars."""

    def __init__(
        self,
        functions: Sequence[DeployedFunction],
        tools: Tools,
        functions_dir: Path,
        logs_dir: Path,
        aws_url: str,
        public_aws_url: str,
        sandboxes: int = SANDBOXES,
    ) -> None:
        """`functions_dir` holds a folder for each function, as `just build` makes them."""
        logs_dir.mkdir(parents=True, exist_ok=True)
        self._session: aiohttp.ClientSession | None = None

        def make(function: DeployedFunction) -> Callable[[], Sandbox]:
            name = _artifact_name(function)
            environment = function_environment(function, aws_url, public_aws_url)
            folder, log = functions_dir / name, logs_dir / f"lambda-{name}.log"
            return lambda: Sandbox(tools, folder, function.entry, environment, function.timeout_seconds, log)

        self._sandboxes = {one.entry: _Sandboxes(make(one), sandboxes) for one in functions}

    async def invoke(
        self, entry: str, event: Any, ageings: Sequence[Ageing], limit_seconds: float | None = None
    ) -> Any:
        """A function's result; raises FunctionError or FunctionTimeoutError. `limit_seconds`: who invokes waits less
        than the function may take."""
        return await self._sandboxes[entry].invoke(self._connections(), event, ageings, limit_seconds)

    async def warm_up(self, *entries: str) -> None:
        """Start a sandbox of each function that has none."""
        for entry in entries:
            await self._sandboxes[entry].warm_up(self._connections())

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The sandboxes keep the time limits.
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        return self._session

    async def stop(self) -> None:
        """End all sandboxes."""
        await asyncio.gather(*(sandboxes.stop() for sandboxes in self._sandboxes.values()))
        if self._session is not None:
            await self._session.close()
            self._session = None


def _artifact_name(function: DeployedFunction) -> str:
    return function.entry.rpartition(".")[2]


def start_functions(local: LocalSettings, functions: Sequence[DeployedFunction]) -> LambdaFunctions:
    """The built functions of the local stack; raises RuntimeMissingError when they cannot run on this machine."""
    assert local.functions_dir is not None  # noqa: S101 - asked before
    absent = [name for one in functions if not (local.functions_dir / (name := _artifact_name(one))).is_dir()]
    if absent:
        raise RuntimeMissingError(
            f"FUNCTIONS_DIR={local.functions_dir} lacks {', '.join(absent)}; `uv run just build --arch x86_64` builds "
            "the functions into .build/x86_64."
        )
    logs = local.local_dir / "logs"
    return LambdaFunctions(functions, install_tools(), local.functions_dir, logs, local.aws_url, local.public_aws_url)
