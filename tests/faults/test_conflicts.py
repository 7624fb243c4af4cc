"""Transactions of DynamoDB that are in one another's way: tried again, and 503 where that has no end."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.client import Answer, User
from tests.faults.stack import Stack

CHANGES: dict[str, tuple[str, str, Any]] = {
    "create a guitar": ("POST", "/guitars", {"brand": "Fender", "model": "Jazzmaster"}),
    "change a guitar": ("PUT", "/guitars/ID", {"model": "Jaguar"}),
    "change its brand": ("PUT", "/guitars/ID", {"brand": "Gretsch"}),
    "delete a guitar": ("DELETE", "/guitars/ID", None),
    "change the profile": ("PUT", "/user/profile", {"preferences": {"theme": "dark"}}),
    "delete the account": ("DELETE", "/user", None),
}
# These write nothing but in transactions.
IN_TRANSACTIONS = ("create a guitar", "change its brand", "delete a guitar")


@pytest.fixture(autouse=True)
async def without_faults(stack: Stack) -> AsyncIterator[None]:
    """No test leaves its faults to the next."""
    yield
    await stack.end_faults()


async def do(stack: Stack, user: User, change: str) -> Answer:
    method, path, body = CHANGES[change]
    if "ID" in path:
        path = path.replace("ID", (await stack.api.call("GET", "/guitars", user=user)).data["guitars"][0]["guitarId"])
    return await stack.api.call(method, path, body, user=user)


async def check_unavailable_until_it_ends(stack: Stack, change: str, kind: str) -> None:
    user = await stack.api.new_user()
    await stack.api.new_guitar(user)
    await stack.add_fault(kind=kind)
    refused = await do(stack, user, change)
    assert await stack.end_faults() > 0
    assert (refused.status, refused.error["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert "Retry-After" in refused.headers
    assert (await do(stack, user, change)).status < 300
    assert await stack.problems() == []


@pytest.mark.parametrize("change", [change for change in CHANGES if change != "delete the account"])
async def test_a_write_begins_again_after_a_conflict(stack: Stack, change: str) -> None:
    user = await stack.api.new_user()
    await stack.api.new_guitar(user)
    await stack.add_fault(kind="conflict", service="dynamodb", times=3)
    assert (await do(stack, user, change)).status < 300
    assert await stack.end_faults() == 3
    assert await stack.problems() == []


@pytest.mark.parametrize("change", CHANGES)
async def test_a_write_whose_conflicts_have_no_end_is_a_503(stack: Stack, change: str) -> None:
    await check_unavailable_until_it_ends(stack, change, "conflict")


@pytest.mark.parametrize("change", IN_TRANSACTIONS)
async def test_a_transaction_that_stays_under_way_is_a_503(stack: Stack, change: str) -> None:
    await check_unavailable_until_it_ends(stack, change, "in-progress")
