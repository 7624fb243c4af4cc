"""Parts that die and stand still under load."""

import asyncio
import time
from pathlib import Path

import pytest

from emulation.commands.parts import API, CLOUD, EDGE, PARTS, Part
from tests.faults.load import REQUESTS, under_load
from tests.faults.record import write_record
from tests.faults.stack import Stack

PAUSE_SECONDS = {False: 2.0, True: 12.0}
# What may be answered while a part is away. Without Cognito the authorizer fails, which API Gateway answers with a 500
# of its own, and without its origin CloudFront with a page.
BOUNDED = {"success", "503", "500 of API Gateway", "502 of the front door", "504 of the front door", "not connected"}


async def kill(stack: Stack, part: Part, is_full: bool, records: Path | None) -> None:
    before = stack.surgeon.identities()
    async with under_load(stack, is_full) as load:
        kept_at = await stack.wait_until_kept()
        stack.surgeon.kill(part)
        if part is not EDGE:
            await load.wait_for(10)
        restarted_at = time.monotonic()
        await asyncio.to_thread(stack.surgeon.start, part)
        await stack.wait_until_healthy()
        await load.wait_for(REQUESTS[is_full], "success")
    lost, duplicated = await (load.check(kept_at, restarted_at) if part is CLOUD else load.check())
    name = f"kill -9 of the {part.title}, as {stack.form.name}"
    write_record(records, load.record("faults", name, lost, duplicated))
    after = stack.surgeon.identities()
    assert {name for name in before if before[name] != after[name]} == {part.name}
    assert (lost, duplicated) == (0, 0)
    assert set(load.answers) <= BOUNDED
    assert await stack.problems() == []


async def pause(stack: Stack, part: Part, is_full: bool, records: Path | None) -> None:
    before = stack.surgeon.identities()
    async with under_load(stack, is_full) as load:
        stack.surgeon.pause(part)
        try:
            await asyncio.sleep(PAUSE_SECONDS[is_full])
        finally:
            stack.surgeon.resume(part)
        await stack.wait_until_healthy()
        await load.wait_for(REQUESTS[is_full])
    lost, duplicated = await load.check()
    name = f"the {part.title} stands still for {PAUSE_SECONDS[is_full]:.0f} s, as {stack.form.name}"
    write_record(records, load.record("faults", name, lost, duplicated))
    assert stack.surgeon.identities() == before
    assert (lost, duplicated) == (0, 0)
    assert set(load.answers) <= BOUNDED
    assert await stack.problems() == []


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
async def test_a_part_that_is_killed_under_load_loses_nothing(
    stack: Stack, part: Part, is_full: bool, records: Path | None
) -> None:
    await kill(stack, part, is_full, records)


@pytest.mark.parametrize("part", [CLOUD, API], ids=lambda part: part.name)
async def test_a_part_that_stands_still_under_load_loses_nothing(
    stack: Stack, part: Part, is_full: bool, records: Path | None
) -> None:
    await pause(stack, part, is_full, records)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
async def test_a_container_that_is_killed_under_load_loses_nothing(
    containers: Stack, part: Part, records: Path | None
) -> None:
    await kill(containers, part, True, records)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
async def test_a_container_that_stands_still_under_load_loses_nothing(
    containers: Stack, part: Part, records: Path | None
) -> None:
    await pause(containers, part, True, records)
