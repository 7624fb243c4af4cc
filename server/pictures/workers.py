"""Pictures processed beside the event loop: decoders let go of Python's lock, so threads suffice."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from server.pictures.limits import PICTURE_LIMITS, PictureLimits
from server.pictures.process import ProcessedPicture, process_picture


class PictureWorkers:
    """At most `at_once` pictures at a time; the others wait their turn. Each may need 400 MB."""

    def __init__(self, at_once: int = 2, limits: PictureLimits = PICTURE_LIMITS) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="pictures")
        self._limits = limits

    async def process(self, content: bytes, declared_type: str) -> ProcessedPicture:
        """As `process_picture`; raises PictureError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, process_picture, content, declared_type, self._limits)
