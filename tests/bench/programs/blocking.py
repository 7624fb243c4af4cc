"""What holds up the event loop, counted: `python -m tests.bench.programs.blocking FILE` prints it as JSON.

`blocking` are calls on the loop's thread that wait for something outside: files, names of hosts, other processes,
sleep. `working` are calls there of what decodes pictures or hashes a file. Both are counted once everything has run
once.
"""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import uuid4

from server.aws.guitar_items import load_guitar
from server.caller import Caller
from server.clock import to_iso
from server.handlers.guitars import get_guitar, list_brands, list_guitars
from server.handlers.images import complete_upload
from server.models.guitar import GuitarQuery
from server.models.image import UploadCompletion
from server.profiles import new_profile
from server.services import Services, open_services
from server.settings import read_settings
from tests.bench.guitars import ITEM
from tests.bench.programs.uploads import upload

# https://docs.python.org/3/library/audit_events.html
_WAITING = ("open", "os.listdir", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "time.sleep")
_PICTURES = ("/PIL/", "/pi_heif/", "/server/pictures/")
_STARTS_WORK = "/server/pictures/workers.py"
# What the SDK signs of a body: its hash, unless it is this.
_HASHES, _UNSIGNED = "SigV4Auth.payload", "UNSIGNED-PAYLOAD"


class Watch:
    """Counts while it is armed, and only what is on the thread that made it."""

    def __init__(self) -> None:
        self.blocking: list[str] = []
        self.working: set[str] = set()
        self._is_armed = False
        self._thread = threading.get_ident()
        sys.addaudithook(self._hear)

    def arm(self) -> None:
        """From now on."""
        self._is_armed = True
        sys.setprofile(self._see)

    def disarm(self) -> None:
        """Until now."""
        sys.setprofile(None)
        self._is_armed = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._is_armed and event in _WAITING and threading.get_ident() == self._thread:
            self.blocking.append(f"{event} {arguments[:1]!r}")

    def _see(self, frame: FrameType, event: str, result: object) -> None:
        file, name = frame.f_code.co_filename, frame.f_code.co_qualname
        if event == "call" and any(part in file for part in _PICTURES) and not file.endswith(_STARTS_WORK):
            self.working.add(name)
        if event == "return" and name == _HASHES and result != _UNSIGNED and _is_put(frame):
            self.working.add(name)


def _is_put(frame: FrameType) -> bool:
    return bool(frame.f_locals["request"].context.get("has_streaming_input"))


async def _journey(services: Services, name: str, content: bytes) -> None:
    caller = Caller(user_id=str(uuid4()), access_token="")
    attributes = {"sub": caller.user_id, "email": "ada@example.com", "name": "Ada"}
    await services.users.create(new_profile(services, attributes))
    own = {"user_id": caller.user_id, "guitar_id": services.ids.new_id(), "created_at": to_iso(services.clock.now())}
    guitar = load_guitar(ITEM).model_copy(update=own)
    assert await services.guitars.create(guitar)
    key = await upload(services, caller, name, content)
    await complete_upload(services, caller, UploadCompletion(image_key=key, guitar_id=guitar.guitar_id))
    assert len((await get_guitar(services, caller, guitar.guitar_id)).images) == 1
    assert (await list_brands(services, caller)).brands == [guitar.brand]
    assert len((await list_guitars(services, caller, GuitarQuery())).guitars) == 1


async def main(name: str, content: bytes) -> None:
    """The same journey twice, watched the second time."""
    watch = Watch()
    async with open_services(read_settings(os.environ)) as services:
        await _journey(services, name, content)
        watch.arm()
        await _journey(services, name, content)
        watch.disarm()
    sys.stdout.write(json.dumps({"blocking": watch.blocking, "working": sorted(watch.working)}))


if __name__ == "__main__":
    file = Path(sys.argv[1])
    asyncio.run(main(file.name, file.read_bytes()))
