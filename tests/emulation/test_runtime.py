"""A function under Lambda's runtime emulator: its result, its failures, and what API Gateway makes of them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from emulation.clock import Ageing, AgeingClock
from emulation.commands.process import start_mark
from emulation.runtime.backend import open_on_lambda, read_response
from emulation.runtime.deployed import DeployedFunction
from emulation.runtime.errors import FunctionError, FunctionTimeoutError, RuntimeMissingError
from emulation.runtime.functions import LambdaFunctions, start_functions
from emulation.runtime.sandbox import choose_ports
from emulation.runtime.tools import install_tools, put_in_place
from emulation.settings import ROOT, read_local_settings
from emulation.tracing import new_trace_id, read_trace_id, tracing
from server.app import create_app
from server.gateway.cors import CorsRules
from server.settings import read_settings
from tests.eventually import eventually, until
from tests.lambda_python import needs_emulator

# Stands in for an artifact. It does what the event asks for: of a request, what its body asks for.
MODULE = """
import json, os, time

class Handler:
    clock = None
    calls = 0

    def __call__(self, event, context):
        if "identitySource" in event:
            header = event["identitySource"][0]
            if header == "fail":
                raise RuntimeError("Cognito is away")
            effect = "Deny" if header == "deny" else "Allow"
            return {"policyDocument": {"Statement": [{"Effect": effect}]}, "context": {"userId": "u"}}
        asked = json.loads(event["body"]) if "routeKey" in event else event
        self.calls += 1
        if "begun" in asked:
            open(asked["begun"], "x").close()
            while os.path.exists(asked["begun"]):
                time.sleep(0.01)
        if "sleep" in asked:
            time.sleep(asked["sleep"])
        if "exit" in asked:
            os._exit(asked["exit"])
        if "fail" in asked:
            raise ValueError(asked["fail"])
        if "size" in asked:
            return {"statusCode": 200, "body": "x" * asked["size"]}
        if "show" in asked:
            return {"statusCode": 200, "body": event["stageVariables"]["CLOUDFRONT_DOMAIN"]}
        if "result" in asked:
            return asked["result"]
        return {
            "calls": self.calls,
            "environment": dict(os.environ),
            "events": [[one.at.isoformat(), one.seconds] for one in self.clock.events],
            "memory": context.memory_limit_in_mb,
        }

handler = Handler()
"""
TIMEOUT_SECONDS = 60
SHORT_TIMEOUT_SECONDS = 2


@contextlib.asynccontextmanager
async def running(
    folder: Path, sandboxes: int = 1, timeout_seconds: int = TIMEOUT_SECONDS
) -> AsyncIterator[LambdaFunctions]:
    """The module as the guitars function and as the authorizer."""
    functions = []
    for name in ("auth", "user", "guitars", "images", "authorizer"):
        package = folder / name / "deploy" / "functions"
        package.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text(MODULE)
        entry = f"deploy.functions.{name}"
        functions.append(DeployedFunction(f"{name.capitalize()}Function", entry, 256, timeout_seconds, {"OWN": "1"}))
        # What an artifact holds of the server.
        (folder / name / "server").mkdir(exist_ok=True)
        (folder / name / "server" / "__init__.py").touch()
        (folder / name / "server" / "clock.py").touch()
        for level in (package, package.parent):
            (level / "__init__.py").touch()
    started = LambdaFunctions(
        functions, install_tools(), folder, folder, "http://127.0.0.1:9", "http://localhost:9", sandboxes
    )
    try:
        yield started
    finally:
        await started.stop()


async def invoke(functions: LambdaFunctions, **event: Any) -> Any:
    return await functions.invoke("deploy.functions.guitars", event, ())


@needs_emulator
async def test_a_function_has_the_environment_that_it_is_given_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_DEVELOPER", "1")
    async with running(tmp_path) as functions:
        answer = await invoke(functions)

    environment = answer["environment"]
    assert environment["OWN"] == "1"
    assert environment["AWS_ACCESS_KEY_ID"] == environment["AWS_LAMBDA_FUNCTION_NAME"] == "GuitarsFunction"
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
    assert answer["memory"] == environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert "OF_THE_DEVELOPER" not in environment


@needs_emulator
async def test_a_function_knows_the_clock_of_whoever_invokes_it(tmp_path: Path) -> None:
    ageing = Ageing(datetime(2026, 1, 1, tzinfo=UTC), 3600)
    async with running(tmp_path) as functions:
        told = await functions.invoke("deploy.functions.guitars", {}, [ageing])
        forgotten = await invoke(functions)

    assert told["events"] == [["2026-01-01T00:00:00+00:00", 3600]]
    assert forgotten["events"] == []


@needs_emulator
async def test_a_function_is_told_the_trace_that_it_works_for(tmp_path: Path) -> None:
    async with running(tmp_path) as functions:
        for trace_id in (new_trace_id(), new_trace_id()):
            with tracing(trace_id):
                answer = await invoke(functions)
            assert read_trace_id(answer["environment"]["_X_AMZN_TRACE_ID"]) == trace_id


@pytest.mark.skipif(sys.platform != "linux", reason="The emulator runs on Linux only.")
def test_a_sandbox_takes_no_port_that_the_system_may_give_to_another_meanwhile() -> None:
    first_given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports = choose_ports(20)
    assert (len(set(ports)), max(ports) < first_given) == (20, True)


# What starts a program on a leash, names it and is killed.
KILLED_STARTER = """
import os, signal, subprocess, sys
from pathlib import Path
from emulation.runtime.leash import leashed
print(subprocess.Popen([*leashed(Path(sys.executable)), "-c", "import time; time.sleep(600)"]).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="The emulator runs on Linux only.")
async def test_a_program_on_a_leash_ends_with_whoever_started_it_even_by_a_kill() -> None:
    starter = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED_STARTER, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert starter.stdout is not None
    leashed = int(await starter.stdout.readline())
    assert await starter.wait() == -signal.SIGKILL

    async def look() -> bool:
        return not start_mark(leashed)

    assert await eventually(look)


@needs_emulator
async def test_a_sandbox_is_kept_and_starts_anew_when_its_function_has_ended(tmp_path: Path) -> None:
    async with running(tmp_path) as functions:
        assert [(await invoke(functions))["calls"] for _ in range(2)] == [1, 2]
        with pytest.raises(FunctionError, match="exit status 3"):
            await invoke(functions, exit=3)
        assert (await invoke(functions))["calls"] == 1


@needs_emulator
async def test_what_a_function_raises_is_an_error_and_the_sandbox_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as functions:
        with pytest.raises(FunctionError, match="no such guitar"):
            await invoke(functions, fail="no such guitar")
        assert (await invoke(functions))["calls"] == 2


@needs_emulator
async def test_a_function_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    async with running(tmp_path, timeout_seconds=SHORT_TIMEOUT_SECONDS) as functions:
        with pytest.raises(FunctionTimeoutError, match=r"Task timed out after 2\.00 seconds"):
            await invoke(functions, sleep=30)
        assert (await invoke(functions))["calls"] == 1


@needs_emulator
async def test_invocations_at_once_wait_for_each_other_or_have_sandboxes_of_their_own(tmp_path: Path) -> None:
    for sandboxes in (1, 2):
        async with running(tmp_path, sandboxes) as functions:
            answers = await asyncio.gather(*(invoke(functions, sleep=0.1) for _ in range(6)))
        assert sum(answer["calls"] == 1 for answer in answers) == sandboxes


@needs_emulator
async def test_who_does_not_wait_for_the_end_disturbs_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as functions:
        assert (await invoke(functions))["calls"] == 1
        begun = tmp_path / "begun"
        left = asyncio.create_task(invoke(functions, begun=str(begun)))
        await until(begun.exists)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        # Only now may it end.
        begun.unlink()
        assert (await invoke(functions))["calls"] == 3


@needs_emulator
@pytest.mark.parametrize(
    ("authorization", "asked", "status", "body"),
    [
        ("good", '{"result": {"statusCode": 201, "body": "{}"}}', 201, "{}"),
        ("good", '{"result": {"statusCode": 200, "body": "w6k=", "isBase64Encoded": true}}', 200, "é"),
        ("good", '{"show": "stage"}', 200, "https://site.example"),
        ("deny", "{}", 403, '{"message":"Forbidden"}'),
        ("fail", "{}", 500, '{"message":"Internal Server Error"}'),
        ("good", '{"fail": "no"}', 500, '{"message":"Internal Server Error"}'),
        ("good", '{"exit": 1}', 500, '{"message":"Internal Server Error"}'),
        ("good", '{"sleep": 30}', 500, '{"message":"Internal Server Error"}'),
        ("good", '{"size": 6291556}', 500, '{"message":"Internal Server Error"}'),
        ("good", '{"result": {"no": "status"}}', 500, '{"message":"Internal Server Error"}'),
    ],
    ids=[
        "answers",
        "answers in Base64",
        "is told the CDN's domain",
        "is denied",
        "has an authorizer that raises",
        "raises",
        "ends",
        "hangs",
        "answers too much",
        "answers what is no answer",
    ],
)
async def test_a_route_whose_function(
    aiohttp_client: AiohttpClient, tmp_path: Path, authorization: str, asked: str, status: int, body: str
) -> None:
    settings = read_settings({"AWS_REGION": "us-east-1", "CLOUDFRONT_DOMAIN": "site.example"}, ())
    timeout_seconds = SHORT_TIMEOUT_SECONDS if "sleep" in asked else TIMEOUT_SECONDS
    async with (
        running(tmp_path, timeout_seconds=timeout_seconds) as functions,
        open_on_lambda(settings, AgeingClock(), functions) as backend,
    ):
        app = create_app(backend.integration, backend.authorize, AgeingClock(), CorsRules(()))
        client = await aiohttp_client(app)
        headers = {"Authorization": authorization, "Content-Type": "application/json"}
        answer = await client.post("/guitars", data=asked, headers=headers)

        assert (answer.status, await answer.text()) == (status, body)


def test_a_result_without_a_status_is_no_answer() -> None:
    for result in (None, "text", {}, {"statusCode": "200"}):
        with pytest.raises(FunctionError):
            read_response(result)


def test_where_the_emulator_cannot_run_it_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(RuntimeMissingError, match="runs here on Linux with x86_64 only"):
        install_tools()


def test_of_two_who_install_the_tools_at_once_one_comes_first_and_both_have_them(tmp_path: Path) -> None:
    place = tmp_path / "installed"
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tool").write_text(name)
        put_in_place(tmp_path / name, place)
    assert (place / "tool").read_text() == "first"


def test_a_folder_without_the_functions_is_named_and_how_they_are_built(tmp_path: Path) -> None:
    (tmp_path / "guitars").mkdir()
    functions = [
        DeployedFunction(f"{name.title()}Function", f"deploy.functions.{name}", 256, 3, {})
        for name in ("auth", "guitars")
    ]
    local = read_local_settings({"FUNCTIONS_DIR": str(tmp_path)})

    with pytest.raises(RuntimeMissingError, match=r"lacks auth; `uv run just build --arch x86_64`"):
        start_functions(local, functions)
