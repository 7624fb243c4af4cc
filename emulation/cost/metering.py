"""What a step used of AWS: the meter's rows and the functions' CPU time, divided by how often the step was taken."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp

from deploy.cost.measured import Row
from emulation.logical_ids import logical_id
from emulation.runtime.deployed import CPU_REPORT

# Reports and events come up to so long after an answer.
QUIET_SECONDS = 1.2
_LONGEST_SECONDS = 60.0


class Metering:
    """Measures one step after the other on a stack. `init_milliseconds` is the CPU time of the functions' starts."""

    def __init__(
        self, session: aiohttp.ClientSession, aws_url: str, logs_dir: Path, quiet_seconds: float = QUIET_SECONDS
    ) -> None:
        """`logs_dir` holds the functions' logs; a step is over when the meter stays as it is for `quiet_seconds`."""
        self._session = session
        self._quiet_seconds = quiet_seconds
        self._url = f"{aws_url}/_cloud/meter"
        self._logs_dir = logs_dir
        self._read_up_to: dict[Path, int] = {}
        self.steps: dict[str, tuple[Row, ...]] = {}
        self.samples: dict[str, int] = {}
        self.init_milliseconds: dict[str, float] = {}

    async def measure(self, step: str, times: int, take: Callable[[int], Awaitable[None]]) -> None:
        """Take a step so many times, with the number of each, and keep the rows of one."""
        await self._wait_until_quiet()
        list(self._read_reports())
        async with self._session.delete(self._url) as answer:
            answer.raise_for_status()
        for number in range(times):
            await take(number)
        found = await self._wait_until_quiet()
        self.samples[step] = times
        self.steps[step] = tuple(_rows(found, self._cpu_of_functions(), times))

    async def _wait_until_quiet(self) -> list[dict[str, Any]]:
        """The meter's rows, once nothing is added any more; raises TimeoutError when that takes too long."""
        async with asyncio.timeout(_LONGEST_SECONDS):
            before: list[dict[str, Any]] | None = None
            while (found := await self._read()) != before:
                before = found
                await asyncio.sleep(self._quiet_seconds)
            return found

    async def _read(self) -> list[dict[str, Any]]:
        async with self._session.get(self._url) as answer:
            return list((await answer.json())["usage"])

    def _cpu_of_functions(self) -> dict[str, float]:
        """Milliseconds of one invocation, by the function's logical id."""
        spent: dict[str, list[float]] = {}
        for function, report in self._read_reports():
            spent.setdefault(function, []).append(report["cpuMs"])
            self.init_milliseconds[function] = report["initMs"]
        return {function: sum(times) / len(times) for function, times in spent.items()}

    def _read_reports(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What the functions have reported since the last time."""
        for path in sorted(self._logs_dir.glob("lambda-*.log")):
            name = path.stem.removeprefix("lambda-")
            with path.open("rb") as log:
                log.seek(self._read_up_to.get(path, 0))
                for line in log:
                    report = _read_report(line)
                    if report is not None:
                        yield logical_id(name), report
                self._read_up_to[path] = log.tell()


def _read_report(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.get("type") == CPU_REPORT else None


def _rows(found: list[dict[str, Any]], cpu: dict[str, float], times: int) -> Iterator[Row]:
    for row in found:
        count = row["count"] / times
        yield Row(
            row["route"],
            row["service"],
            row["action"],
            row["tier"],
            count,
            row["requestBytes"] / times,
            row["responseBytes"] / times,
            {_short(name): units / times for name, units in row["readUnits"].items()},
            {_short(name): units / times for name, units in row["writeUnits"].items()},
            count * cpu[row["action"]] if row["service"] == "lambda" else None,
        )


def _short(table: str) -> str:
    """A table's name without the stack's and the environment's: `guitars`, `guitars/brand-userId-index`."""
    name, slash, index = table.partition("/")
    return name.split("-")[-2] + slash + index
