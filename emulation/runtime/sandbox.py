"""One sandbox of a function: a process of the emulator, which takes one invocation at a time.

On Lambda a function has time of its own to start, and only then its Timeout counts. The emulator counts both together:
it is given more than enough for both, as a busy machine starts slowly, and the limit of an invocation is kept here.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import contextlib
import io
import json
import secrets
import socket
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from emulation.clock import Ageing
from emulation.runtime.deployed import ENTRY_VARIABLE, WARM_UP_EVENT
from emulation.runtime.errors import FunctionEndedError, FunctionError, FunctionTimeoutError
from emulation.runtime.leash import leashed
from emulation.runtime.tools import Tools
from emulation.settings import ROOT, UNASKED_PORTS
from emulation.tracing import trace_header
from server.clock import to_iso

_PATH = "/2015-03-31/functions/function/invocations"
_HANDLER = "emulation.runtime.entry.handler"
INIT_SECONDS = 60
_POLL_SECONDS = 0.02
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
# How Lambda calls what becomes of a runtime, and not of an event.
_RUNTIME_ERRORS = "Runtime."
# The emulator's words for a function that took too long; it answers them with 200.
_TIMED_OUT = "Task timed out after "


class Sandbox:
    """Ready for events once `start` has returned; of no use any more when `is_usable` is false."""

    def __init__(
        self,
        tools: Tools,
        artifact: Path,
        entry: str,
        environment: Mapping[str, str],
        timeout_seconds: float,
        log: Path,
    ) -> None:
        self.is_usable = True
        self._tools = tools
        self._artifact = artifact
        self._log = log
        self._timeout_seconds = timeout_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._url = ""
        self._environment = {
            **environment,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(timeout_seconds + INIT_SECONDS)),
            ENTRY_VARIABLE: entry,
            "LAMBDA_TASK_ROOT": str(artifact),
            # The artifact first: of this project, only `emulation` is found behind it.
            "PYTHONPATH": f"{artifact}:{tools.runtime}:{ROOT}",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }

    async def start(self, session: aiohttp.ClientSession) -> None:
        """Returns when the function is initialized; raises FunctionError or FunctionTimeoutError when it cannot be."""
        invoke_port, runtime_port = choose_ports(2)
        self._url = f"http://127.0.0.1:{invoke_port}{_PATH}"
        addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{invoke_port}"]
        addresses += ["--runtime-api-address", f"127.0.0.1:{runtime_port}"]
        # Without the interpreter's own packages; nothing is written beside a module.
        bootstrap = [self._tools.python, "-S", "-s", "-B", "-m", "awslambdaric", _HANDLER]
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *leashed(self._tools.emulator),
                *addresses,
                *bootstrap,
                cwd=self._artifact,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(_START_SECONDS):
            while not await _listens(invoke_port):  # noqa: ASYNC110 - another process opens it
                await asyncio.sleep(_POLL_SECONDS)
        await self._send(session, WARM_UP_EVENT, ())

    async def invoke(
        self, session: aiohttp.ClientSession, event: Any, ageings: Sequence[Ageing], limit_seconds: float | None = None
    ) -> Any:
        """The function's result; raises FunctionError or FunctionTimeoutError.

        `limit_seconds` is that of an impatient caller; the function's own limit holds in any case.
        """
        limit_seconds = min(self._timeout_seconds, limit_seconds or self._timeout_seconds)
        try:
            async with asyncio.timeout(limit_seconds):
                return await self._send(session, event, ageings)
        except TimeoutError:
            self.is_usable = False
            raise FunctionTimeoutError(f"Task timed out after {limit_seconds:.2f} seconds") from None
        except FunctionEndedError:
            self.is_usable = False
            raise

    async def _send(self, session: aiohttp.ClientSession, event: Any, ageings: Sequence[Ageing]) -> Any:
        events = [{"at": to_iso(one.at), "seconds": one.seconds} for one in ageings]
        custom = {"events": events, "trace": trace_header()}
        context = b64encode(json.dumps({"custom": custom}).encode()).decode()
        body = io.BytesIO(json.dumps(event).encode())
        async with session.post(self._url, data=body, headers={"X-Amz-Client-Context": context}) as answer:
            return read_result(answer.status, await answer.read())

    async def stop(self) -> None:
        """End the emulator, and with it the function's process."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def read_result(status: int, body: bytes) -> Any:
    """What the emulator's answer means.

    A function that raised is answered with 200, and told apart by its fields alone; one that ended, or whose result
    is too large, with 502.
    """
    text = body.decode()
    if status == 200 and text.startswith(_TIMED_OUT):
        raise FunctionTimeoutError(text.strip())
    try:
        result = json.loads(text)
    except ValueError:
        raise FunctionError(f"the emulator answered {status}: {text[:200]}") from None
    if isinstance(result, dict) and "errorMessage" in result and "errorType" in result:
        kind = FunctionEndedError if str(result["errorType"]).startswith(_RUNTIME_ERRORS) else FunctionError
        raise kind(str(result["errorMessage"]))
    if status != 200:
        raise FunctionError(f"the emulator answered {status}")
    return result


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def choose_ports(count: int) -> list[int]:
    """Ports that nobody has, nor gets by chance before the emulator listens."""
    found: set[int] = set()
    while len(found) < count:
        port = secrets.choice(UNASKED_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return list(found)
