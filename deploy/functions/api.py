"""The Lambda side of the HTTP API: the routes of one function."""

from typing import Any

from deploy.functions.entry import EventFunction
from deploy.functions.payload import read_request, write_response
from server.dispatch import dispatch
from server.routes import bind_routes
from server.services import Services


def serve_routes(function: str) -> EventFunction:
    """What answers the events of a function's routes; imports their handlers, and those alone."""
    routes = bind_routes(function)

    async def answer(services: Services, event: dict[str, Any]) -> dict[str, Any]:
        return write_response(await dispatch(services, routes[event["routeKey"]], read_request(event)))

    return answer
