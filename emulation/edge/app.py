"""The front door: the twin of the CloudFront distribution, and the local tools beside it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

from emulation.edge import api_origin, images_origin, local_tools
from emulation.edge.api_document import ApiDocument
from emulation.edge.api_origin import ApiOrigin
from emulation.edge.errors import BAD_REQUEST, METHOD_NOT_CACHABLE, EdgeError
from emulation.edge.health import Health
from emulation.edge.images_origin import ImagesOrigin
from emulation.edge.local_tools import LocalTools
from emulation.edge.observing import BEHAVIOUR, observed
from emulation.edge.origin import READ_SECONDS, Origin, open_session
from emulation.edge.pages import Pages
from emulation.edge.paths import matches
from emulation.edge.users import Users
from emulation.edge.visitors import Visitors
from emulation.reporting import open_reporter
from emulation.serving import SERVER_OPTIONS
from emulation.settings import LocalSettings

_log = logging.getLogger("emulation.edge")
_LANDING_PAGE = Path(__file__).with_name("landing.html")


class Edge:
    """Chooses the behaviour of a path and answers what goes wrong on the way as CloudFront does."""

    def __init__(self, settings: LocalSettings, session: ClientSession) -> None:
        api = Origin(session, settings.api_url)
        cloud = Origin(session, settings.aws_url)
        images = ImagesOrigin(cloud)
        health = Health(cloud, api, images)
        tools = LocalTools(
            cloud,
            health,
            Visitors(settings),
            Pages(settings),
            ApiDocument(settings.public_api_url),
            Users(session, f"http://127.0.0.1:{settings.front_door_port}"),
        )
        self._behaviours = (
            (api_origin.PREFIX, ApiOrigin(api).serve),
            (images_origin.PREFIX, images.serve),
            (local_tools.PREFIX, tools.serve),
        )
        self._landing_page = landing_page(settings)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        try:
            path = request.raw_path.partition("?")[0]
            if not path.startswith("/"):
                raise EdgeError(400, BAD_REQUEST)
            for prefix, serve in self._behaviours:
                if matches(path, prefix):
                    request[BEHAVIOUR] = f"{prefix}*"
                    return await serve(request)
            return self._serve_site(request, path)
        except EdgeError as error:
            if error.__cause__ is not None:
                _log.warning("%s %s: %d, %r", request.method, request.raw_path, error.status, error.__cause__)
            return error.to_response()

    def _serve_site(self, request: web.BaseRequest, path: str) -> web.Response:
        if request.method not in ("GET", "HEAD"):
            raise EdgeError(403, METHOD_NOT_CACHABLE)
        if path != "/":
            return web.Response(status=404, text="There is no such page.\n")
        return web.Response(text=self._landing_page, content_type="text/html")


def landing_page(settings: LocalSettings) -> str:
    """The page at `/`, with the addresses of this stack."""
    page = _LANDING_PAGE.read_text(encoding="utf-8")
    for name, address in (
        ("FRONT_DOOR_URL", settings.front_door_url),
        ("API_URL", settings.public_api_url),
        ("AWS_URL", settings.public_aws_url),
    ):
        page = page.replace(f"[[{name}]]", address)
    return page


@asynccontextmanager
async def open_edge(settings: LocalSettings, read_seconds: float = READ_SECONDS) -> AsyncIterator[web.Server]:
    """The server that answers for the front door; its connections to the parts close with it."""
    async with open_session(read_seconds) as session, open_reporter(session, settings.aws_url) as reporter:
        yield web.Server(observed(Edge(settings, session).serve, reporter.report), **SERVER_OPTIONS)
