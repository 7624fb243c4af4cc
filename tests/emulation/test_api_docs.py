"""The API's docs at the front door: offline, closed to other hosts, with the addresses of this stack."""

import asyncio
import hashlib
import json
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from emulation.edge.pages import PAGES
from emulation.openapi.document import build_document
from emulation.settings import ROOT
from tests.emulation.cloud_copy import copy_code
from tests.emulation.front_door import FrontDoor, open_front_door

VIEWER = ROOT / "emulation" / "edge" / "docs" / "swagger-ui"


@pytest.fixture
async def door() -> AsyncIterator[FrontDoor]:
    async with open_front_door() as door:
        yield door


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_a_page_is_served_with_a_policy_that_keeps_it_to_this_machine(door: FrontDoor, path: str) -> None:
    status, headers, body = await door.ask("GET", path)
    assert (status, body) == (200, PAGES[path].file.read_bytes())
    assert headers["Content-Type"] == f"{PAGES[path].content_type}; charset=utf-8"
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy.pop("connect-src") == f"'self' http://localhost:{door.api.port}"
    assert policy.pop("img-src") == "'self' data: blob:"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_link_on_another_site_may_lead_to_the_docs(door: FrontDoor) -> None:
    status, _, _ = await door.ask("GET", "/_local/docs", {"Sec-Fetch-Site": "cross-site"})
    assert status == 200


async def test_a_name_that_was_rebound_to_this_machine_gets_no_page(door: FrontDoor) -> None:
    status, _, _ = await door.ask("GET", "/_local/docs", {"Host": "attacker.example"})
    assert status == 403


async def test_a_page_cannot_be_written(door: FrontDoor) -> None:
    status, headers, _ = await door.ask("POST", "/_local/docs")
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


async def test_whatever_a_page_refers_to_is_another_page(door: FrontDoor) -> None:
    _, _, body = await door.ask("GET", "/_local/docs")
    sources = re.findall(r'(?:src|href)="([^"]+)"', body.decode())
    loaded = [source for source in sources if source.endswith((".js", ".css"))]
    assert len(loaded) == 4
    assert set(loaded) <= set(PAGES)
    assert not [source for source in sources if "//" in source]


async def test_the_document_is_the_derived_one_with_the_addresses_of_the_stack(door: FrontDoor) -> None:
    status, headers, body = await door.ask("GET", "/_local/openapi.json")
    document = json.loads(body)
    assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert document == json.loads(json.dumps(build_document(f"http://localhost:{door.api.port}"), default=float))
    assert [server["url"] for server in document["servers"]] == ["/api", f"http://localhost:{door.api.port}"]
    OpenAPIV31SpecValidator(document).validate()


# Prints the summary of a route before and after its docstring is saved with another one.
SAVED_MEANWHILE = """
import asyncio, json
from emulation.edge.api_document import ApiDocument
from emulation.settings import ROOT

async def summary(document):
    return json.loads((await document.answer()).text)["paths"]["/guitars/{id}"]["get"]["summary"]

async def main():
    document = ApiDocument("http://localhost")
    print(await summary(document))
    handlers = ROOT / "server" / "handlers" / "guitars.py"
    handlers.write_text(handlers.read_text().replace("One guitar.", "A single guitar."))
    print(await summary(document))

asyncio.run(main())
"""


async def test_the_document_follows_the_code(tmp_path: Path) -> None:
    root = copy_code(tmp_path)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SAVED_MEANWHILE, cwd=root, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode().splitlines() == ["One guitar", "A single guitar"]


async def test_a_page_of_another_site_cannot_read_the_document(door: FrontDoor) -> None:
    status, _, _ = await door.ask("GET", "/_local/openapi.json", {"Origin": "https://attacker.example"})
    assert status == 403


def test_the_viewer_is_as_it_was_published() -> None:
    lines = (line.split("  ") for line in (VIEWER / "SHA256SUMS").read_text().splitlines())
    sums = {name: digest for digest, name in lines}
    assert {path.name for path in VIEWER.iterdir()} == {*sums, "SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((VIEWER / name).read_bytes()).hexdigest() == digest, "run: just renew-swagger-ui VERSION"
