import json
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from emulation.cloud.state.journal import pack_record
from emulation.cloud.state.pieces import Change
from emulation.cloud.state.stamp import plain_stamp
from tests.emulation.cloud_process import CloudProcess
from tests.eventually import wait_until

Run = Callable[..., CloudProcess]


@pytest.fixture
def local_dir(tmp_path: Path) -> Path:
    return tmp_path / "local"


@pytest.fixture
def run(local_dir: Path) -> Iterator[Run]:
    """Starts the cloud on the same folder each time; what a test leaves running is ended."""
    processes: list[CloudProcess] = []

    def start(**environ: str) -> CloudProcess:
        processes.append(CloudProcess(local_dir, **environ))
        return processes[-1]

    yield start
    for process in processes:
        process.stop()


def guitars_table(cloud: CloudProcess) -> str:
    return str(cloud.request("GET", "/_cloud/environment")[1]["DYNAMODB_TABLE_GUITARS"])


def images_bucket(cloud: CloudProcess) -> str:
    return str(cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_IMAGES"])


def put_guitar(cloud: CloudProcess) -> dict[str, dict[str, str]]:
    key = {"userId": {"S": str(uuid4())}, "guitarId": {"S": str(uuid4())}}
    cloud.client("dynamodb").put_item(TableName=guitars_table(cloud), Item={**key, "brand": {"S": "Fender"}})
    return key


def guitar_is_there(cloud: CloudProcess, key: dict[str, dict[str, str]]) -> bool:
    return "Item" in cloud.client("dynamodb").get_item(TableName=guitars_table(cloud), Key=key)


def test_everything_is_there_again_after_a_stop(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    key = put_guitar(cloud)
    bucket = images_bucket(cloud)
    s3 = cloud.client("s3")
    versions = [s3.put_object(Bucket=bucket, Key="images/one", Body=body)["VersionId"] for body in (b"old", b"new")]
    cloud.request("POST", "/_cloud/clock", json.dumps({"advanceSeconds": 60}).encode())
    environment = cloud.request("GET", "/_cloud/environment")[1]
    clock = cloud.request("GET", "/_cloud/clock")[1]
    assert cloud.stop() == 0

    again = run().wait_until_ready()
    assert again.request("GET", "/_cloud/environment")[1] == environment
    assert again.request("GET", "/_cloud/clock")[1] == clock
    assert guitar_is_there(again, key)
    s3 = again.client("s3")
    contents = [s3.get_object(Bucket=bucket, Key="images/one", VersionId=one)["Body"].read() for one in versions]
    assert contents == [b"old", b"new"]


def test_an_acknowledged_write_is_saved_without_a_stop_and_survives_a_kill(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    key = put_guitar(cloud)
    bucket = images_bucket(cloud)
    cloud.client("s3").put_object(Bucket=bucket, Key="images/one", Body=b"picture" * 100_000)
    # That this takes a second at most is tried by test_durability.py.
    state = local_dir / "state" / "state.pickle"
    wait_until(lambda: b"images/one" in state.read_bytes())
    cloud.stop(signal.SIGKILL)

    again = run().wait_until_ready()
    assert guitar_is_there(again, key)
    assert again.client("s3").head_object(Bucket=bucket, Key="images/one")["ContentLength"] == 700_000


def test_the_content_of_an_object_is_written_once_and_deleted_with_it(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    uploads = str(cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_UPLOADS"])
    objects = local_dir / "state" / "objects"
    s3 = cloud.client("s3")
    s3.put_object(Bucket=uploads, Key="uploads/one", Body=b"some content")
    stored = wait_until(lambda: [one for one in objects.glob("*") if one.suffix != ".new"])
    written_at = stored[0].stat().st_mtime_ns
    put_guitar(cloud)
    s3.put_object(Bucket=uploads, Key="uploads/two", Body=b"some content")
    cloud.client("s3").delete_object(Bucket=uploads, Key="uploads/one")
    assert s3.get_object(Bucket=uploads, Key="uploads/two")["Body"].read() == b"some content"
    assert [one.stat().st_mtime_ns for one in objects.iterdir()] == [written_at]
    s3.delete_object(Bucket=uploads, Key="uploads/two")
    wait_until(lambda: not list(objects.iterdir()))


def test_a_damaged_state_is_set_aside_with_a_sentence(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    key = put_guitar(cloud)
    cloud.client("s3").put_object(Bucket=images_bucket(cloud), Key="images/one", Body=b"picture")
    cloud.stop()
    state = local_dir / "state" / "state.pickle"
    content = bytearray(state.read_bytes())
    content[-10] ^= 0xFF
    state.write_bytes(content)

    again = run().wait_until_ready()
    assert not guitar_is_there(again, key)
    assert "The kept state is damaged: its checksum does not match." in again.log
    [aside] = state.parent.glob("damaged-*")
    assert (aside / "state.pickle").read_bytes() == content
    assert [one.read_bytes() for one in (aside / "objects").iterdir()] == [b"picture"]
    assert str(aside) in again.log


def test_a_saving_that_a_crash_has_cut_short_is_as_if_it_had_never_begun(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    kept = put_guitar(cloud)
    cloud.stop()
    again = run().wait_until_ready()
    lost = put_guitar(again)
    again.stop()
    state = local_dir / "state" / "state.pickle"
    content = state.read_bytes()
    # Behind it there may be another one, of its delivery to the functions.
    state.write_bytes(content[: content.index(lost["guitarId"]["S"].encode())])

    third = run().wait_until_ready()
    assert "damaged" not in third.log
    assert (guitar_is_there(third, kept), guitar_is_there(third, lost)) == (True, False)
    after = put_guitar(third)
    third.stop()
    fourth = run().wait_until_ready()
    assert (guitar_is_there(fourth, kept), guitar_is_there(fourth, after)) == (True, True)


def test_a_folder_is_used_by_one_local_aws_at_a_time(run: Run, local_dir: Path) -> None:
    run().wait_until_ready()
    second = run()
    assert second.process.wait(20) == 1
    assert f"Another local AWS is using {local_dir / 'state'}" in second.log
    assert "Traceback" not in second.log


def test_a_state_whose_object_is_missing_is_damaged(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    cloud.client("s3").put_object(Bucket=images_bucket(cloud), Key="images/one", Body=b"picture")
    cloud.stop()
    for content in (local_dir / "state" / "objects").iterdir():
        content.unlink()

    again = run().wait_until_ready()
    assert "of an S3 object is missing" in again.log


def test_the_state_of_another_version_is_refused_and_left_alone(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    cloud.stop()
    state = local_dir / "state" / "state.pickle"
    other = pack_record(Change(), {**plain_stamp(), "moto": "1.0"})
    state.write_bytes(other)

    again = run()
    assert again.process.wait(20) == 1
    assert "was written by another version" in again.log
    assert "just reset" in again.log
    assert "Traceback" not in again.log
    assert state.read_bytes() == other


def test_a_reset_deletes_all_data_and_creates_the_stack_anew(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    key = put_guitar(cloud)
    bucket = images_bucket(cloud)
    cloud.client("s3").put_object(Bucket=bucket, Key="images/one", Body=b"picture")
    environment = cloud.request("GET", "/_cloud/environment")[1]
    assert cloud.request("POST", "/_cloud/reset") == (200, {"status": "ok"})
    assert cloud.request("GET", "/_cloud/health")[1]["status"] == "ok"
    assert cloud.request("GET", "/_cloud/environment")[1] == environment
    assert not guitar_is_there(cloud, key)
    assert cloud.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_health_fails_when_a_resource_is_gone_until_a_reset(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    table = guitars_table(cloud)
    cloud.client("dynamodb").delete_table(TableName=table)
    status, health = cloud.request("GET", "/_cloud/health")
    assert (status, health["status"]) == (503, "failed")
    assert table in health["reason"]
    cloud.request("POST", "/_cloud/reset")
    assert cloud.request("GET", "/_cloud/health")[0] == 200


def test_a_taken_port_is_told_in_a_sentence(run: Run, local_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        cloud = run(AWS_PORT=str(port))
        assert cloud.process.wait(20) == 1
    assert cloud.log == f"The local AWS cannot listen on port {port} (AWS_PORT): Address already in use.\n"


def test_what_is_not_http_is_one_line_of_the_log(run: Run, local_dir: Path) -> None:
    cloud = run().wait_until_ready()
    with socket.create_connection(("127.0.0.1", int(cloud.url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Bad: \x01\r\n\r\n")
        assert b" 400 Bad Request" in connection.recv(1000)
    cloud.stop()
    [line] = cloud.log.splitlines()
    assert " WARNING aiohttp.server Error handling request from 127.0.0.1: " in line
