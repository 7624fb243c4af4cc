"""Completes uploads and watches its own event loop: `… uploads FOLDER`; a line says how many uploads at once.

The answer has milliseconds: how `late` the loop was at worst, and how long its own thread was `busy` at a stretch.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from uuid import uuid4

import aiohttp

from server.caller import Caller
from server.handlers.images import complete_upload, create_upload_url
from server.models.image import UploadCompletion, UploadRequest
from server.services import Services, open_services
from server.settings import read_settings

_BEAT_SECONDS = 0.001
_TYPES: dict[str, Literal["image/jpeg", "image/png"]] = {".jpg": "image/jpeg", ".png": "image/png"}


class Heartbeat:
    """Comes round as often as the loop lets it; knows how late it was at worst, and the most work at a stretch."""

    def __init__(self) -> None:
        self.late_seconds = 0.0
        self.busy_seconds = 0.0

    async def beat(self) -> None:
        """Until cancelled."""
        while True:
            begun, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_BEAT_SECONDS)
            self.late_seconds = max(self.late_seconds, time.perf_counter() - begun - _BEAT_SECONDS)
            self.busy_seconds = max(self.busy_seconds, time.thread_time() - used)


async def upload(services: Services, caller: Caller, name: str, content: bytes) -> str:
    """Send a file as a browser does; its key."""
    file = Path(name)
    body = UploadRequest(
        file_name=file.name, file_type=_TYPES[file.suffix], file_size=len(content), purpose="image", method="PUT"
    )
    target = await create_upload_url(services, caller, body)
    async with (
        aiohttp.ClientSession() as session,
        session.put(target.upload_url, data=content, headers=target.headers) as answer,
    ):
        answer.raise_for_status()
    return target.image_key


async def _complete(services: Services, files: Sequence[tuple[str, bytes]], count: int) -> Heartbeat:
    caller = Caller(user_id=str(uuid4()), access_token="")
    keys = [await upload(services, caller, *files[number % len(files)]) for number in range(count)]
    heart = Heartbeat()
    beating = asyncio.create_task(heart.beat())
    await asyncio.gather(*(complete_upload(services, caller, UploadCompletion(image_key=key)) for key in keys))
    beating.cancel()
    return heart


async def main(files: Sequence[tuple[str, bytes]]) -> None:
    """Do the jobs, one after the other."""
    async with open_services(read_settings(os.environ)) as services:
        while line := await asyncio.to_thread(sys.stdin.readline):
            heart = await _complete(services, files, int(line))
            found = {"late": heart.late_seconds * 1000, "busy": heart.busy_seconds * 1000}
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    found = sorted(path for path in Path(sys.argv[1]).iterdir() if path.suffix in _TYPES)
    asyncio.run(main([(path.name, path.read_bytes()) for path in found]))
