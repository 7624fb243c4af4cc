"""Users of the hostile suite: those of the black-box one. What each of its files sent is kept for the page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.client import Api
from tests.api.conftest import other, user
from tests.faults.record import Record, write_record

__all__ = ["other", "user"]


@pytest.fixture(scope="module", autouse=True)
async def recorded(request: pytest.FixtureRequest, api: Api, records: Path | None) -> AsyncIterator[None]:
    """Keep how a file's requests were answered; requests that no HTTP library writes are among its tests alone."""
    before = api.answers.copy()
    api.longest_seconds = 0.0
    yield
    answers = api.answers - before
    if not answers:
        return
    tests = sum(getattr(item, "module", None) is request.module for item in request.session.items)
    name = (request.module.__doc__ or "").partition(".")[0]
    statuses = {str(status): count for status, count in sorted(answers.items())}
    longest, figures = round(api.longest_seconds, 1), {"tests": str(tests)}
    write_record(records, Record("hostile", name, answers.total(), statuses, longest_seconds=longest, figures=figures))
