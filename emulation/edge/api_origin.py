"""`/api/*`: the twin of the behaviour in front of the HTTP API, and of its viewer-request function."""

from aiohttp import web

from emulation.edge.errors import BAD_REQUEST, METHOD_NOT_CACHABLE, EdgeError
from emulation.edge.origin import Origin, end_to_end, relay

PREFIX = "/api/"
METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))


class ApiOrigin:
    """Sends what comes under /api/ to the API, without that prefix."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """The API's answer as it is."""
        if request.method not in METHODS:
            raise EdgeError(403, METHOD_NOT_CACHABLE)
        if request.method == "GET" and request.body_exists:
            # CloudFront refuses a GET with a body:
            # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
            raise EdgeError(403, BAD_REQUEST)
        headers = end_to_end(request.headers)
        headers.popall("Host", None)
        headers["X-Forwarded-For"] = ", ".join([*headers.popall("X-Forwarded-For", []), str(request.remote)])
        # On a missing or empty header API Gateway answers 401 itself, without our envelope: the edge sends an explicit
        # one. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
        if not any(value.strip() for value in headers.getall("Authorization", [])):
            headers["Authorization"] = "none"
        target = request.raw_path.removeprefix(PREFIX.rstrip("/"))
        async with self._origin.open(request.method, target, headers, request) as answer:
            return await relay(request, answer)
