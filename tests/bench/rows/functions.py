"""`lambda-warm`, `cold`, `cold-peers` and `size`: the functions as they are built, on the Python that Lambda runs."""

import json
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

from deploy.build import archive
from deploy.build.artifacts import ARTIFACTS, X86_64, Artifact
from deploy.build.requirements import export_requirements
from deploy.build.sources import copy_sources
from deploy.build.tools import find_python, find_uv, run
from tests.bench.environments import FOLDER, open_artifact
from tests.bench.frame import HERE, Line, Plan
from tests.bench.guitars import GUITAR_ID, ITEM, USER_ID, sent
from tests.bench.processes import Worker, run_json
from tests.bench.rows.api import environment
from tests.built_functions import build_functions

PROGRAMS = Path(__file__).parents[1] / "programs"
_NOWHERE = "http://127.0.0.1:9"
_MEBIBYTE = 1024 * 1024
built = cache(build_functions)
COLD_GOALS = {artifact.name: 0.08 if artifact.name == "authorizer" else 0.28 for artifact in ARTIFACTS}
# Of the authorizer, 95 % is the library that checks signatures, with which nothing can be done: it has no goal.
SIZE_GOALS = {one.name: 0.55 if one.name == "images" else 0.45 for one in ARTIFACTS if one.name != "authorizer"}


@cache
def unpruned(packages: tuple[str, ...]) -> Path:
    """The same packages and modules as they come: nothing left out, nothing compiled."""
    folder = FOLDER / f"unpruned-{'-'.join(packages)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    listed = folder / "requirements.txt"
    listed.write_text(export_requirements(Artifact("unpruned", packages)))
    options = ["--quiet", "--python", find_python(), "--python-platform", X86_64.platform, "--only-binary", ":all:"]
    run([find_uv(), "pip", "install", *options, "--no-deps", "--require-hashes", "--target", folder, "-r", listed])
    listed.unlink()
    copy_sources(folder)
    return folder


def function_environment(artifact: Path) -> dict[str, str]:
    """What a function finds around it on Lambda, as far as these rows need it."""
    return environment(_NOWHERE) | {
        "PYTHONPATH": str(artifact),
        # On AWS it is where the function itself reaches S3.
        "S3_PUBLIC_ENDPOINT": _NOWHERE,
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "POWERTOOLS_METRICS_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def measure_start(artifact: Path, module: str) -> dict[str, Any]:
    """Milliseconds of CPU, and the modules, of a start in a fresh process."""
    command: list[str | Path] = [find_python(), "-P", PROGRAMS / "start.py", module]
    found: dict[str, Any] = run_json(command, function_environment(artifact), artifact)
    return found


def _start_milliseconds(artifact: Path, module: str) -> float:
    return float(measure_start(artifact, module)["milliseconds"])


def cold(_stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """Each function against one that holds and imports everything."""
    every = unpruned(tuple(sorted({package for artifact in ARTIFACTS for package in artifact.packages})))
    shutil.copy(PROGRAMS / "everything.py", every)
    plain = partial(_start_milliseconds, every, "everything")
    for artifact in ARTIFACTS:
        here = partial(_start_milliseconds, built() / artifact.name, artifact.entry)
        yield Line(artifact.name, here, {"unpruned": plain}, {"unpruned": COLD_GOALS[artifact.name]})


def cold_peers(_stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """The guitars function against the same in other frameworks."""
    peers = {"Powertools": open_artifact("powertools"), "Mangum": open_artifact("mangum")}
    measures = {name: partial(_start_milliseconds, folder, "app") for name, folder in peers.items()}
    here = partial(_start_milliseconds, built() / "guitars", "deploy.functions.guitars")
    yield Line("guitars", here, measures, {"Powertools": 1.0, "Mangum": 0.75})


def size(_stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """The packed functions against the same as they come."""
    for artifact in ARTIFACTS:
        here = partial(packed_mebibytes, built() / artifact.name)
        peer = partial(packed_mebibytes, unpruned(artifact.packages))
        goals = {"unpruned": SIZE_GOALS[artifact.name]} if artifact.name in SIZE_GOALS else {}
        yield Line(artifact.name, here, {"unpruned": peer}, goals, is_exact=True)


@cache
def packed_mebibytes(folder: Path) -> float:
    """How large a folder is as the build packs it, to the byte; what the functions share is packed once."""
    files = archive.list_files(folder)
    names = sum(len(path.relative_to(folder).as_posix().encode()) for path in files)
    # https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT: each file has two headers with its name.
    headers = 22 + (30 + 46) * len(files) + 2 * names
    return (headers + sum(_deflated_bytes(path.read_bytes()) for path in files)) / _MEBIBYTE


@cache
def _deflated_bytes(content: bytes) -> int:
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return len(packing.compress(content) + packing.flush())


def http_event(route_key: str, path: str, parameters: dict[str, str], body: bytes = b"") -> dict[str, Any]:
    """An event of an HTTP API, payload format 2.0, with an authorizer's context."""
    context = {"userId": USER_ID, "issuedAt": "1767225600", "expiresAt": "4102444800"}
    method = route_key.partition(" ")[0]
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": "Bearer of-a-benchmark", "content-type": "application/json", "host": "api"},
        "pathParameters": parameters,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "bench",
            "authorizer": {"lambda": context},
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "b"},
            "requestId": "bench",
            "routeKey": route_key,
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1767225600000,
        },
        "body": body.decode(),
        "isBase64Encoded": False,
    }


EVENTS = {
    "GET /guitars/{id}": http_event("GET /guitars/{id}", f"/guitars/{GUITAR_ID}", {"id": GUITAR_ID}),
    "POST /guitars": http_event("POST /guitars", "/guitars", {}, sent()),
}


def lambda_warm(stack: ExitStack, plan: Plan) -> Iterator[Line]:
    """Events answered one after the other, AWS without a socket."""
    artifacts = {
        HERE: (built() / "guitars", "deploy.functions.guitars"),
        "Powertools": (open_artifact("powertools"), "app"),
        "Mangum": (open_artifact("mangum"), "app"),
    }
    workers = {
        name: Worker(
            stack,
            [find_python(), "-P", PROGRAMS / "invoke.py", module, json.dumps(ITEM)],
            function_environment(folder),
        )
        for name, (folder, module) in artifacts.items()
    }
    for title, event in EVENTS.items():

        def measure(name: str, event: dict[str, Any] = event, seconds: float = plan.seconds) -> float:
            found = workers[name].ask({"events": [event], "seconds": seconds})
            assert found["answers"][0]["statusCode"] in (200, 201), found["answers"][0]
            return float(found["per_second"])

        for name in workers:
            measure(name, seconds=plan.seconds / 4)
        peers = {name: partial(measure, name) for name in workers if name != HERE}
        yield Line(title, partial(measure, HERE), peers, {"Powertools": 3.0, "Mangum": 3.0})
