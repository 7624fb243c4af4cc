"""A pytest plugin (`-p tests.fidelity.recorder`) that records what became of every test marked `aws`."""

import json
import re
import signal
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulation.aws_endpoint import NO_CLOCK

# Longer than anything that answers; an endpoint that hangs must not stop the comparison.
LIMIT_SECONDS = 60
SAME = "same"
DIFFERS = "differs"
UNKNOWN = "unknown"
NOT_ASKED = "not asked"
# What pytest says of a status that is compared, alone or with the code beside it.
_STATUS = re.compile(r"assert \(?(?P<seen>\d{3})(?:, '(?P<code>[A-Za-z]+)'.*)?.* == \(?(?P<wanted>\d{3})\b")


@dataclass(frozen=True)
class Record:
    """One test's behaviour and what became of it: `same` as AWS, `differs`, `unknown` or `not asked`."""

    test: str
    fact: str
    source: str
    outcome: str = NOT_ASKED
    reason: str = ""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--record` names the file."""
    parser.addoption("--record", type=Path, required=True, help="where the outcomes go, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no records."""
    config.pluginmanager.register(Recorder(config.getoption("--record")))


class Recorder:
    """Collects the records of one run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records: dict[str, Record] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note every marked test, before any is left out, and leave out those that are not marked."""
        for item in items:
            mark = item.get_closest_marker("aws")
            if mark is not None:
                fact, source = mark.args
                self._records[item.nodeid] = Record(item.nodeid, fact, source)
        items[:] = [item for item in items if item.nodeid in self._records]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        """Stop a test that hangs."""
        former = signal.signal(signal.SIGALRM, _time_out)
        signal.alarm(LIMIT_SECONDS)
        try:
            return (yield)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, former)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what became of a test; a failed teardown says nothing about it."""
        report = yield
        if call.when != "teardown" and (call.when == "call" or not report.passed):
            outcome, reason = read_outcome(call.excinfo.value) if call.excinfo else (SAME, "")
            was = self._records[item.nodeid]
            self._records[item.nodeid] = Record(was.test, was.fact, was.source, outcome, reason)
        return report

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self._path.write_text(json.dumps([asdict(record) for record in self._records.values()], indent=1))


def _time_out(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def read_outcome(error: BaseException) -> tuple[str, str]:
    """What a failure says about the endpoint, in a few words without anything that changes from run to run."""
    text = str(error)
    if NO_CLOCK in text:
        return UNKNOWN, "no clock to advance"
    if isinstance(error, pytest.skip.Exception):
        return UNKNOWN, text
    return DIFFERS, _reason(error, text.partition("\n")[0])


def _reason(error: BaseException, line: str) -> str:
    if "DID NOT RAISE" in line:
        return "accepted"
    if isinstance(error, ClientError):
        return _refusal(error.response)
    if isinstance(error, KeyError):
        return f"no {error.args[0]}"
    if isinstance(error, TimeoutError):
        return "no answer"
    status = _STATUS.match(line)
    if status:
        return _status(int(status["seen"]), status["code"], int(status["wanted"]))
    # What an assertion says about itself; the values that pytest shows change from run to run.
    if isinstance(error, AssertionError) and line and not line.startswith("assert "):
        return line
    return "another answer"


def _status(seen: int, code: str | None, wanted: int) -> str:
    if seen < 300 and wanted >= 400:
        return "accepted"
    return f"refused with {code}" if code and seen >= 400 else f"HTTP {seen}"


def _refusal(response: Any) -> str:
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return f"HTTP {status}" if status >= 500 else f"refused with {response['Error']['Code']}"


def read_records(path: Path) -> list[Record]:
    """The records of a run."""
    return [Record(**record) for record in json.loads(path.read_text())]
