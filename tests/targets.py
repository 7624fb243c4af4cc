"""What the black-box tests talk to, as `--target` names it, and a client for it; loaded by tests/conftest.py."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import aiohttp
import pytest

from emulation.api.app import serve
from emulation.commands.ports import find_stack_ports
from emulation.settings import ROOT, LocalSettings, read_local_settings
from tests.api.accounts import DEPLOYED, DeployedAccounts
from tests.api.client import Api, Target
from tests.built_functions import build_functions
from tests.eventually import eventually
from tests.parity.recorder import Recorder
from tests.parity.rights import write_rights

Pass = Callable[[int], Awaitable[None]]


@pytest.fixture(scope="session")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections that the tests share; a call that takes longer than half a minute fails."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@pytest.fixture(scope="session")
async def target(
    request: pytest.FixtureRequest, session: aiohttp.ClientSession, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Target]:
    """The addresses of what is tested."""
    chosen = request.config.getoption("--target")
    if chosen == "stack":
        local = read_local_settings(os.environ)
        api_url = os.environ.get("API_URL") or f"http://localhost:{local.api_port}"
        yield Target(api_url, local.front_door_url, local.public_aws_url)
        return
    if chosen == "url":
        yield Target(*(os.environ[name] for name in DEPLOYED))
        return
    built = {"FUNCTIONS_DIR": str(build_functions())} if chosen == "lambda" else {}
    async with _run_in_process(session, tmp_path_factory.mktemp("local"), built) as target:
        yield target


@pytest.fixture(scope="session")
async def api(request: pytest.FixtureRequest, session: aiohttp.ClientSession, target: Target) -> AsyncIterator[Api]:
    """A client of the target; with `--exchanges`, one that writes down what it hears."""
    record = request.config.getoption("--exchanges")
    if request.config.getoption("--target") == "url":
        accounts = DeployedAccounts(os.environ)
        yield Api(session, target, accounts=accounts)
        accounts.remove()
    elif record:
        yield Api(session, target, recorder=Recorder(Path(record)))
        await write_rights(session, target.aws_url, Path(record))
    else:
        yield Api(session, target)


@pytest.fixture
async def let_pass(api: Api) -> AsyncIterator[Pass]:
    """Makes everything issued so far older by some seconds, for the length of a test."""
    clock = f"{api.target.front_door_url}/_local/clock"

    async def let_pass(seconds: int) -> None:
        answer = await api.fetch("POST", clock, json={"advanceSeconds": seconds})
        assert answer.status == 200, answer.body

    yield let_pass
    assert (await api.fetch("DELETE", clock)).status == 200


@contextlib.asynccontextmanager
async def _run_in_process(
    session: aiohttp.ClientSession, local_dir: Path, built: dict[str, str]
) -> AsyncIterator[Target]:
    """The API in this process; cloud and front door as processes of their own, on free ports."""
    system = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    lag = {"INDEX_LAG_MS": os.environ.get("INDEX_LAG_MS", "")}
    environment = {**system, "LOCAL_DIR": str(local_dir), **find_stack_ports(), **lag, **built}
    local = read_local_settings(environment)
    async with _part("cloud", environment, local_dir) as cloud, _part("edge", environment, local_dir) as edge:
        api = asyncio.create_task(serve(local))
        try:
            await _wait_until_healthy(session, local, api, {"cloud": cloud, "edge": edge})
            yield Target(f"http://localhost:{local.api_port}", local.front_door_url, local.public_aws_url)
        finally:
            api.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await api


@contextlib.asynccontextmanager
async def _part(name: str, environment: dict[str, str], local_dir: Path) -> AsyncIterator[Process]:
    with (local_dir / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"emulation.{name}", cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def _wait_until_healthy(
    session: aiohttp.ClientSession, local: LocalSettings, api: asyncio.Task[None], parts: Mapping[str, Process]
) -> None:
    async def look() -> bool:
        if api.done():
            api.result()
        for name, process in parts.items():
            assert process.returncode is None, (local.local_dir / f"{name}.log").read_text()
        with contextlib.suppress(aiohttp.ClientError):
            async with session.get(f"{local.front_door_url}/_local/health") as answer:
                return answer.status == 200
        return False

    await eventually(look, within_seconds=90)
