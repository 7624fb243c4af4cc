"""schemathesis over the API's document: cases made of its schemas, right and wrong, and journeys along its links."""

import asyncio
import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from emulation.openapi.document import build_document, to_text
from emulation.settings import ROOT
from tests.api.client import Target

# A rule that JSON Schema has no words for, such as "a note of this guitar", is no fault of the document. Unknown
# methods are API Gateway's, which answers 404 where schemathesis expects 405: tests/api/test_gateway.py.
_LEFT_OUT = ("positive_data_acceptance", "unsupported_method", "allow_header_conformance")
_FIRST_SEED = 20_260_101
# So many come of the phase that goes through every boundary of every schema, the same in each round: it is done once.
_SHORT_CASES = 1_200
_CASES_PER_OPERATION = 60
_CASES_PER_OPERATION_SHORT = 2
_PROGRAM = Path(sys.executable).with_name("schemathesis")


@dataclass
class Fuzzed:
    """What was answered, by operation and status; `longest_seconds` of one answer; the report of each failed round."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    longest_seconds: float = 0
    failures: list[str] = field(default_factory=list)

    @property
    def by_status(self) -> dict[int, int]:
        """How often each status was answered."""
        counted: Counter[int] = Counter()
        for (_, status), count in self.answers.items():
            counted[status] += count
        return dict(sorted(counted.items()))

    def add(self, answers: Path) -> None:
        """Count the lines that tests/hostile/hooks.py wrote."""
        for line in answers.read_text().splitlines() if answers.exists() else ():
            operation, status, seconds = line.split()
            self.answers[operation, int(status)] += 1
            self.longest_seconds = max(self.longest_seconds, float(seconds))


async def fuzz(target: Target, cases: int, folder: Path) -> Fuzzed:
    """Rounds with seeds one after the other, until so many cases were answered or one round has failed."""
    document = folder / "openapi.json"
    document.write_text(to_text(build_document()))
    found = Fuzzed()
    number = 0
    while found.answers.total() < cases and not found.failures:
        answers = folder / f"answers-{number}.txt"
        report = await _run_round(target, document, answers, _options(cases, number))
        found.add(answers)
        found.failures += [report] if report else []
        number += 1
    return found


def _options(cases: int, number: int) -> list[str]:
    each = _CASES_PER_OPERATION_SHORT if cases <= _SHORT_CASES else _CASES_PER_OPERATION
    phases = "examples,fuzzing,stateful" if number else "examples,coverage,fuzzing,stateful"
    return [f"--phases={phases}", f"--max-examples={each}", f"--seed={_FIRST_SEED + number}"]


async def _run_round(target: Target, document: Path, answers: Path, options: list[str]) -> str:
    """The report of a round that found something, empty for one that did not."""
    hooks = {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.hostile.hooks",
        "HOSTILE_ANSWERS": str(answers),
        "FRONT_DOOR_URL": target.front_door_url,
    }
    process = await asyncio.create_subprocess_exec(
        str(_PROGRAM),
        "run",
        str(document),
        f"--url={target.api_url}",
        f"--exclude-checks={','.join(_LEFT_OUT)}",
        "--continue-on-failure",
        "--generation-database=none",
        # A busy machine makes data slowly, and answers so; that is no finding.
        "--suppress-health-check=all",
        "--request-timeout=60",
        "--no-color",
        *options,
        env=os.environ | hooks,
        cwd=document.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return output.decode() if process.returncode else ""
