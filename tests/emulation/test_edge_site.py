"""The site behind the edge: published into the bucket, from the local AWS as from S3; or a dev server's."""

import asyncio
import contextlib
import gzip
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import WSMsgType, web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from multidict import CIMultiDict
from yarl import URL

from deploy.commands.site import IMMUTABLE
from emulation.edge.app import open_edge
from emulation.edge.bucket import Bucket
from emulation.edge.origin import Origin, open_session
from emulation.edge.publishing import Publisher
from emulation.settings import DEVELOPER_ACCESS_KEY, read_local_settings
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.front_door import IMAGES_BUCKET, SITE_BUCKET, FrontDoor, open_front_door, serving
from tests.eventually import eventually
from tests.ports import bound_socket, port_of

PAGE = "<!doctype html><title>Guitars</title>"
DAY_SECONDS = 86_400


@dataclass
class Site:
    """A folder with a site, and the front door that publishes it."""

    folder: Path
    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> tuple[int, CIMultiDict[str], bytes]:
        async with self.session.get(URL(self.url + path, encoded=True), headers=headers) as answer:
            return answer.status, CIMultiDict(answer.headers), await answer.read()

    async def body(self, path: str) -> str:
        return (await self.get(path))[2].decode()

    async def is_published(self) -> bool:
        """Whether the bucket is what the folder is."""
        return bool(json.loads(await self.body("/_local/health"))["parts"]["edge"]["status"] == "ok")

    async def becomes(self, path: str, body: str) -> None:
        async def look() -> bool:
            return await self.body(path) == body

        await eventually(look)


@contextlib.asynccontextmanager
async def open_site(cloud: CloudProcess, folder: Path) -> AsyncIterator[Site]:
    """A site of two files, in front of the local AWS."""
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "assets" / "app-4f2Xc9aB.js").write_text("console.log('strings');\n" * 100)
    own = bound_socket()
    port = port_of(own)
    variables = {"FRONT_DOOR_PORT": str(port), "AWS_URL": cloud.url, "FRONTEND_DIST": str(folder)}
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_edge(read_local_settings(variables)))
        await stack.enter_async_context(serving(server, own))
        session = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=False))
        site = Site(folder, f"http://localhost:{port}", session)
        # Another test may have published the same before.
        await eventually(site.is_published)
        await site.becomes("/", PAGE)
        yield site


@pytest.fixture
async def site(cloud: CloudProcess, tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(cloud, tmp_path) as site:
        yield site


def put_picture(cloud: CloudProcess, body: bytes = b"picture") -> str:
    """The path of a new picture in the images bucket."""
    key = f"images/{uuid4()}.jpg"
    picture = {"ContentType": "image/jpeg", "CacheControl": "public, max-age=31536000, immutable"}
    cloud.client("s3").put_object(Bucket=IMAGES_BUCKET, Key=key, Body=body, **picture)
    return f"/{key}"


async def test_a_folder_is_published_with_types_and_times(cloud: CloudProcess, site: Site) -> None:
    _, page, _ = await site.get("/guitars/0190")
    assert (page["Content-Type"], page["Cache-Control"]) == ("text/html; charset=utf-8", "no-cache")
    assert not {"x-amz-request-id", "x-amz-id-2"} & {name.lower() for name in page}
    _, script, body = await site.get("/assets/app-4f2Xc9aB.js", **{"Accept-Encoding": "gzip"})
    assert (script["Content-Type"], script["Cache-Control"]) == ("text/javascript; charset=utf-8", IMMUTABLE)
    assert gzip.decompress(body) == (site.folder / "assets" / "app-4f2Xc9aB.js").read_bytes()


async def test_what_is_saved_is_there(cloud: CloudProcess, site: Site) -> None:
    (site.folder / "index.html").write_text("changed")
    (site.folder / "new.txt").write_text("new")
    (site.folder / "assets" / "app-4f2Xc9aB.js").unlink()
    await site.becomes("/guitars", "changed")
    await site.becomes("/new.txt", "new")

    async def is_gone() -> bool:
        return (await site.get("/assets/app-4f2Xc9aB.js"))[0] == 403

    await eventually(is_gone)


async def test_what_is_unchanged_is_not_put_again(cloud: CloudProcess, tmp_path: Path) -> None:
    def versions() -> int:
        told = cloud.client("s3").list_object_versions(Bucket=SITE_BUCKET, Prefix="index.html")
        return len(told["Versions"])

    async with open_site(cloud, tmp_path):
        before = versions()
    async with open_site(cloud, tmp_path):
        assert versions() == before


async def test_only_what_was_published_empties_the_cache(cloud: CloudProcess, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"{PAGE}{uuid4()}")
    published: list[str] = []
    async with open_session() as session:
        bucket = Bucket(Origin(session, cloud.url), SITE_BUCKET, DEVELOPER_ACCESS_KEY)
        publisher = Publisher(tmp_path, bucket, lambda: published.append("index.html"))
        running = asyncio.create_task(publisher.run())

        async def is_done() -> bool:
            return not publisher.failure

        for _ in range(2):
            publisher.publish_again()
            await eventually(is_done)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert published == ["index.html"]


async def test_a_site_is_not_published_while_it_is_to_be_published_again(cloud: CloudProcess, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"{PAGE}{uuid4()}")
    failures: list[str] = []

    class EmptiedBucket(Bucket):
        """Empties itself, as a reset does, while it is published into for the first time."""

        def open(self, *asked: Any) -> Any:
            if not failures:
                publisher.publish_again()
            return super().open(*asked)

    async with open_session() as session:
        bucket = EmptiedBucket(Origin(session, cloud.url), SITE_BUCKET, DEVELOPER_ACCESS_KEY)
        publisher = Publisher(tmp_path, bucket, lambda: failures.append(publisher.failure))
        running = asyncio.create_task(publisher.run())

        async def is_done() -> bool:
            return not publisher.failure

        publisher.publish_again()
        await eventually(is_done)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert failures == ["The site is being published."]


async def test_a_missing_picture_is_s3s_refusal_to_who_may_not_list(site: Site) -> None:
    status, headers, body = await site.get(f"/images/{uuid4()}.jpg")
    assert (status, headers["Content-Type"]) == (403, "application/xml")
    assert b"<Code>AccessDenied</Code><Message>Access Denied</Message>" in body
    assert (headers["X-Cache"], headers["X-Content-Type-Options"]) == ("Error from cloudfront", "nosniff")


async def test_a_missing_file_of_the_site_is_no_page(site: Site) -> None:
    status, headers, _ = await site.get("/assets/missing.js")
    assert (status, headers["Content-Type"]) == (403, "application/xml")


async def test_a_receipt_is_not_to_be_had(cloud: CloudProcess, site: Site) -> None:
    cloud.client("s3").put_object(Bucket=IMAGES_BUCKET, Key="receipts/r.pdf", Body=b"%PDF")
    for path in ("/receipts/r.pdf", "/images/../receipts/r.pdf", "/images/%2e%2e/receipts/r.pdf", "/images/%72.pdf"):
        status, _, body = await site.get(path)
        assert (status, b"<Code>AccessDenied</Code>" in body) == (403, True), path


async def advance(cloud: CloudProcess, seconds: int) -> None:
    """Make the past older; the answer comes when the front door, which runs in this loop, knows of it."""
    await asyncio.to_thread(cloud.request, "POST", "/_cloud/clock", b'{"advanceSeconds": %d}' % seconds)


async def test_a_picture_grows_old_with_the_clock(cloud: CloudProcess, site: Site) -> None:
    path = put_picture(cloud)
    assert (await site.get(path))[1]["X-Cache"] == "Miss from cloudfront"
    try:
        await advance(cloud, DAY_SECONDS)
        _, headers, _ = await site.get(path)
        assert (headers["X-Cache"], int(headers["Age"]) // DAY_SECONDS) == ("Hit from cloudfront", 1)
        await advance(cloud, 364 * DAY_SECONDS)
        assert (await site.get(path))[1]["X-Cache"] != "Hit from cloudfront"
    finally:
        await asyncio.to_thread(cloud.request, "DELETE", "/_cloud/clock")


async def test_a_reset_empties_the_cache_and_the_site_is_there_again(tmp_path: Path) -> None:
    local_dir, folder = tmp_path / "cloud", tmp_path / "site"
    folder.mkdir()
    cloud = CloudProcess(local_dir)
    try:
        await asyncio.to_thread(cloud.wait_until_ready)
        async with open_site(cloud, folder) as site:
            path = put_picture(cloud)
            await site.get(path)
            assert (await site.get(path))[1]["X-Cache"] == "Hit from cloudfront"
            await asyncio.to_thread(cloud.request, "POST", "/_cloud/reset")
            assert (await site.get(path))[0] == 403
            await site.becomes("/", PAGE)
    finally:
        await asyncio.to_thread(cloud.stop)


async def dev_server(request: web.BaseRequest) -> web.StreamResponse:
    """A small dev server: it tells what it was asked, and echoes on its websocket."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        told = f"{request.method} {request.raw_path} for {request.headers['Host']}"
        return web.Response(text=told, headers={"Cache-Control": "no-store"})
    socket = web.WebSocketResponse(protocols=("vite-hmr",))
    await socket.prepare(request)
    await socket.send_str(f"connected by {socket.ws_protocol} at {request.raw_path}")
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data)
        elif message.data == "close":
            await socket.close(code=4001)
        else:
            await socket.send_str(message.data.upper())
    return socket


@dataclass
class Dev:
    door: FrontDoor
    port: int


@pytest.fixture
async def dev() -> AsyncIterator[Dev]:
    own = bound_socket()
    port = port_of(own)
    async with (
        serving(dev_server, own),
        open_front_door(FRONTEND_DEV=f"http://localhost:{port}") as door,
    ):
        yield Dev(door, port)


@pytest.mark.parametrize("path", ["/", "/@vite/client", "/src/main.ts?t=1", "/guitars/0190"])
async def test_a_dev_server_gets_every_path_as_it_is(dev: Dev, path: str) -> None:
    status, headers, body = await dev.door.ask("GET", path)
    assert (status, body.decode()) == (200, f"GET {path} for localhost:{dev.port}")
    assert "Content-Security-Policy" not in headers


async def test_beside_a_dev_server_the_other_behaviours_stay(dev: Dev) -> None:
    await dev.door.ask("GET", "/api/guitars")
    await dev.door.ask("GET", "/images/a.jpg")
    assert dev.door.api.asked[0][1] == "/guitars"
    assert dev.door.cloud.asked[0][1] == f"/{IMAGES_BUCKET}/images/a.jpg"


async def test_hot_reload_passes_both_ways(dev: Dev) -> None:
    async with dev.door.session.ws_connect(f"{dev.door.url}/?token=1", protocols=("vite-hmr",)) as socket:
        assert socket.protocol == "vite-hmr"
        assert await socket.receive_str() == "connected by vite-hmr at /?token=1"
        await socket.send_str("update")
        assert await socket.receive_str() == "UPDATE"
        await socket.send_bytes(b"\x00\xff" * 50_000)
        assert await socket.receive_bytes() == b"\x00\xff" * 50_000
        await socket.send_str("close")
        assert (await socket.receive()).type is WSMsgType.CLOSE
        assert socket.close_code == 4001


async def test_a_dev_server_that_is_down_is_a_502_and_the_log_names_it(caplog: pytest.LogCaptureFixture) -> None:
    # Nobody listens on it, and nobody else can.
    with bound_socket() as own:
        port = port_of(own)
        async with open_front_door(FRONTEND_DEV=f"http://localhost:{port}") as door:
            assert (await door.ask("GET", "/"))[0] == 502
            assert f"GET /: 502, ClientConnectorError: Cannot connect to host localhost:{port}" in caplog.text
            with pytest.raises(aiohttp.WSServerHandshakeError, match="502"):
                await door.session.ws_connect(f"{door.url}/")


def make_certificate(file: Path) -> ssl.SSLContext:
    """A certificate of this machine, with its key, that is its own authority."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(minutes=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(file)
    return tls


async def test_a_dev_server_with_tls_is_one_that_the_system_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = bound_socket()
    url = f"https://localhost:{port_of(own)}"
    async with serving(dev_server, own, make_certificate(tmp_path / "localhost.pem")):
        async with open_front_door(FRONTEND_DEV=url) as door:
            assert (await door.ask("GET", "/"))[0] == 502
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
        async with open_front_door(FRONTEND_DEV=url) as door:
            assert (await door.ask("GET", "/"))[0] == 200
