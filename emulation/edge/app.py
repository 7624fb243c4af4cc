"""The front door: the twin of the template's CloudFront distribution, and the local tools beside it."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import ClientSession, web

from emulation.edge import local_tools
from emulation.edge.api_document import ApiDocument
from emulation.edge.behaviours import BehaviourServer, Opens, edge_headers
from emulation.edge.bucket import Bucket
from emulation.edge.cache import Cache
from emulation.edge.dev_server import DevServer
from emulation.edge.distribution import Behaviour, Distribution, read_distribution
from emulation.edge.errors import BAD_REQUEST, EdgeError
from emulation.edge.health import Health
from emulation.edge.local_tools import LocalTools
from emulation.edge.observing import BEHAVIOUR, observed
from emulation.edge.origin import READ_SECONDS, Origin, open_session
from emulation.edge.pages import Pages
from emulation.edge.paths import matches
from emulation.edge.publishing import Publisher
from emulation.edge.users import Users
from emulation.edge.visitors import Visitors
from emulation.following import Clocks, follow_cloud
from emulation.local_template import read_local_template
from emulation.reporting import open_reporter
from emulation.serving import SERVER_OPTIONS, Server
from emulation.settings import DEVELOPER_ACCESS_KEY, LocalSettings
from emulation.template import Template
from emulation.tracing import UNRECORDED, tracing

_log = logging.getLogger("emulation.edge")
S3_ENDPOINT_OUTPUT = "S3PublicEndpoint"


class Edge:
    """Chooses the behaviour of a path and answers what goes wrong on the way as CloudFront does."""

    def __init__(self, tools: LocalTools, servers: tuple[tuple[Behaviour, BehaviourServer | DevServer], ...]) -> None:
        self._tools = tools
        self._servers = servers

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        path = request.raw_path.partition("?")[0]
        request_id = f"{secrets.token_urlsafe(40)}=="
        try:
            if not path.startswith("/"):
                raise EdgeError(400, BAD_REQUEST)
            if path.startswith(local_tools.PREFIX):
                return await self._tools.serve(request)
            fitting = (one for one in self._servers if matches(path, one[0].path))
            behaviour, server = next(fitting, self._servers[-1])
            if isinstance(server, BehaviourServer):
                request[BEHAVIOUR] = behaviour.pattern
            return await server.serve(request, request_id)
        except EdgeError as error:
            if error.__cause__ is not None:
                cause = f"{type(error.__cause__).__name__}: {error.__cause__}"
                _log.warning("%s %s: %d, %s", request.method, request.raw_path, error.status, cause)
            headers = {"Server": "CloudFront", **edge_headers(request_id, error.x_cache)}
            return web.Response(
                status=error.status, text=error.page(request_id), content_type="text/html", headers=headers
            )


@asynccontextmanager
async def open_edge(
    settings: LocalSettings, read_seconds: float = READ_SECONDS, template: Template | None = None
) -> AsyncIterator[web.Server]:
    """The server that answers for the front door; its connections to the parts close with it.

    Raises TemplateError for a template, the local one if none is given, that the local edge cannot honour.
    """
    template = template or read_local_template(settings)
    # A page's policy names S3's address; locally uploads go to the local one.
    addresses = {str(template.outputs.get(S3_ENDPOINT_OUTPUT, settings.public_aws_url)): settings.public_aws_url}
    distribution = read_distribution(template, addresses)
    clocks = Clocks()
    cache = Cache(lambda: clocks.cache_clock)
    tls = settings.frontend_dev.startswith("https:")
    async with open_session(read_seconds, tls) as session, open_reporter(session, settings.aws_url) as reporter:
        api, cloud = Origin(session, settings.api_url), Origin(session, settings.aws_url)
        publisher = _publisher(settings, distribution, cloud, cache)

        def forget_replaced() -> None:
            cache.invalidate()
            if publisher:
                publisher.publish_again()

        clocks.on_replaced = forget_replaced
        health = Health(cloud, api, (lambda: publisher.failure) if publisher else str)
        tools = LocalTools(
            cloud,
            health,
            Visitors(settings),
            Pages(settings),
            ApiDocument(settings.public_api_url),
            Users(session, f"http://127.0.0.1:{settings.front_door_port}"),
            _addresses(settings),
        )
        servers = _servers(settings, session, distribution, api, cloud, cache)
        running = [follow_cloud(session, settings.aws_url, clocks), *([publisher.run()] if publisher else [])]
        # What is published and followed belongs to no request.
        with tracing(UNRECORDED):
            tasks = [asyncio.create_task(one) for one in running]
        try:
            yield Server(observed(Edge(tools, servers).serve, reporter.report), **SERVER_OPTIONS)
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)


def _publisher(settings: LocalSettings, distribution: Distribution, cloud: Origin, cache: Cache) -> Publisher | None:
    bucket = distribution.behaviours[-1].origin.bucket
    if settings.frontend_dev or not bucket:
        return None
    return Publisher(settings.frontend_dist, Bucket(cloud, bucket, DEVELOPER_ACCESS_KEY), cache.invalidate)


def _addresses(settings: LocalSettings) -> dict[str, str]:
    """How a browser reaches each part."""
    return {
        "frontDoor": settings.front_door_url,
        "api": settings.public_api_url,
        "aws": settings.public_aws_url,
    }


def _servers(
    settings: LocalSettings,
    session: ClientSession,
    distribution: Distribution,
    api: Origin,
    cloud: Origin,
    cache: Cache,
) -> tuple[tuple[Behaviour, BehaviourServer | DevServer], ...]:
    """Each behaviour with what serves it; a dev server takes the place of the default one."""

    def serve(behaviour: Behaviour) -> BehaviourServer | DevServer:
        if settings.frontend_dev and behaviour is distribution.behaviours[-1]:
            return DevServer(session, settings.frontend_dev)
        origin: Opens = Bucket(cloud, behaviour.origin.bucket) if behaviour.origin.bucket else api
        return BehaviourServer(behaviour, origin, cache, distribution.root_object)

    return tuple((behaviour, serve(behaviour)) for behaviour in distribution.behaviours)
