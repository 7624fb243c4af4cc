"""Thousands of requests made of the API's document: no 5xx, and every answer is one that the document lists."""

import sys
from pathlib import Path

import pytest

from server.routes import ROUTES
from tests.api.client import Target
from tests.faults.record import Record, write_record
from tests.hostile.fuzzing import fuzz


async def test_whatever_is_sent_the_answer_is_a_documented_one(
    request: pytest.FixtureRequest,
    target: Target,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    records: Path | None,
) -> None:
    cases = request.config.getoption("--cases")

    found = await fuzz(target, cases, tmp_path)

    with capsys.disabled():
        # The figures, whether or not anything fails.
        sys.stdout.write(
            f"\n{found.answers.total()} cases: {found.by_status}, longest answer {found.longest_seconds:.2f} s\n"
        )
    statuses = {str(status): count for status, count in found.by_status.items()}
    name = "requests made of the API's document, in sequences that its links tell"
    longest = round(found.longest_seconds, 1)
    write_record(records, Record("hostile", name, found.answers.total(), statuses, longest_seconds=longest))
    assert not found.failures, found.failures[0]
    assert {operation for operation, _ in found.answers} == {route.operation_id for route in ROUTES}
    assert found.answers.total() >= cases
    assert max(found.by_status) < 500
