"""Writes that come too late. What each is answered depends on who was first, so targets are not compared by them."""

import asyncio

from tests.api.client import Api, User


async def brands(api: Api, user: User) -> list[str]:
    found: list[str] = (await api.call("GET", "/guitars/brands", user=user)).data["brands"]
    return found


async def test_brands_are_right_after_writes_at_the_same_time(api: Api, user: User) -> None:
    guitars = await asyncio.gather(*(api.new_guitar(user, brand="Gibson") for _ in range(6)))
    paths = [f"/guitars/{guitar['guitarId']}" for guitar in guitars]
    # Each guitar is deleted twice and renamed twice at once: some of these come too late.
    await asyncio.gather(
        *(api.call("DELETE", path, user=user) for path in paths[:3] * 2),
        *(api.call("PUT", path, {"brand": brand}, user=user) for path in paths[3:] for brand in ("Epiphone", "Guild")),
    )
    left = {guitar["brand"] for guitar in (await api.call("GET", "/guitars", user=user)).data["guitars"]}
    assert await brands(api, user) == sorted(left)
    for path in paths[3:]:
        assert (await api.call("DELETE", path, user=user)).status == 200
    assert await brands(api, user) == []
