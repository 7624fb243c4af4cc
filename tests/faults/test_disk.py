"""A disk without room for the state: it is said, nothing stops, and what was written is kept once there is room."""

import asyncio
import resource
from pathlib import Path

from emulation.commands.parts import CLOUD
from tests.eventually import eventually
from tests.faults.load import REQUESTS, under_load
from tests.faults.record import write_record
from tests.faults.stack import ProcessSurgeon, Stack


async def test_a_full_disk_is_told_and_what_was_written_meanwhile_is_kept(
    stack: Stack, is_full: bool, records: Path | None
) -> None:
    surgeon = stack.surgeon
    assert isinstance(surgeon, ProcessSurgeon)
    pid = surgeon.pid(CLOUD)
    health = f"{stack.api.target.aws_url}/_cloud/health"

    async def is_told() -> bool:
        answer = await stack.api.fetch("GET", health)
        return answer.status == 503 and "could not be saved" in answer.json["reason"]

    async def is_well() -> bool:
        return (await stack.api.fetch("GET", health)).status == 200

    async with under_load(stack, is_full) as load:
        # No file may grow beyond what it has: what a full disk does to the file layer, for this process alone.
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
        await eventually(is_told)
        await load.wait_for(REQUESTS[is_full])
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        await eventually(is_well)
    kept_at = await stack.wait_until_kept()
    surgeon.kill(CLOUD)
    await asyncio.to_thread(surgeon.start, CLOUD)
    await stack.wait_until_healthy()
    lost, duplicated = await load.check(kept_at)
    write_record(records, load.record("faults", "no room for the state, then a kill -9", lost, duplicated))
    assert (lost, duplicated) == (0, 0)
    assert set(load.answers) == {"success"}
    assert await stack.problems() == []
