"""`/_local/openapi.json`: the API's document with the addresses of this stack."""

import asyncio

from aiohttp import web


class ApiDocument:
    """Derived from the code when it is first asked for, so that it is never older than the code."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._text = ""

    async def answer(self) -> web.Response:
        """The OpenAPI document."""
        if not self._text:
            self._text = await asyncio.to_thread(_derive, self._api_url)
        return web.Response(text=self._text, content_type="application/json")


def _derive(api_url: str) -> str:
    # The handlers and the AWS SDK behind them take a second to import: the front door does not wait for them to open.
    from emulation.openapi.document import build_document, to_text

    return to_text(build_document(api_url))
