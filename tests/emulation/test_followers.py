"""Whoever changes the clock is answered when all who copy it have the change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from emulation.cloud.followers import Followers

PATIENCE_SECONDS = 20


async def turn() -> None:
    """Let every task go as far as it can by itself."""
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def following(followers: Followers, name: str, work: asyncio.Event | None = None) -> AsyncIterator[list[int]]:
    """A follower; with `work` it is busy after each answer until that is set. Gives the revisions that it took over."""
    taken = [followers.revision]

    async def follow() -> None:
        while True:
            await followers.wait_for_another(name, taken[-1])
            if followers.revision != taken[-1] and work is not None:
                await work.wait()
            taken.append(followers.revision)

    task = asyncio.create_task(follow())
    await asyncio.sleep(0)
    yield taken
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_an_announcement_returns_when_every_follower_has_it() -> None:
    followers = Followers()
    async with following(followers, "a") as first, following(followers, "b") as second:
        await followers.announce()
        assert (first[-1], second[-1]) == (followers.revision, followers.revision)


async def test_an_announcement_waits_for_a_follower_that_is_slow() -> None:
    followers, work = Followers(), asyncio.Event()
    async with following(followers, "slow", work) as taken:
        announcing = asyncio.create_task(followers.announce())
        await turn()
        assert (announcing.done(), taken[-1] == followers.revision) == (False, False)
        work.set()
        await announcing
        assert taken[-1] == followers.revision


async def test_a_follower_that_has_ended_holds_nobody_up_for_long() -> None:
    followers, work = Followers(), asyncio.Event()
    async with following(followers, "ended", work):
        pass
    async with asyncio.timeout(PATIENCE_SECONDS):
        await followers.announce()


async def test_a_follower_is_answered_after_a_while_though_nothing_has_changed() -> None:
    followers = Followers()
    waiting = asyncio.create_task(followers.wait_for_another("patient", followers.revision))
    await turn()
    assert not waiting.done()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await waiting


async def test_replaced_data_are_another_generation_and_a_change_of_the_clock_is_not() -> None:
    followers = Followers()
    generation = followers.generation
    await followers.announce()
    assert followers.generation == generation
    await followers.announce(replaced=True)
    assert followers.generation != generation
