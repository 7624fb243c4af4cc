"""A frontend's dev server in the place of the default behaviour, with its websocket for hot reload.

What it sends is not what will be deployed: neither the site's function nor its headers are put on it.
"""

import asyncio

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, web

from emulation.edge.errors import UNREACHABLE, EdgeError
from emulation.edge.origin import Origin, end_to_end, relay

# They belong to the viewer's own handshake.
HANDSHAKE = frozenset(("host", "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-version"))
PROTOCOL = "Sec-WebSocket-Protocol"
LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024
Socket = web.WebSocketResponse | ClientWebSocketResponse


class DevServer:
    """Passes everything on to the dev server, and back."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._origin = Origin(session, url)
        self._host = self._origin.url("/").authority

    async def serve(self, request: web.BaseRequest, request_id: str) -> web.StreamResponse:
        """The dev server's answer; raises EdgeError."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._join(request)
        headers = end_to_end(request.headers)
        headers["Host"] = self._host
        headers["X-Amz-Cf-Id"] = request_id
        async with self._origin.open(request.method, request.raw_path, headers, request) as answer:
            return await relay(request, answer)

    async def _join(self, request: web.BaseRequest) -> web.WebSocketResponse:
        protocols = [one.strip() for one in request.headers.get(PROTOCOL, "").split(",") if one.strip()]
        headers = end_to_end(request.headers)
        for name in (*HANDSHAKE, PROTOCOL):
            headers.popall(name, None)
        try:
            server = await self._session.ws_connect(
                self._origin.url(request.raw_path),
                protocols=protocols,
                headers=headers,
                max_msg_size=LARGEST_MESSAGE_BYTES,
            )
        except (ClientError, TimeoutError) as error:
            raise EdgeError(502, UNREACHABLE) from error
        async with server:
            viewer = web.WebSocketResponse(
                protocols=[server.protocol] if server.protocol else (), max_msg_size=LARGEST_MESSAGE_BYTES
            )
            await viewer.prepare(request)
            both = [asyncio.create_task(_pump(viewer, server)), asyncio.create_task(_pump(server, viewer))]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            # The side that has not closed is told, with the other's reason.
            await viewer.close(code=server.close_code or 1000)
            await server.close(code=viewer.close_code or 1000)
            await asyncio.gather(*both)
        return viewer


async def _pump(source: Socket, sink: Socket) -> None:
    """Send on what comes until the source closes; the sink may be closed before."""
    async for message in source:
        if sink.closed:
            return
        if message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await sink.send_bytes(message.data)
