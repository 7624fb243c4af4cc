"""Serves the requests of one behaviour: function, cache, origin, compression and headers, in CloudFront's order."""

import secrets
from collections.abc import Hashable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from aiohttp import ClientResponse, web
from multidict import CIMultiDict

from emulation.edge.bucket import OWN_HEADERS
from emulation.edge.cache import LARGEST_ENTRY_BYTES, Cache, Entry
from emulation.edge.compression import compress, is_compressible, normal_accept_encoding
from emulation.edge.conditions import answer_from
from emulation.edge.distribution import Behaviour
from emulation.edge.errors import BAD_REQUEST, METHOD_NOT_CACHABLE, EdgeError
from emulation.edge.freshness import lifetime_seconds
from emulation.edge.functions import GeneratedResponse, ViewerRequest
from emulation.edge.origin import end_to_end, relay
from emulation.edge.policies import Selection

# What CloudFront says about itself, to both sides; the place is none of its own.
VIA = f"1.1 {secrets.token_hex(16)}.cloudfront.net (CloudFront)"
POP = "LOCAL50-P1"
HIT, MISS, REFRESH_HIT, ERROR = (f"{what} from cloudfront" for what in ("Hit", "Miss", "RefreshHit", "Error"))


class Opens(Protocol):
    """An origin: gives an answer whose body is unread, or raises EdgeError."""

    def open(
        self, method: str, target: str, headers: CIMultiDict[str], body: web.BaseRequest | bytes | None = None
    ) -> AbstractAsyncContextManager[ClientResponse]:
        """The answer to a request with a raw path and query."""
        ...


class BehaviourServer:
    """One behaviour with its origin. `root_object` is what `/` means."""

    def __init__(self, behaviour: Behaviour, origin: Opens, cache: Cache, root_object: str) -> None:
        self._behaviour = behaviour
        self._origin = origin
        self._cache = cache
        self._root_object = root_object

    async def serve(self, request: web.BaseRequest, request_id: str) -> web.StreamResponse:
        """The answer; raises EdgeError."""
        self._check_method(request)
        path, _, query = request.raw_path.partition("?")
        viewer = ViewerRequest(request.method, path, query, end_to_end(request.headers), str(request.remote))
        function = self._behaviour.request_function
        asked = viewer if function is None else function.run(viewer, request_id)
        if isinstance(asked, GeneratedResponse):
            x_cache = "FunctionGeneratedResponse from cloudfront"
            headers = self._viewer_headers(asked.headers, request_id, x_cache)
            return web.Response(status=asked.status, headers=headers, body=asked.body)
        if request.method in self._behaviour.cached_methods and self._behaviour.cache_policy.caches:
            return await self._serve_cached(request, asked, request_id)
        return await self._pass_through(request, asked, request_id)

    def _check_method(self, request: web.BaseRequest) -> None:
        if request.method not in self._behaviour.methods:
            raise EdgeError(403, METHOD_NOT_CACHABLE)
        if request.method == "GET" and request.body_exists:
            # CloudFront refuses a GET with a body:
            # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
            raise EdgeError(403, BAD_REQUEST)

    async def _pass_through(
        self, request: web.BaseRequest, asked: ViewerRequest, request_id: str
    ) -> web.StreamResponse:
        target, headers = self._target(asked), self._origin_headers(asked, request_id)
        async with self._origin.open(asked.method, target, headers, request) as answer:
            return await relay(request, answer, self._passed_headers(answer, request_id, MISS))

    async def _serve_cached(
        self, request: web.BaseRequest, asked: ViewerRequest, request_id: str
    ) -> web.StreamResponse:
        key = self._key(asked)
        entry = self._cache.find(key, self._behaviour.cache_policy.max_ttl)
        if entry is not None and self._cache.is_fresh(entry):
            return self._answer(request, entry, request_id, HIT)
        return await self._fetch(request, asked, request_id, key, entry)

    async def _fetch(
        self, request: web.BaseRequest, asked: ViewerRequest, request_id: str, key: Hashable, stale: Entry | None
    ) -> web.StreamResponse:
        """Ask the origin, or ask it again about a stale entry, which is served once more when the origin fails."""
        target, headers = self._target(asked), self._origin_headers(asked, request_id)
        if stale is not None and stale.origin_etag:
            headers["If-None-Match"] = stale.origin_etag
        is_usable = stale is not None and stale.status < 400
        try:
            async with self._origin.open(asked.method, target, headers) as answer:
                if stale is not None and answer.status == 304:
                    renewed = stale.renewed(self._cache.now(), self._lifetime(stale.status, stale.headers))
                    self._cache.store(key, renewed)
                    return self._answer(request, renewed, request_id, REFRESH_HIT)
                if answer.status < 500 or not is_usable:
                    return await self._take(request, asked, request_id, key, answer)
        except EdgeError:
            if not is_usable:
                raise
        assert stale is not None  # noqa: S101 - is_usable says so
        return self._answer(request, stale, request_id, HIT)

    async def _take(
        self, request: web.BaseRequest, asked: ViewerRequest, request_id: str, key: Hashable, answer: ClientResponse
    ) -> web.StreamResponse:
        """An origin's answer: kept if it may be, or passed on as it comes."""
        length = answer.content_length
        if asked.method != "GET" or length is None or length > LARGEST_ENTRY_BYTES:
            return await relay(request, answer, self._passed_headers(answer, request_id, MISS))
        headers, body = end_to_end(answer.headers), await answer.read()
        etag = headers.get("ETag", "")
        accepted = self._accept_encoding(asked)
        if accepted and self._behaviour.compress and is_compressible(answer.status, headers):
            body = await compress(body, headers, accepted)
        for name in OWN_HEADERS:
            headers.popall(name, None)
        entry = Entry(answer.status, headers, body, self._cache.now(), self._lifetime(answer.status, headers), etag)
        self._cache.store(key, entry)
        return self._answer(request, entry, request_id, MISS)

    def _answer(self, request: web.BaseRequest, entry: Entry, request_id: str, x_cache: str) -> web.Response:
        status, headers, body = answer_from(entry, request.headers)
        headers = self._viewer_headers(headers, request_id, ERROR if entry.status >= 400 else x_cache)
        if x_cache == HIT:
            headers["Age"] = str(int(self._cache.age_of(entry).total_seconds()))
        return web.Response(status=status, headers=headers, body=body)

    def _lifetime(self, status: int, headers: CIMultiDict[str]) -> float:
        return lifetime_seconds(self._behaviour.cache_policy, status, headers, self._cache.now())

    def _key(self, asked: ViewerRequest) -> Hashable:
        policy = self._behaviour.cache_policy
        names = sorted({name.lower() for name in asked.headers if policy.headers.holds(name.lower())})
        return (
            self._behaviour.pattern,
            self._target(asked),
            tuple((name, tuple(asked.headers.getall(name))) for name in names),
            _selected(_cookies(asked), policy.cookies),
            self._accept_encoding(asked),
        )

    def _accept_encoding(self, asked: ViewerRequest) -> str:
        policy = self._behaviour.cache_policy
        header = ",".join(asked.headers.getall("Accept-Encoding", ()))
        return normal_accept_encoding(header, policy.gzip, policy.brotli)

    def _target(self, asked: ViewerRequest) -> str:
        """Path and query as the origin is asked: of the query what the two policies name, in the viewer's spelling."""
        path = f"/{self._root_object}" if asked.path == "/" and self._root_object else asked.path
        cache_policy, origin_policy = self._behaviour.cache_policy, self._behaviour.origin_request_policy
        parts = asked.query.split("&") if asked.query else []
        kept = [
            part
            for part in parts
            if cache_policy.query_strings.holds(part.partition("=")[0])
            or origin_policy.query_strings.holds(part.partition("=")[0])
        ]
        return self._behaviour.origin.path + path + (f"?{'&'.join(kept)}" if kept else "")

    def _origin_headers(self, asked: ViewerRequest, request_id: str) -> CIMultiDict[str]:
        cache_policy, origin_policy = self._behaviour.cache_policy, self._behaviour.origin_request_policy
        headers = CIMultiDict(
            (name, value)
            for name, value in asked.headers.items()
            if name.lower() not in ("host", "cookie")
            and (cache_policy.headers.holds(name.lower()) or origin_policy.headers.holds(name.lower()))
        )
        cookies = [*_selected(_cookies(asked), cache_policy.cookies, origin_policy.cookies)]
        if cookies:
            headers["Cookie"] = "; ".join(cookies)
        headers.setdefault("User-Agent", "Amazon CloudFront")
        if cache_policy.gzip or cache_policy.brotli:
            headers.popall("Accept-Encoding", None)
            headers.update({"Accept-Encoding": accepted} if (accepted := self._accept_encoding(asked)) else {})
        # The body goes on as it comes, and so does what describes it.
        for name in ("Content-Type", "Content-Length", "Content-Encoding"):
            if name in asked.headers:
                headers[name] = asked.headers[name]
        if not self._behaviour.origin.bucket:
            headers["X-Forwarded-For"] = ", ".join([*asked.headers.getall("X-Forwarded-For", ()), asked.viewer_ip])
        headers["Via"] = VIA
        headers["X-Amz-Cf-Id"] = request_id
        return headers

    def _passed_headers(self, answer: ClientResponse, request_id: str, x_cache: str) -> CIMultiDict[str]:
        headers = end_to_end(answer.headers)
        for name in OWN_HEADERS if self._behaviour.origin.bucket else ():
            headers.popall(name, None)
        return self._viewer_headers(headers, request_id, ERROR if answer.status >= 400 else x_cache)

    def _viewer_headers(self, headers: CIMultiDict[str], request_id: str, x_cache: str) -> CIMultiDict[str]:
        self._behaviour.response_headers.apply(headers)
        headers.update(edge_headers(request_id, x_cache))
        headers.setdefault("Server", "CloudFront")
        return headers


def edge_headers(request_id: str, x_cache: str) -> dict[str, str]:
    """What CloudFront adds to every answer."""
    return {"X-Cache": x_cache, "Via": VIA, "X-Amz-Cf-Pop": POP, "X-Amz-Cf-Id": request_id}


def _cookies(asked: ViewerRequest) -> list[str]:
    return [part.strip() for line in asked.headers.getall("Cookie", ()) for part in line.split(";") if part.strip()]


def _selected(pairs: Iterable[str], *selections: Selection) -> tuple[str, ...]:
    """The pairs `name=value` whose name any of the selections has."""
    return tuple(pair for pair in pairs if any(one.holds(pair.partition("=")[0]) for one in selections))
