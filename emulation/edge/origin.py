"""A hop to another part: a request goes there and the answer comes back, both as they arrive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import create_default_context

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    web,
)
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from emulation.edge.errors import BAD_REQUEST, TOO_SLOW, UNREACHABLE, EdgeError
from emulation.serving import MAX_HEAD_BYTES
from emulation.tracing import TRACE_HEADER, trace_header

# CloudFront's defaults: 10 s for a connection, 30 s for the first and between two packets of the answer.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
CONNECT_SECONDS = 10
READ_SECONDS = 30
# RFC 9110, section 7.6.1: they belong to one connection; the client library writes those of the next one.
HOP_BY_HOP = frozenset(
    (
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


@asynccontextmanager
async def open_session(read_seconds: float = READ_SECONDS, tls: bool = False) -> AsyncIterator[ClientSession]:
    """A client session that changes nothing on the way: no cookies, no redirects followed, no bodies unpacked.

    With `tls` it trusts whom the system trusts, which takes a while to read; without, nobody.
    """
    async with ClientSession(
        connector=TCPConnector(limit=0, ssl=create_default_context() if tls else True),
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=read_seconds),
        auto_decompress=False,
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        max_field_size=MAX_HEAD_BYTES,
    ) as session:
        yield session


class Origin:
    """One part behind the edge."""

    def __init__(self, session: ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")

    def url(self, target: str) -> URL:
        """The address of a raw path with its query, which stays as the viewer wrote it."""
        return URL(self._base_url + target, encoded=True)

    @asynccontextmanager
    async def open(
        self, method: str, target: str, headers: CIMultiDict[str], body: web.BaseRequest | bytes | None = None
    ) -> AsyncIterator[ClientResponse]:
        """The part's answer, its body unread; raises EdgeError (400, 502, 504) when there is none.

        `body` is sent as it is, or that of a viewer's request as it comes.
        """
        data = (body.content if body.body_exists else None) if isinstance(body, web.BaseRequest) else body
        trace = trace_header()
        if trace:
            headers[TRACE_HEADER] = trace
        try:
            answer = await self._session.request(
                method, self.url(target), headers=headers, data=data, allow_redirects=False
            )
        except TimeoutError as error:
            raise EdgeError(504, TOO_SLOW) from error
        except ClientConnectionError as error:
            # A certificate that is not trusted is among them, and a ValueError.
            raise EdgeError(502, UNREACHABLE) from error
        except ValueError as error:
            # A path or header that cannot be written on the wire.
            raise EdgeError(400, BAD_REQUEST) from error
        except ClientError as error:
            raise EdgeError(502, UNREACHABLE) from error
        async with answer:
            yield answer


def end_to_end(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """The headers without those that belong to this one connection."""
    named = {name.strip().lower() for value in headers.getall("Connection", []) for name in value.split(",")}
    dropped = HOP_BY_HOP | named
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in dropped)


async def relay(
    request: web.BaseRequest, answer: ClientResponse, headers: CIMultiDict[str] | None = None
) -> web.StreamResponse:
    """Stream a part's answer to the viewer, with these headers in place of its own."""
    sent = end_to_end(answer.headers) if headers is None else headers
    response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=sent)
    await response.prepare(request)
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except (ClientError, TimeoutError):
        # The status has left already: only a cut connection tells the viewer that the body is not whole.
        if request.transport is not None:
            request.transport.abort()
    return response
