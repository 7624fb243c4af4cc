"""How every part does, and whether its data is there."""

import asyncio
from typing import Any

from aiohttp import ClientError, web
from multidict import CIMultiDict

from emulation.edge.errors import EdgeError
from emulation.edge.images_origin import ImagesOrigin
from emulation.edge.origin import Origin

PATIENCE_SECONDS = 5


class Health:
    """Asks the cloud and the API, and whether the edge knows its bucket."""

    def __init__(self, cloud: Origin, api: Origin, images: ImagesOrigin) -> None:
        self._cloud = cloud
        self._api = api
        self._images = images

    async def answer(self) -> web.Response:
        """200 when all parts are well, else 503: `{"status": …, "parts": {name: {"status": …, "reason": …}}}`."""
        cloud, api, edge = await asyncio.gather(
            _ask(self._cloud, "/_cloud/health"), _ask(self._api, "/_api/health"), self._ask_edge()
        )
        parts = {"cloud": cloud, "api": api, "edge": edge}
        well = all(part["status"] == "ok" for part in parts.values())
        body = {"status": "ok" if well else "failed", "parts": parts}
        return web.json_response(body, status=200 if well else 503)

    async def _ask_edge(self) -> dict[str, Any]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return {"status": "ok", "imagesBucket": await self._images.bucket()}
        except (EdgeError, TimeoutError):
            return {"status": "starting", "reason": "The local AWS has not told the name of the images bucket."}


async def _ask(part: Origin, path: str) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), part.open("GET", path, CIMultiDict()) as answer:
            told = await answer.json(content_type=None)
    except TimeoutError:
        return {"status": "down", "reason": f"It does not answer within {PATIENCE_SECONDS} s."}
    except EdgeError:
        return {"status": "down", "reason": "It does not answer."}
    except (ClientError, ValueError):
        told = None
    if not isinstance(told, dict):
        return {"status": "failed", "reason": "Its answer makes no sense."}
    if answer.status == 200:
        return {**told, "status": "ok"}
    return {"reason": f"It answers {answer.status}.", **told, "status": "starting" if _is_starting(told) else "failed"}


def _is_starting(told: dict[str, Any]) -> bool:
    return told.get("status") == "starting"
