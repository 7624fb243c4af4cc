"""Snapshots: all data under a name, as one file, put back into a stack that is up or down."""

import json
import os
import pickle
import resource
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from emulation.cloud.objects import ObjectStore
from emulation.cloud.state.admission import Admission
from emulation.cloud.state.archive import extract_archive
from emulation.cloud.state.errors import StateDamagedError
from emulation.cloud.state.journal import Journal, pack_record
from emulation.cloud.state.pickling import Unpickling
from emulation.cloud.state.pieces import Change
from emulation.cloud.state.restoring import stored_content
from emulation.cloud.state.stamp import plain_stamp
from emulation.settings import ACCOUNT_ID
from tests.api.client import Api, Target
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.command_stack import Stack
from tests.emulation.test_durability import running
from tests.eventually import wait_until
from tests.photographs import encode, marked

Edit = Callable[[dict[str, bytes]], None]


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[CloudProcess]:
    """A local AWS of the test's own, whose data it may replace."""
    with running(tmp_path / "local") as cloud:
        yield cloud


def take(cloud: CloudProcess, path: Path) -> Path:
    with urllib.request.urlopen(f"{cloud.url}/_cloud/snapshot", timeout=20) as answer:  # noqa: S310
        assert answer.status == 200
        path.write_bytes(answer.read())
    return path


def restore(cloud: CloudProcess, path: Path) -> tuple[int, Any]:
    return cloud.request("POST", "/_cloud/restore", path.read_bytes(), {"Content-Type": "application/zip"})


def put_object(cloud: CloudProcess, content: bytes) -> dict[str, str]:
    place = {"Bucket": cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_IMAGES"], "Key": f"images/{uuid4()}"}
    cloud.client("s3").put_object(**place, Body=content)
    return place


def content_of(cloud: CloudProcess, place: dict[str, str]) -> bytes | None:
    s3 = cloud.client("s3")
    try:
        body: bytes = s3.get_object(**place)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None
    return body


def edited(path: Path, edit: Edit) -> Path:
    """A copy of an archive with its members changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    edit(members)
    copy = path.with_name("edited.gcsnap")
    with zipfile.ZipFile(copy, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return copy


def test_a_restore_brings_back_the_moment_of_the_snapshot(cloud: CloudProcess, tmp_path: Path) -> None:
    kept = put_object(cloud, b"kept" * 1000)
    keys = cloud.request("GET", "/_cloud/environment")[1]["COGNITO_USER_POOL_ID"]
    jwks = cloud.request("GET", f"/{keys}/.well-known/jwks.json")
    snapshot = take(cloud, tmp_path / "one.gcsnap")
    cloud.client("s3").delete_object(**kept)
    later = put_object(cloud, b"later")

    assert restore(cloud, snapshot) == (200, {"status": "ok"})
    assert (content_of(cloud, kept), content_of(cloud, later)) == (b"kept" * 1000, None)
    assert cloud.request("GET", f"/{keys}/.well-known/jwks.json") == jwks
    assert cloud.request("GET", "/_cloud/health")[0] == 200


def test_a_query_after_a_restore_finds_what_is_there_then(cloud: CloudProcess, tmp_path: Path) -> None:
    dynamodb = cloud.client("dynamodb")
    table, owner = cloud.request("GET", "/_cloud/environment")[1]["DYNAMODB_TABLE_GUITARS"], {"S": str(uuid4())}

    def write(*names: str) -> None:
        for name in names:
            item = {"userId": owner, "guitarId": {"S": name}, "brand": {"S": "Fender"}}
            dynamodb.put_item(TableName=table, Item=item)

    def names(**request: Any) -> str:
        values = {":u": owner, **({":b": {"S": "Fender"}} if request else {})}
        condition = "userId = :u AND brand = :b" if request else "userId = :u"
        found = dynamodb.query(
            TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **request
        )
        return "".join(item["guitarId"]["S"] for item in found["Items"])

    write("c", "a")
    snapshot = take(cloud, tmp_path / "moment.gcsnap")
    write("b", "d")
    assert names() == names(IndexName="brand-userId-index") == "abcd"
    assert restore(cloud, snapshot)[0] == 200
    assert names() == names(IndexName="brand-userId-index") == "ac"
    write("b")
    assert names() == names(IndexName="brand-userId-index") == "abc"


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Only Linux limits another process.")
def test_where_no_file_can_grow_a_snapshot_says_so_and_saving_goes_on_when_one_can_again(cloud: CloudProcess) -> None:
    # From now on, as on a full disk, no file grows.
    resource.prlimit(cloud.process.pid, resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
    cloud.client("dynamodb").create_table(
        TableName="any",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    status, told = cloud.request("GET", "/_cloud/snapshot")
    assert status == 503
    assert "File too large" in told["reason"]

    resource.prlimit(cloud.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    # Nothing was lost meanwhile: saving goes on by itself.
    wait_until(lambda: cloud.request("GET", "/_cloud/health")[0] == 200)


def test_a_restored_state_is_the_one_that_the_next_start_finds(cloud: CloudProcess, tmp_path: Path) -> None:
    place = put_object(cloud, b"content")
    snapshot = take(cloud, tmp_path / "one.gcsnap")
    cloud.request("POST", "/_cloud/reset")
    restore(cloud, snapshot)
    cloud.stop()

    with running(tmp_path / "local") as again:
        assert content_of(again, place) == b"content"


def test_a_snapshot_of_one_local_aws_is_restored_into_another(cloud: CloudProcess, tmp_path: Path) -> None:
    place = put_object(cloud, b"shared")
    snapshot = take(cloud, tmp_path / "one.gcsnap")
    with running(tmp_path / "other") as other:
        assert restore(other, snapshot)[0] == 200
        assert content_of(other, place) == b"shared"


def rewrite_manifest(**changed: Any) -> Edit:
    def edit(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **changed}).encode()

    return edit


def damage_state(members: dict[str, bytes]) -> None:
    members["state"] = members["state"][:-20] + bytes(20)


def drop_a_content(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name.startswith("objects/"))]


def damage_a_content(members: dict[str, bytes]) -> None:
    members[next(name for name in members if name.startswith("objects/"))] = b"another"


def add_a_file(members: dict[str, bytes]) -> None:
    members["../escaped"] = b"outside of the folder"


@pytest.mark.parametrize(
    ("edit", "status", "told"),
    [
        (rewrite_manifest(stamp={"format": 1, "moto": "5.2.5"}), 409, "was made by another version: it has format 1"),
        (rewrite_manifest(stamp={**plain_stamp(), "moto": "1.0"}), 409, "moto 1.0"),
        (rewrite_manifest(checksums={}), 400, "is damaged"),
        (damage_state, 400, "is damaged"),
        (drop_a_content, 400, "is damaged"),
        (damage_a_content, 400, "is damaged"),
        (add_a_file, 400, "is damaged"),
        (lambda members: members.clear(), 400, "is damaged"),
    ],
)
def test_what_cannot_be_restored_is_refused_in_a_sentence_and_changes_nothing(
    cloud: CloudProcess, tmp_path: Path, edit: Edit, status: int, told: str
) -> None:
    place = put_object(cloud, b"content")
    snapshot = edited(take(cloud, tmp_path / "one.gcsnap"), edit)
    put_object(cloud, b"later")

    code, answer = restore(cloud, snapshot)

    assert (code, told in answer["reason"], answer["reason"].count("\n")) == (status, True, 0), answer
    assert content_of(cloud, place) == b"content"
    assert "Traceback" not in cloud.log
    assert not list(tmp_path.glob("**/escaped"))
    assert not list((tmp_path / "local" / "state").glob("incoming-*"))


class Malice:
    def __reduce__(self) -> Any:
        return os.mkdir, ("owned",)


def named(module: str, name: str) -> bytes:
    """The opcodes that put a class or function on the stack of a pickle."""
    return f"c{module}\n{name}\n".encode()


def text(value: str) -> bytes:
    """The opcodes that put a text there."""
    return b"X" + len(value).to_bytes(4, "little") + value.encode()


CALLED = b"(tR."
# BUILD with the state (None, {"arn": 5}): sets an attribute of whatever is on the stack.
SET_ARN = b"N}" + text("arn") + b"K\x05s\x86b."
LIVING_S3 = (
    named("emulation.cloud.state.restoring", "backend_at")
    + b"("
    + b"".join(map(text, ("s3", ACCOUNT_ID, "aws")))
    + b"tR"
)
WITHOUT_BUCKETS = b"}" + text("buckets") + b"}sb."
GADGETS = {
    "a function of the system": pickle.dumps(Malice()),
    "a function of Python": named("builtins", "eval") + b"(" + text("1") + b"tR.",
    "a function behind a class": b"\x80\x04\x8c\x11moto.core.responses\x94\x8c\x09os.system\x94\x93\x94"
    b"\x8c\x04true\x94\x85\x94R.",
    "a class of ours that acts": named("emulation.cloud.moto_services", "MotoServices") + CALLED,
    "a server of moto": named("moto.moto_server.threaded_moto_server", "ThreadedMotoServer") + CALLED,
    "a thread of moto": named("moto.dynamodb.models.table_export", "TableExport") + CALLED,
    "a register of moto": named("moto.s3.models", "S3BackendDict") + CALLED,
    "what a module has imported": named("moto.s3.models", "BaseBackend") + CALLED,
    "a module with a task at its import": named("moto.server", "main") + CALLED,
    "an attribute of a class": named("moto.s3.models", "FakeBucket") + SET_ARN,
    "an attribute of a function": named("emulation.cloud.state.restoring", "restore_key") + SET_ARN,
    "an attribute of living data": LIVING_S3 + WITHOUT_BUCKETS,
    "no data at all": pickle.dumps(5),
}


def smuggle(shelves: dict[str, dict[str, bytes]]) -> Edit:
    """A whole and well-formed snapshot with other shelves."""

    def edit(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["state"] = pack_record(Change(shelves), manifest["stamp"])
        manifest["checksums"]["state"] = blake2b(members["state"], digest_size=20).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()

    return edit


def test_a_snapshot_of_somebody_else_can_call_and_change_nothing(cloud: CloudProcess, tmp_path: Path) -> None:
    place = put_object(cloud, b"content")
    snapshot = take(cloud, tmp_path / "one.gcsnap")
    for name, gadget in GADGETS.items():
        code, answer = restore(cloud, edited(snapshot, smuggle({"rest data": {"": gadget}})))
        assert code in (400, 409), (name, answer)
        assert any(word in answer["reason"] for word in ("is no data", "classes", "changes the class")), (name, answer)
        assert content_of(cloud, place) == b"content", name
        assert "Traceback" not in cloud.log, name
    assert not Path("owned").exists()
    assert restore(cloud, snapshot)[0] == 200


@pytest.mark.parametrize("shelves", [5, {"rest data": 5}, {"rest data": {"": 5}}, {5: {}}])
def test_a_snapshot_of_another_build_is_damaged(cloud: CloudProcess, tmp_path: Path, shelves: Any) -> None:
    code, answer = restore(cloud, edited(take(cloud, tmp_path / "one.gcsnap"), smuggle(shelves)))
    assert (code, "is damaged" in answer["reason"]) == (400, True), answer
    assert "Traceback" not in cloud.log


@pytest.mark.parametrize("name", ["/etc/hostname", "../journal", "", "A" * 40])
def test_a_content_of_a_snapshot_is_no_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "journal").write_bytes(b"x")
    store = ObjectStore(tmp_path / "objects")
    size = Path("/etc/hostname").stat().st_size if name.startswith("/") else 1

    with pytest.raises(StateDamagedError):
        Unpickling(b"", store, Admission()).find_class(stored_content.__module__, stored_content.__name__)(name, size)


def test_a_snapshot_is_a_zip_file_with_a_manifest(cloud: CloudProcess, tmp_path: Path) -> None:
    put_object(cloud, b"content")
    snapshot = take(cloud, tmp_path / "one.gcsnap")
    with zipfile.ZipFile(snapshot) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["counts"]["objects"] == 1
    assert (manifest["stamp"]["moto"], manifest["created"][-1]) == (plain_stamp()["moto"], "Z")
    (tmp_path / "out").mkdir()
    record = extract_archive(snapshot, tmp_path / "out")
    state = tmp_path / "state.pickle"
    state.write_bytes(record)
    assert "rest data" in Journal(state, manifest["stamp"]).read()
    assert [one.read_bytes() for one in (tmp_path / "out").iterdir()] == [b"content"]


async def test_the_api_goes_on_with_restored_data_without_a_restart(stack: Stack) -> None:
    await stack.run("up")
    ports = [stack.environ[name] for name in ("API_PORT", "FRONT_DOOR_PORT", "AWS_PORT")]
    async with aiohttp.ClientSession() as session:
        api = Api(session, Target(*(f"http://localhost:{port}" for port in ports)))
        user = await api.new_user()
        guitar = await api.new_guitar(user)
        key = await api.upload(user, encode(marked(), "JPEG"), "image/jpeg")
        image = (await api.complete(user, key, guitarId=guitar["guitarId"])).data
        assert (await stack.run("snapshot", "before")).code == 0

        # The decision about the token is in the authorizer's cache by now: it goes with the data.
        assert (await stack.run("reset")).code == 0
        assert (await api.call("GET", "/guitars", user=user)).error["code"] == "AUTH_UNAUTHORIZED"
        assert (await api.fetch("GET", image["imageUrl"])).status == 403

        restored = await stack.run("restore", "before")
        assert (restored.code, restored.err) == (0, "")
        [found] = (await api.call("GET", "/guitars", user=user)).data["guitars"]
        assert (found["guitarId"], len(found["images"])) == (guitar["guitarId"], 1)
        assert (await api.fetch("GET", image["imageUrl"])).status == 200
        await api.login(user)
        assert (await api.call("GET", "/user/profile", user=user)).data["email"] == user.email
        await api.new_guitar(await api.new_user())


async def test_snapshots_are_taken_listed_and_restored_while_the_stack_is_down(stack: Stack) -> None:
    empty = await stack.run("snapshots")
    assert (empty.code, "There are no snapshots" in empty.out) == (0, True)
    taken = await stack.run("snapshot", "nothing-yet")
    assert (taken.code, taken.err, "0 users" in taken.out, stack.pids()) == (0, "", True, [])
    restored = await stack.run("restore", "nothing-yet")
    assert (restored.code, restored.err, stack.pids()) == (0, "", [])

    folder = stack.folder / "snapshots"
    (folder / "broken.gcsnap").write_bytes(b"PK")
    listed = await stack.run("snapshots")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["NAME", "broken", "nothing-yet"]
    assert "cannot be restored" in listed.out
    assert sorted(path.name for path in folder.iterdir()) == ["broken.gcsnap", "nothing-yet.gcsnap"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("snapshot taken", "There is a snapshot taken already"),
        ("snapshot ../taken", "A snapshot's name has"),
        ("snapshot .hidden", "A snapshot's name has"),
        ("restore missing", "There is no snapshot missing"),
        ("restore taken", "The snapshot taken is damaged"),
        ("restore old", "The snapshot old was made by another version"),
    ],
)
async def test_a_command_on_snapshots_that_cannot_be_done_is_one_sentence(
    stack: Stack, command: str, told: str
) -> None:
    folder = stack.folder / "snapshots"
    folder.mkdir()
    (folder / "taken.gcsnap").write_bytes(b"no archive")
    with zipfile.ZipFile(folder / "old.gcsnap", "w") as archive:
        manifest = {"stamp": {"format": 1, "moto": "1.0"}, "created": "", "counts": {}, "checksums": {}}
        archive.writestr("manifest.json", json.dumps(manifest))

    output = await stack.run(*command.split())

    assert (output.code, output.out, output.err.count("\n")) == (1, "", 1)
    assert told in output.err
