"""How every part does, and whether its data is there."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import ClientError, web
from multidict import CIMultiDict

from emulation.edge.errors import EdgeError
from emulation.edge.origin import Origin

PATIENCE_SECONDS = 5


class Health:
    """Asks the cloud and the API, and whether the site is there; `site_failure` says why not, empty when it is."""

    def __init__(self, cloud: Origin, api: Origin, site_failure: Callable[[], str]) -> None:
        self._cloud = cloud
        self._api = api
        self._site_failure = site_failure

    async def answer(self) -> web.Response:
        """200 when all parts are well, else 503: `{"status": …, "parts": {name: {"status": …, "reason": …}}}`."""
        cloud, api = await asyncio.gather(_ask(self._cloud, "/_cloud/health"), _ask(self._api, "/_api/health"))
        parts = {"cloud": cloud, "api": api, "edge": self._own()}
        well = all(part["status"] == "ok" for part in parts.values())
        body = {"status": "ok" if well else "failed", "parts": parts}
        return web.json_response(body, status=200 if well else 503)

    def _own(self) -> dict[str, Any]:
        failure = self._site_failure()
        return {"status": "starting", "reason": failure} if failure else {"status": "ok"}


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
