"""Files that are no pictures, or more than pictures: what is refused leaves nothing behind, what is taken loses it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from emulation.settings import ROOT
from tests.api.client import Api, User
from tests.hostile.pictures import HOSTILE, PAYLOAD, PDF, archive, pdf

# What a function of 512 MB has beside Python and the SDK, and more seconds than the slowest accepted picture needs.
MEMORY_MEGABYTES = 400
CPU_SECONDS = 20
PROGRAM = """
import json, re, resource, sys
from pathlib import Path
from server.pictures import PictureError, process_picture
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]), int(sys.argv[3])))
try:
    process_picture(Path(sys.argv[1]).read_bytes(), sys.argv[2])
    told = ""
except PictureError as error:
    told = str(error)
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"told": told, "peak_megabytes": peak // 1024}))
"""


async def stored(api: Api, user: User) -> list[str]:
    """The keys under which anything of the user lies in the images bucket."""
    tools = f"{api.target.front_door_url}/_local"
    buckets = (await api.fetch("GET", f"{tools}/buckets")).json["buckets"]
    [name] = [one["name"] for one in buckets if "-images-" in one["name"]]
    keys = []
    for folder in ("images", "receipts"):
        query = {"bucket": name, "prefix": f"{folder}/{user.user_id}"}
        keys += [one["key"] for one in (await api.fetch("GET", f"{tools}/objects", params=query)).json["objects"]]
    return keys


@pytest.mark.parametrize("name", [name for name, one in HOSTILE.items() if not one.is_taken])
async def test_a_file_that_cannot_be_used_is_refused_and_leaves_nothing(api: Api, user: User, name: str) -> None:
    hostile = HOSTILE[name]
    key = await api.upload(user, hostile.make(), hostile.declared)

    answer = await api.complete(user, key)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"imageKey"})
    [detail] = answer.error["details"]
    assert not any(word in detail["message"] for word in ("Error", "PIL", "libpng", "0x", "None"))
    assert await stored(api, user) == []


@pytest.mark.parametrize("name", [name for name, one in HOSTILE.items() if one.is_taken])
async def test_a_file_that_is_a_picture_too_is_stored_as_the_picture_alone(api: Api, user: User, name: str) -> None:
    hostile = HOSTILE[name]
    key = await api.upload(user, hostile.make(), hostile.declared)

    done = (await api.complete(user, key)).data

    assert len(await stored(api, user)) == 2
    for url in (done["imageUrl"], done["thumbnailUrl"]):
        answer = await api.fetch("GET", url)
        assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
        assert answer.headers["Content-Type"] in ("image/jpeg", "image/png", "image/webp")
        assert PAYLOAD not in answer.body
        assert b"PK\x03\x04" not in answer.body


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_no_more_than_a_function_has(name: str, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(HOSTILE[name].make())

    command = [sys.executable, "-c", PROGRAM, str(path), HOSTILE[name].declared, str(CPU_SECONDS)]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert finished.returncode == 0, finished.stderr
    told: dict[str, Any] = json.loads(finished.stdout)
    assert (told["told"] == "") == HOSTILE[name].is_taken, told
    assert told["peak_megabytes"] < MEMORY_MEGABYTES


async def test_a_file_without_bytes_is_refused(api: Api, user: User) -> None:
    key = await api.upload(user, b"", "image/jpeg")

    answer = await api.complete(user, key)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"imageKey"})
    assert await stored(api, user) == []


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n" + PAYLOAD, b"<html>%PDF-1.7", archive(), b"%PDF-9.9\n%%EOF"],
    ids=["cut off", "not at the start", "an archive", "no such version"],
)
async def test_a_receipt_that_is_no_whole_pdf_is_refused(api: Api, user: User, content: bytes) -> None:
    guitar = await api.new_guitar(user)
    key = await api.upload(user, content, PDF, "receipt.pdf", purpose="receipt")

    answer = await api.complete(user, key, guitarId=guitar["guitarId"])

    assert (answer.status, answer.error["code"]) == (400, "IMAGE_UPLOAD_FAILED")
    assert await stored(api, user) == []


async def test_a_pdf_with_a_script_is_its_owners_alone_and_no_page_of_ours(api: Api, user: User, other: User) -> None:
    guitar = await api.new_guitar(user)
    content = pdf(b"<< /OpenAction << /S /JavaScript /JS (" + PAYLOAD + b") >> >>")
    key = await api.upload(user, content, PDF, "receipt.pdf", purpose="receipt")

    done = (await api.complete(user, key, guitarId=guitar["guitarId"])).data

    answer = await api.fetch("GET", done["imageUrl"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, PDF)
    # Another origin than the site's: what a viewer runs of it reaches nothing of the site's.
    assert not done["imageUrl"].startswith(api.target.front_door_url)
    [stored_key] = await stored(api, user)
    assert (await api.fetch("GET", f"{api.target.front_door_url}/{stored_key}")).status in (200, 403, 404)
    assert (await api.fetch("GET", f"{api.target.front_door_url}/{stored_key}")).body != content
    assert (await api.call("GET", f"/guitars/{guitar['guitarId']}", user=other)).status == 404
