"""Keeps the frontend bucket equal to a folder: when the cloud is there, when a file changes, and after a reset."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from aiohttp import ClientError
from multidict import CIMultiDict
from watchfiles import awatch

from deploy.commands.site import cache_control, content_type, in_order
from emulation.edge.bucket import Bucket
from emulation.edge.errors import EdgeError

_log = logging.getLogger("emulation.edge")
RETRY_SECONDS = 0.2
_XML = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class PublishError(Exception):
    """S3 refuses a call; the text is a sentence."""


class Publisher:
    """Publishes one folder. `failure` says why the bucket is not what the folder is; empty when it is."""

    def __init__(self, folder: Path, bucket: Bucket, on_published: Callable[[], None]) -> None:
        self._folder = folder
        self._bucket = bucket
        self._on_published = on_published
        self._wanted = asyncio.Event()
        self.failure = "The site is being published."

    def publish_again(self) -> None:
        """Have the folder published soon, from the beginning."""
        self.failure = "The site is being published."
        self._wanted.set()

    async def run(self) -> None:
        """Publish whenever there is a reason to, for ever."""
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await self._publish_until_done()
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        async for _changes in awatch(self._folder, debounce=100, step=20):
            self._wanted.set()

    async def _publish_until_done(self) -> None:
        while True:
            try:
                changed = await self._publish()
            except (EdgeError, ClientError, PublishError, OSError) as error:
                self.failure = f"The site cannot be published: {error}"
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if not self._wanted.is_set():
                self.failure = ""
            if changed:
                self._on_published()
                _log.info("published %d changes of %s", changed, self._folder)
            return

    async def _publish(self) -> int:
        """Bring the bucket to what the folder is; how many objects were put or deleted."""
        found = await self._list()
        files = await asyncio.to_thread(_read_files, self._folder)
        changed = [name for name, body in files.items() if found.get(name) != _etag(body)]
        for name in in_order(changed):
            headers = {"Content-Type": content_type(name), "Cache-Control": cache_control(name)}
            await self._call("PUT", f"/{quote(name)}", headers, files[name])
        gone = sorted(found.keys() - files.keys())
        for name in gone:
            await self._call("DELETE", f"/{quote(name)}")
        return len(changed) + len(gone)

    async def _list(self) -> dict[str, str]:
        """The objects' tags by key."""
        found: dict[str, str] = {}
        start = ""
        while True:
            text = await self._call("GET", f"?list-type=2&start-after={quote(start, safe='')}")
            # Of our own cloud, nobody else's.
            listed = ElementTree.fromstring(text)  # noqa: S314
            page = {
                one.findtext(f"{_XML}Key", ""): one.findtext(f"{_XML}ETag", "")
                for one in listed.iter(_XML + "Contents")
            }
            found |= page
            if listed.findtext(f"{_XML}IsTruncated") != "true" or not page:
                return found
            start = max(page)

    async def _call(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> bytes:
        async with self._bucket.open(method, target, CIMultiDict(headers or {}), body) as answer:
            told = await answer.read()
            if answer.status >= 300:
                raise PublishError(f"the local AWS answers {answer.status}.")
            return told


def _read_files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _etag(body: bytes) -> str:
    """S3's tag of an object that was put at once."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
