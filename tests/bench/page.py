"""docs/performance.md: the rows in words, the machine, the figures, and what was learned."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from deploy.build.tools import find_python
from emulation.settings import ROOT
from tests.bench.frame import TABLE_HEAD, Finding, table_lines
from tests.bench.table import ROWS

PAGE = ROOT / "docs" / "performance.md"
LEARNED = Path(__file__).parent / "learned.md"
_PEERS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Machine:
    """What was measured on; `load` is the load average of the last minute when the run was over."""

    day: str
    processor: str
    cores: int
    load: float
    python: str
    lambda_python: str
    node: str

    @classmethod
    def look(cls, begun_at: datetime) -> "Machine":
        """This machine."""
        return cls(
            day=f"{begun_at:%Y-%m-%d}",
            processor=_processor(),
            cores=os.cpu_count() or 1,
            load=round(os.getloadavg()[0], 1),
            python=platform.python_version(),
            lambda_python=_said([find_python(), "--version"]).removeprefix("Python "),
            node=_said(["node", "--version"]),
        )

    def describe(self) -> str:
        """In a sentence."""
        return (
            f"{self.processor}, {self.cores} cores, load {self.load} at the end; Python {self.python} "
            f"({self.lambda_python} for the functions), Node {self.node}"
        )


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def _said(command: Sequence[str]) -> str:
    try:
        return subprocess.run(list(command), capture_output=True, text=True, check=True).stdout.strip()
    except OSError:
        return "none"


def peer_versions() -> list[str]:
    """What the peers are, as their pinned lists say."""
    names = ("fastapi", "uvicorn", "mangum", "aws-lambda-powertools", "boto3", "ministack")
    lists = "\n".join(path.read_text() for path in sorted(_PEERS.glob("*/requirements.txt")))
    found = [f"{name} {match[1]}" for name in names if (match := re.search(rf"^{name}==(\S+)", lists, re.MULTILINE))]
    sharp = re.search(r'"sharp": "([^"]+)"', (_PEERS / "sharp" / "package.json").read_text())
    return [*found, f"sharp {sharp[1] if sharp else '?'}", f"pillow {version('pillow')}", f"moto {version('moto')}"]


def _unmeasured(findings: Sequence[Finding]) -> str:
    left = [row.name for row in ROWS if row.name not in {one.row for one in findings}]
    return f"Not measured in this run: {', '.join(left)}.\n" if left else ""


def write_page(findings: Sequence[Finding], machine: Machine, rounds: int, seconds: float) -> None:
    """Write the page anew."""
    missed = [f"{one.row} ({one.title}, {peer})" for one in findings for peer in one.goals if not one.is_met(peer)]
    held = sum(len(one.goals) for one in findings)
    parts = [
        "# Performance\n",
        "Written by `just performance`, which measures this project and what people would use instead in turn, on one "
        "machine. Absolute figures are that machine's; the ratios are the point. Each is the median of the rounds' "
        "ratios, here / peer, with the smallest and the largest; every other round goes the other way about.\n",
        f"{machine.day}: {machine.describe()}. {rounds} rounds in {seconds / 60:.0f} minutes. "
        f"Peers: {', '.join(peer_versions())}.\n",
        f"{held - len(missed)} of {held} goals are met."
        + (f" Missed: {'; '.join(missed)}; see below." if missed else "")
        + "\n",
        "## Figures\n",
        "\n".join([TABLE_HEAD, *table_lines(findings)]) + "\n",
        _unmeasured(findings),
        "## The rows\n",
        *(f"- **{row.name}**: {row.about}" for row in ROWS),
        "",
        LEARNED.read_text(),
    ]
    PAGE.write_text("\n".join(parts))
