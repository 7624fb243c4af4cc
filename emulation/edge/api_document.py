"""`/_local/openapi.json`: the API's document with the addresses of this stack."""

import asyncio

from aiohttp import web

from emulation.code import forget_code
from emulation.settings import ROOT

_SOURCES = tuple(ROOT / name for name in ("emulation/openapi", "server"))


class ApiDocument:
    """Derived from the code when it is asked for and the code has changed, so that it is never older than the code."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._text = ""
        self._saved_at = 0
        self._deriving = asyncio.Lock()

    async def answer(self) -> web.Response:
        """The OpenAPI document."""
        async with self._deriving:
            saved_at = await asyncio.to_thread(_last_saved)
            if saved_at != self._saved_at:
                if self._text:
                    forget_code("emulation.openapi", "server")
                self._text = await asyncio.to_thread(_derive, self._api_url)
                self._saved_at = saved_at
        return web.Response(text=self._text, content_type="application/json")


def _last_saved() -> int:
    """When a module that the document is derived from was saved last, in nanoseconds."""
    return max(path.stat().st_mtime_ns for folder in _SOURCES for path in folder.rglob("*.py"))


def _derive(api_url: str) -> str:
    # The handlers and the AWS SDK behind them take a second to import: the front door does not wait for them to open.
    from emulation.openapi.document import build_document, to_text

    return to_text(build_document(api_url))
