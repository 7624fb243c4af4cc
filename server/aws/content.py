"""The content of an S3 object, up to 10 MB: what takes milliseconds of CPU for it is done beside the event loop."""

import asyncio
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiobotocore.response import StreamingBody


async def read_content(body: "StreamingBody") -> bytes:
    """The whole content of an answer's body."""
    async with body as answer:
        pieces = [piece async for piece in answer.content.iter_any()]
    return await asyncio.to_thread(b"".join, pieces)


async def checksum_sha256(content: bytes) -> str:
    """What x-amz-checksum-sha256 says of a content."""
    digest = await asyncio.to_thread(sha256, content)
    return b64encode(digest.digest()).decode()
