"""`api` and `api-peers`: a guitar over HTTP, DynamoDB answered at once by a process of its own."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

from emulation.settings import ROOT
from tests.bench.environments import PEERS, open_venv
from tests.bench.frame import Line, Measure, Plan
from tests.bench.guitars import GUITAR_ID, GUITARS_TABLE, TOKEN, USERS_TABLE, sent
from tests.bench.loading import LoadProcess, http_request
from tests.bench.processes import plain_environment, start_server

CLIENTS = 16
_PROGRAMS = "tests.bench.programs"
_PATH = f"/guitars/{GUITAR_ID}"


def environment(stub_url: str) -> dict[str, str]:
    """What every program of these rows is told."""
    return plain_environment(
        AWS_ENDPOINT_URL=stub_url,
        AWS_REGION="us-east-1",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="bench",
        AWS_SECRET_ACCESS_KEY="bench",
        DYNAMODB_TABLE_GUITARS=GUITARS_TABLE,
        DYNAMODB_TABLE_USERS=USERS_TABLE,
        S3_BUCKET_IMAGES="images",
        S3_BUCKET_UPLOADS="uploads",
        COGNITO_USER_POOL_ID="us-east-1_bench",
        COGNITO_CLIENT_ID="bench",
        CLOUDFRONT_DOMAIN="https://cdn.example.com",
        PYTHONPATH=str(ROOT),
    )


def against_bare(stack: ExitStack, plan: Plan) -> Iterator[Line]:
    """The handlers against the least that can be written with the same libraries."""
    environ, here = _open(stack)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    bodies = [folder / "get.json", folder / "post.json"]
    bodies[0].write_bytes(_ask(here, "GET", _PATH, None))
    bodies[1].write_bytes(_ask(here, "POST", "/guitars", sent()))
    command: list[str | Path] = [sys.executable, "-m", f"{_PROGRAMS}.bare", *bodies]
    bare = start_server(stack, command, environ, _PATH)
    yield from _compare(stack, plan, here, {"bare aiohttp": bare}, 0.85)


def against_fastapi(stack: ExitStack, plan: Plan) -> Iterator[Line]:
    """The handlers against FastAPI with the same models and the same call."""
    environ, here = _open(stack)
    folder = PEERS / "fastapi"
    command: list[str | Path] = [
        open_venv("fastapi"),
        "-m",
        "uvicorn",
        "app:app",
        "--no-access-log",
        "--app-dir",
        folder,
        "--port",
    ]
    peer = start_server(stack, command, environ, _PATH)
    yield from _compare(stack, plan, here, {"FastAPI": peer}, 1.3)


def _open(stack: ExitStack) -> tuple[dict[str, str], str]:
    stub = start_server(stack, [sys.executable, "-m", f"{_PROGRAMS}.stub"], plain_environment())
    environ = environment(stub)
    return environ, start_server(stack, [sys.executable, "-m", f"{_PROGRAMS}.here"], environ)


def _compare(stack: ExitStack, plan: Plan, here: str, peers: dict[str, str], goal: float) -> Iterator[Line]:
    load = LoadProcess(stack)
    for title, method, path, body in (
        ("GET /guitars/{id}", "GET", _PATH, b""),
        ("POST /guitars", "POST", "/guitars", sent()),
    ):

        def measure(url: str, method: str = method, path: str = path, body: bytes = body) -> float:
            request = http_request(method, url, path, {"Authorization": TOKEN}, body)
            return load.measure(url, [request], CLIENTS, plan.seconds).requests_per_second

        measures: dict[str, Measure] = {name: partial(measure, url) for name, url in peers.items()}
        for url in (here, *peers.values()):
            measure(url)
        yield Line(title, partial(measure, here), measures, dict.fromkeys(peers, goal))


def _ask(url: str, method: str, path: str, body: bytes | None) -> bytes:
    headers = {"Authorization": TOKEN, "Content-Type": "application/json"}
    with urlopen(Request(f"{url}{path}", body, headers, method=method), timeout=10) as answer:  # noqa: S310
        found: bytes = answer.read()
        return found
