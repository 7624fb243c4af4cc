"""`/_local/*`: the tools beside the twin of CloudFront, and the twin of the Cognito domain. AWS has none of it."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import ClientResponse, web
from multidict import CIMultiDict

from emulation.edge.api_document import ApiDocument
from emulation.edge.health import Health
from emulation.edge.origin import Origin, relay
from emulation.edge.pages import Pages
from emulation.edge.users import Users
from emulation.edge.visitors import Visitors

PREFIX = "/_local/"
AUTH_PREFIX = "/_local/auth/"
DOMAIN_PATH = "/_cloud/domain/"
# What the local AWS does for a path, and by which methods.
CLOUD_TOOLS = {
    "/_local/buckets": ("/_cloud/buckets", ("GET",)),
    "/_local/clock": ("/_cloud/clock", ("GET", "POST", "DELETE")),
    "/_local/dead-letters": ("/_cloud/dead-letters", ("GET",)),
    "/_local/doctor": ("/_cloud/doctor", ("GET", "POST")),
    "/_local/faults": ("/_cloud/faults", ("GET", "POST", "DELETE")),
    "/_local/items": ("/_cloud/items", ("GET",)),
    "/_local/mail": ("/_cloud/mail", ("GET", "DELETE")),
    "/_local/meter": ("/_cloud/meter", ("GET", "DELETE")),
    "/_local/object": ("/_cloud/object", ("GET",)),
    "/_local/objects": ("/_cloud/objects", ("GET",)),
    "/_local/requests": ("/_cloud/requests", ("GET", "DELETE")),
    "/_local/reset": ("/_cloud/reset", ("POST",)),
    "/_local/snapshots": ("/_cloud/snapshots", ("GET", "POST", "DELETE")),
    "/_local/snapshots/restore": ("/_cloud/snapshots/restore", ("POST",)),
    "/_local/tables": ("/_cloud/tables", ("GET",)),
    "/_local/users": ("/_cloud/users", ("GET", "POST")),
    "/_local/users/confirm": ("/_cloud/users/confirm", ("POST",)),
    "/_local/users/delete": ("/_cloud/users/delete", ("POST",)),
    "/_local/users/sign-out": ("/_cloud/users/sign-out", ("POST",)),
    "/_local/users/tokens": ("/_cloud/users/tokens", ("POST",)),
}
PAGE_METHODS = ("GET", "HEAD")
LONGEST_BODY_BYTES = 64 * 1024
# What an answer holds may come from anybody: a browser that is made to open it as a page runs nothing of it.
CONTENT_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}


class LocalTools:
    """Answers the local tools, to nobody but this machine and the frontends under development."""

    def __init__(
        self,
        cloud: Origin,
        health: Health,
        visitors: Visitors,
        pages: Pages,
        api_document: ApiDocument,
        users: Users,
        addresses: Mapping[str, str],
    ) -> None:
        """`addresses` says how a browser reaches each part."""
        self._addresses = dict(addresses)
        self._cloud = cloud
        self._visitors = visitors
        self._pages = pages
        self._users = users
        self._own_tools: Mapping[str, Callable[[], Awaitable[web.Response]]] = {
            "/_local/addresses": self._show_addresses,
            "/_local/health": health.answer,
            "/_local/openapi.json": api_document.answer,
        }

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer of one tool."""
        path, _, query = request.raw_path.partition("?")
        if not self._visitors.is_known_host(request):
            return _refuse(403, "The local tools answer only at a loopback address.")
        if path.startswith(AUTH_PREFIX):
            # As with Cognito's own domain, a mailed link may be opened from anywhere.
            return await self._open_auth_page(request, path.removeprefix(AUTH_PREFIX), query)
        if (page := self._pages.find(path)) is not None and request.method != "OPTIONS":
            # It holds no data: a link on any site may lead to it.
            return page if request.method in PAGE_METHODS else _refuse_method(PAGE_METHODS)
        if not self._visitors.is_own_site(request):
            return _refuse(403, "The local tools do not answer pages of another site.")
        if request.method == "OPTIONS":
            return self._answer_preflight(request)
        response = await self._use(request, path, query)
        response.headers.update(self._visitors.cors_headers(request))
        return response

    async def _use(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        if path in self._own_tools:
            return await self._own_tools[path]() if request.method == "GET" else _refuse_method(("GET",))
        if (request.method, path) == ("POST", "/_local/users"):
            return await self._make_user(request)
        if path not in CLOUD_TOOLS:
            return _refuse(404, "There is no such local tool.")
        target, methods = CLOUD_TOOLS[path]
        if request.method not in methods:
            return _refuse_method(methods)
        return await self._ask_cloud(request, target, query)

    async def _show_addresses(self) -> web.Response:
        return web.json_response(self._addresses)

    async def _make_user(self, request: web.BaseRequest) -> web.Response:
        if _is_too_long(request):
            return _refuse(413, "The body is too long.")
        return await self._users.answer(await request.read())

    async def _ask_cloud(self, request: web.BaseRequest, target: str, query: str) -> web.Response:
        if _is_too_long(request):
            return _refuse(413, "The body is too long.")
        # Whether the page behind it may is decided here: the cloud need not see whose it is.
        described = ("Content-Encoding", "Content-Type")
        passed = CIMultiDict((name, request.headers[name]) for name in described if name in request.headers)
        async with self._cloud.open(request.method, f"{target}?{query}", passed, request) as answer:
            return await _whole(answer)

    async def _open_auth_page(self, request: web.BaseRequest, tail: str, query: str) -> web.StreamResponse:
        if request.method != "GET":
            return _refuse_method(("GET",))
        async with self._cloud.open("GET", f"{DOMAIN_PATH}{tail}?{query}", CIMultiDict()) as answer:
            return await relay(request, answer)

    def _answer_preflight(self, request: web.BaseRequest) -> web.Response:
        headers = self._visitors.cors_headers(request)
        headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        headers["Access-Control-Allow-Headers"] = "Content-Type"
        return web.Response(status=204, headers=headers)


def _is_too_long(request: web.BaseRequest) -> bool:
    return (request.content_length or 0) > LONGEST_BODY_BYTES


async def _whole(answer: ClientResponse) -> web.Response:
    body = await answer.read()
    content_type = answer.headers.get("Content-Type", "application/json")
    headers = {"Content-Type": content_type, **CONTENT_HEADERS}
    if "Content-Disposition" in answer.headers:
        headers["Content-Disposition"] = answer.headers["Content-Disposition"]
    return web.Response(status=answer.status, body=body, headers=headers)


def _refuse(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


def _refuse_method(methods: tuple[str, ...]) -> web.Response:
    response = _refuse(405, f"Allowed: {', '.join(methods)}.")
    response.headers["Allow"] = ", ".join(methods)
    return response
