"""`just bench [ROW…]`: measure this project against what people would use instead."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deploy.choosing import check_choice
from emulation.settings import ROOT
from tests.bench.frame import TABLE_HEAD, Finding, Plan, measure_row, table_lines
from tests.bench.page import PAGE, Machine, write_page
from tests.bench.table import ROWS

FIGURES = ROOT / ".local" / "bench" / "figures.json"
MIN_PAIRS = 5


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="just bench", description=__doc__)
    names = [row.name for row in ROWS]
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"{', '.join(names)}; or all")
    parser.add_argument("--pairs", type=int, default=MIN_PAIRS, help=f"rounds of measurements ({MIN_PAIRS})")
    parser.add_argument("--seconds", type=float, default=0.8, help="length of a measurement under load (0.8)")
    parser.add_argument("--json", type=Path, default=FIGURES, help="where all figures go")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)} anew")
    asked = parser.parse_args(arguments)
    check_choice(parser, "row", asked.rows, names)
    if asked.write and (asked.rows or asked.pairs < MIN_PAIRS):
        parser.error(f"--write is for all rows, and for at least {MIN_PAIRS} rounds")
    return asked


def say(line: str) -> None:
    """A line of the table, as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(asked: argparse.Namespace) -> tuple[list[Finding], list[str]]:
    """Measure and print line by line: what was found, and the rows that broke off."""
    plan = Plan(asked.pairs, asked.seconds)
    findings: list[Finding] = []
    broken: list[str] = []
    say(TABLE_HEAD)
    for row in ROWS:
        if row.name not in (asked.rows or [row.name]):
            continue
        try:
            for finding in measure_row(row, plan):
                findings.append(finding)
                for line in table_lines([finding]):
                    say(line)
        except Exception as error:
            broken.append(row.name)
            sys.stderr.write(f"{row.name} broke off: {type(error).__name__}: {error}\n")
    return findings, broken


def main() -> int:
    """The table on stdout, the figures in a file, the page if it is asked for; 1 when a row broke off."""
    asked = read_arguments(sys.argv[1:])
    started, begun_at = time.monotonic(), datetime.now(UTC)
    findings, broken = run(asked)
    seconds = time.monotonic() - started
    machine = Machine.look(begun_at)
    say(f"\n{asked.pairs} alternating rounds; {seconds:.0f} s in all; {machine.describe()}")
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    figures = {"machine": vars(machine), "seconds": seconds, "findings": [one.to_json() for one in findings]}
    asked.json.write_text(json.dumps(figures, indent=1) + "\n")
    if asked.write:
        write_page(findings, machine, asked.pairs, seconds)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
