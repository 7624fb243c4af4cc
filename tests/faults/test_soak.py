"""A short soak: `just soak` is the long one, and tells the memory too."""

from pathlib import Path

from tests.faults.record import write_record
from tests.faults.soak import Soak
from tests.faults.stack import Stack

REQUESTS, CLIENTS = 1_500, 20


async def test_mixed_requests_all_succeed_and_leave_no_file_open(stack: Stack, records: Path | None) -> None:
    run = Soak(stack, REQUESTS)
    await run.run(CLIENTS)
    write_record(records, run.record(CLIENTS))
    assert set(run.answers) == {"success"}
    assert all(files <= CLIENTS for _, files in run.growth().values())
    assert await stack.problems() == []
