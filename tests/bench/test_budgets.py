"""What of the measurements does not depend on the machine: calls and capacity by route, imports, stalls."""

import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploy.build.archive import write_archive
from deploy.build.artifacts import ARTIFACTS
from deploy.cost.workload import read_workload
from emulation.cloud.s3.checksums import checksum
from server.routes import FUNCTIONS, ROUTES
from tests.api.client import Api, User
from tests.bench.processes import plain_environment, run_json
from tests.bench.rows.functions import SIZE_GOALS, built, packed_mebibytes, unpruned
from tests.bench.rows.growth import open_collections
from tests.bench.rows.loop import services_environment
from tests.emulation.aws_endpoint import LocalAws, run_local_aws
from tests.eventually import eventually
from tests.lambda_python import needs_lambda_python
from tests.photographs import encode, photograph

# The meter counts the request and its function too.
_OURS = ("apigateway", "lambda")
GUITAR = {"brand": "Fender", "model": "Telecaster", "year": 1952}


@dataclass(frozen=True)
class Budget:
    """What a route may use of AWS, once: calls by service and action, units of reading and of writing."""

    calls: dict[str, int]
    read_units: float = 0
    write_units: float = 0


Call = Callable[[Api, User, str], Awaitable[Any]]


def calling(method: str, path: str, body: Any = None) -> Call:
    """A call of a route by a user with a guitar, whose id stands for `{id}`."""

    async def call(api: Api, user: User, guitar_id: str) -> Any:
        answer = await api.call(method, path.replace("{id}", guitar_id), body, user=user)
        return answer.data

    return call


async def complete_upload(api: Api, user: User, guitar_id: str) -> None:
    content = encode(photograph((320, 240)), "JPEG")
    key = await api.upload(user, content, "image/jpeg")
    await api.call("POST", "/images/upload-complete", {"imageKey": key, "guitarId": guitar_id}, user=user)


UPLOAD = {"fileName": "guitar.jpg", "fileType": "image/jpeg"}
# Each item is smaller than 1 KB, which is a unit to write, two in a transaction; 4 KB are a unit to read.
BUDGETS: dict[str, tuple[Call, Budget]] = {
    "GET /user/profile": (calling("GET", "/user/profile"), Budget({"dynamodb GetItem": 1}, 1, 0)),
    "PUT /user/profile": (
        calling("PUT", "/user/profile", {"preferences": {"theme": "dark"}}),
        Budget({"dynamodb GetItem": 1, "dynamodb UpdateItem": 1}, 1, 1),
    ),
    "PUT /user/name": (
        calling("PUT", "/user/name", {"name": "Grace"}),
        Budget({"cognito-idp UpdateUserAttributes": 1, "dynamodb GetItem": 1, "dynamodb UpdateItem": 1}, 1, 1),
    ),
    "GET /guitars": (calling("GET", "/guitars"), Budget({"dynamodb Query": 1}, 1, 0)),
    "GET /guitars/brands": (calling("GET", "/guitars/brands"), Budget({"dynamodb Query": 1}, 1, 0)),
    "GET /guitars/{id}": (calling("GET", "/guitars/{id}"), Budget({"dynamodb GetItem": 1}, 1, 0)),
    # The guitar and its entry in the brand index, that its owner exists, the tally of its brand.
    "POST /guitars": (calling("POST", "/guitars", GUITAR), Budget({"dynamodb TransactWriteItems": 1}, 0, 7)),
    "PUT /guitars/{id}": (
        calling("PUT", "/guitars/{id}", {"year": 1960}),
        Budget({"dynamodb GetItem": 1, "dynamodb UpdateItem": 1}, 1, 2),
    ),
    "DELETE /guitars/{id}": (
        calling("DELETE", "/guitars/{id}"),
        Budget({"dynamodb GetItem": 1, "dynamodb TransactWriteItems": 1}, 1, 5),
    ),
    "POST /images/upload-url": (calling("POST", "/images/upload-url", UPLOAD), Budget({}, 0, 0)),
    "POST /images/upload-complete": (
        complete_upload,
        Budget(
            {
                "dynamodb GetItem": 2,
                "dynamodb TransactWriteItems": 1,
                "s3 DeleteObject": 1,
                "s3 GetObject": 1,
                "s3 HeadObject": 1,
                "s3 PutObject": 2,
            },
            2,
            5,
        ),
    ),
}


def test_every_frequent_route_with_a_token_has_a_budget() -> None:
    rare = read_workload().rare
    assert BUDGETS.keys() == {route.key for route in ROUTES if route.auth and route.key not in rare}


@pytest.mark.parametrize("route", BUDGETS)
async def test_a_route_uses_of_aws_what_it_needs(api: Api, route: str) -> None:
    user = await api.new_user()
    guitar = await api.new_guitar(user)
    # The authorizer's question is not the route's: its answer is kept by now.
    call, budget = BUDGETS[route]
    meter = f"{api.target.front_door_url}/_local/meter"

    await eventually(partial(read_meter, api, "POST /guitars"))
    await api.fetch("DELETE", meter)
    await call(api, user, guitar["guitarId"])

    assert await eventually(partial(read_meter, api, route)) == budget


async def read_meter(api: Api, route: str) -> Budget | None:
    """What was used under a route since the meter was set to zero; None until the request itself is reported."""
    rows = (await api.fetch("GET", f"{api.target.front_door_url}/_local/meter")).json["usage"]
    own = [row for row in rows if row["route"] == route]
    if "apigateway" not in {row["service"] for row in own}:
        return None
    return Budget(
        {f"{row['service']} {row['action']}": row["count"] for row in own if row["service"] not in _OURS},
        float(sum(sum(row["readUnits"].values()) for row in own)),
        float(sum(sum(row["writeUnits"].values()) for row in own)),
    )


# Packages that a function is not to import while it starts: each costs tens of milliseconds.
LEFT_OUT = {
    "authorizer": {"aiobotocore", "aiohttp", "boto3", "botocore", "msgspec", "PIL", "pi_heif", "pydantic"},
    # What it is for is loaded with it: while it starts, a function has more CPU than later.
    "images": {"email_validator", "jwt", "moto"},
    "auth": {"PIL", "pi_heif", "jwt", "moto"},
    **{
        name: {"PIL", "email_validator", "pi_heif", "jwt", "moto"}
        for name in ("user", "guitars", "post_confirmation", "cleanup")
    },
}
IMPORTS = "import sys, json; import deploy.functions.{} ; print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("function", sorted(LEFT_OUT))
def test_a_function_imports_nothing_that_it_does_not_use(function: str) -> None:
    imported = run_json([sys.executable, "-c", IMPORTS.format(function)], plain_environment())
    ours = {name for name in imported if name.startswith("server.handlers.")}
    assert {name.partition(".")[0] for name in imported}.isdisjoint(LEFT_OUT[function])
    served = {f"server.handlers.{function}"} if function in FUNCTIONS else set()
    assert ours == served
    assert not {name for name in imported if name.startswith(("emulation", "server.gateway.throttle", "server.app"))}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalAws, Any]]:
    """A local AWS that completed an upload, and what held up the event loop meanwhile."""
    folder = tmp_path_factory.mktemp("watched")
    file = folder / "photograph.jpg"
    file.write_bytes(encode(photograph((640, 480)), "JPEG"))
    with run_local_aws(folder / "aws") as aws:
        command = [sys.executable, "-m", "tests.bench.programs.blocking", str(file)]
        yield aws, run_json(command, services_environment(aws))


def test_nothing_on_the_event_loop_waits_decodes_or_hashes(watched: tuple[LocalAws, Any]) -> None:
    assert watched[1] == {"blocking": [], "working": []}


def test_s3_checks_the_sha256_of_every_object_that_is_stored(watched: tuple[LocalAws, Any]) -> None:
    aws, _ = watched
    s3, bucket = aws.client("s3"), aws.environment["S3_BUCKET_IMAGES"]
    stored = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert {key.rpartition("/")[2] for key in stored} == {"original.jpg", "thumbnail.webp"}
    for key in stored:
        answer = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        assert answer["ChecksumSHA256"] == checksum("SHA256", answer["Body"].read())


def test_units_do_not_grow_with_the_collection() -> None:
    with contextlib.ExitStack() as stack:
        found = open_collections(stack, (20, 100, 400))
        assert found.units("first page", 400) <= 1.3 * found.units("first page", 100)
        assert found.units("brand", 400) == found.units("brand", 20)
        assert found.units("brands", 400) <= found.units("collection", 400) / 5
        assert found.units("brands", 100) <= found.units("collection", 100) / 5


def test_a_packed_size_is_that_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "in" / "pièces").mkdir(parents=True)
    for name, content in (("a.py", b"import json\n" * 500), ("pièces/b.so", bytes(range(256)) * 90), ("empty", b"")):
        (tmp_path / "in" / name).write_bytes(content)
    write_archive(tmp_path / "in", tmp_path / "packed.zip")
    assert packed_mebibytes(tmp_path / "in") * 1024 * 1024 == (tmp_path / "packed.zip").stat().st_size


@needs_lambda_python
@pytest.mark.parametrize("function", sorted(SIZE_GOALS))
def test_a_packed_function_is_much_smaller_than_what_it_is_made_of(function: str) -> None:
    packages = next(artifact.packages for artifact in ARTIFACTS if artifact.name == function)
    ratio = packed_mebibytes(built() / function) / packed_mebibytes(unpruned(packages))
    assert ratio <= SIZE_GOALS[function]
