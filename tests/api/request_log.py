"""The request log, as the tests of whatever is told in it read it."""

import json
from typing import Any

from tests.api.client import Api
from tests.eventually import eventually


async def listed(api: Api, **query: str) -> list[dict[str, Any]]:
    url = f"{api.target.front_door_url}/_local/requests"
    answer = await api.fetch("GET", url, params=query)
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = json.loads(answer.body)["requests"]
    return found


async def recorded(api: Api, *parts: str, **query: str) -> dict[str, Any]:
    """The one request that fits the query, once all the parts have told of it, which they do later than they answer."""

    async def look() -> dict[str, Any] | None:
        found = await listed(api, **query)
        # An older one that fits would be taken for what is yet to be told.
        assert len(found) <= 1, found
        return next((one for one in found if set(parts) <= one["spans"].keys()), None)

    return await eventually(look)
