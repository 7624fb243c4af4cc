"""Processes that are measured: servers that answer, and workers that measure themselves when they are asked to."""

import contextlib
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from emulation.settings import ROOT
from tests.ports import free_port

START_SECONDS = 60.0
# Settings of whoever runs the benchmark must not decide about it.
_OWN = ("AWS_", "MOTO_", "S3_", "DYNAMODB_", "COGNITO_")


def plain_environment(**more: str) -> dict[str, str]:
    """The environment without what is about AWS, and with the variables that are named."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OWN)} | more


def start(
    stack: ExitStack, command: Sequence[str | Path], environ: Mapping[str, str], cwd: Path = ROOT, **options: Any
) -> "subprocess.Popen[str]":
    """Start a process that is ended with the stack."""
    process = subprocess.Popen(list(map(str, command)), cwd=cwd, env=dict(environ), text=True, **options)
    stack.callback(_end, process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def start_server(stack: ExitStack, command: Sequence[str | Path], environ: Mapping[str, str], path: str = "/") -> str:
    """Start a server whose command takes its port as the last argument; its address, once it answers anything."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = stack.enter_context((log_folder() / f"{Path(str(command[-1])).name}-{port}.log").open("wb"))
    process = start(stack, [*command, str(port)], environ, stdout=log, stderr=log)
    wait_for_answer(f"{url}{path}", process)
    return url


def log_folder() -> Path:
    """Where the servers write what they have to say."""
    folder = ROOT / ".local" / "bench" / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wait_for_answer(url: str, process: "subprocess.Popen[str] | None" = None) -> None:
    """Wait until a server answers, whatever it answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            try:
                with urllib.request.urlopen(url, timeout=10):  # noqa: S310
                    return
            except urllib.error.HTTPError as answer:
                answer.close()
                return
        assert process is None or process.poll() is None, f"{url} did not start; see {log_folder()}"
        time.sleep(0.01)
    raise AssertionError(f"{url} does not answer")


class Worker:
    """A process that reads a job a line as JSON and answers each with a line of JSON."""

    def __init__(self, stack: ExitStack, command: Sequence[str | Path], environ: Mapping[str, str]) -> None:
        self._process = start(stack, command, environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, job: Any) -> Any:
        """The answer to a job."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self._process.args!r} ended"
        return json.loads(line)


def run_json(command: Sequence[str | Path], environ: Mapping[str, str], cwd: Path = ROOT) -> Any:
    """What a process prints, as JSON."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=dict(environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def fetch(method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """The JSON that a server answers with success."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=dict(headers or {}))  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        content = answer.read()
        return json.loads(content) if content else None
