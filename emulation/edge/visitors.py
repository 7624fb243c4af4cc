"""Who may use the local tools: programs of this machine, the front door's own pages and the frontends' origins."""

from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from emulation.hosts import LOOPBACK_HOSTS, read_host
from emulation.settings import LocalSettings


class Visitors:
    """Keeps a web page that is open in the same browser from reading the mailbox or deleting the data."""

    def __init__(self, settings: LocalSettings) -> None:
        self._hosts = LOOPBACK_HOSTS | {URL(settings.front_door_url).host}
        self._origins = frozenset((settings.front_door_url, *settings.cors_origins))

    def is_known_host(self, request: web.BaseRequest) -> bool:
        """Whether the request is addressed to this machine: another name may be another site's, rebound to it."""
        return read_host(request.headers.get("Host", "")) in self._hosts

    def is_own_site(self, request: web.BaseRequest) -> bool:
        """Whether no page at all sent the request, or one that may."""
        origin = request.headers.get("Origin")
        if origin is not None:
            return origin in self._origins or origin == f"http://{request.headers.get('Host')}"
        # A browser sends no Origin with a plain GET; it says whose page asks all the same.
        return request.headers.get("Sec-Fetch-Site", "none") != "cross-site"

    def cors_headers(self, request: web.BaseRequest) -> CIMultiDict[str]:
        """What lets a page of an allowed origin read the answer."""
        headers = CIMultiDict({"Vary": "Origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
        origin = request.headers.get("Origin")
        if origin is not None:
            headers["Access-Control-Allow-Origin"] = origin
        return headers
