"""`just parity`: tests/api against three targets, and every answer compared. Exit code 0 when all answer alike."""

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from deploy.choosing import check_choice
from emulation.commands.output import say
from emulation.settings import ROOT
from tests.parity.comparison import Answer, compare, read_answers
from tests.parity.recorder import read_exchanges
from tests.parity.rights import find_wrongs, read_rights

RECORDS = ROOT / ".local" / "parity"
PYTEST = ("-m", "pytest", "--quiet", "tests/api")
# By target, how its tests are run. The first one is what the others are compared with.
TARGETS = {
    "inprocess": (*PYTEST, "--target=inprocess"),
    "stack": ("-m", "emulation", "test-stack", "--", "--quiet", "tests/api"),
    "lambda": (*PYTEST, "--target=lambda"),
}
# Fewer would mean that something was not asked at all.
LEAST_EXCHANGES = 150
SHOWN_DIFFERENCES = 20


def read_targets(arguments: Sequence[str]) -> list[str]:
    """The targets that the command line names, all without a name; ends the process when there is no such target."""
    parser = argparse.ArgumentParser(prog="just parity", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(TARGETS)}; or all")
    targets: list[str] = parser.parse_args(arguments).targets
    check_choice(parser, "target", targets, TARGETS)
    return targets or list(TARGETS)


def record(target: str) -> Path:
    """Run the tests against a target; the file of its answers. Raises CalledProcessError when a test fails."""
    path = RECORDS / f"{target}.jsonl"
    started_at = time.monotonic()
    say(f"tests/api against {target} …")
    subprocess.run([sys.executable, *TARGETS[target], f"--exchanges={path}"], cwd=ROOT, check=True)
    say(f"  {time.monotonic() - started_at:.0f} s")
    return path


def show_table(answers: dict[str, dict[str, Answer]]) -> int:
    """Print how many exchanges of each route were compared; the least number of a target."""
    counts = {target: Counter(answer.route for answer in found.values()) for target, found in answers.items()}
    routes = sorted({route for counted in counts.values() for route in counted})
    width = max(len(route) for route in routes)
    say(f"\n{'exchanges compared':<{width}}" + "".join(f"{target:>11}" for target in counts))
    for route in routes:
        say(f"{route:<{width}}" + "".join(f"{counted[route]:>11}" for counted in counts.values()))
    totals = [counted.total() for counted in counts.values()]
    say(f"{'all':<{width}}" + "".join(f"{total:>11}" for total in totals))
    return min(totals)


def show_differences(answers: dict[str, dict[str, Answer]]) -> int:
    """Print where targets differ from the first one; how many differences there are."""
    first, *others = answers
    found = [(other, one) for other in others for one in compare(answers[first], answers[other])]
    for other, difference in found[:SHOWN_DIFFERENCES]:
        say(f"\n{first} and {other} differ: {difference}")
    return len(found)


def main() -> int:
    """Record, compare, and hold the calls to the roles."""
    targets = read_targets(sys.argv[1:])
    try:
        records = {target: record(target) for target in targets}
    except subprocess.CalledProcessError as failure:
        say("The tests failed; there is nothing to compare.")
        return failure.returncode
    answers = {target: read_answers(read_exchanges(path)) for target, path in records.items()}
    least, differences = show_table(answers), show_differences(answers)
    wrongs = {target: find_wrongs(read_rights(path)) for target, path in records.items()}
    for target, sentences in wrongs.items():
        for sentence in sentences:
            say(f"{target}: {sentence}")
    say(
        f"\n{least} exchanges compared on {len(targets)} targets, {differences} differences; "
        f"{sum(map(len, wrongs.values()))} rights missing or unused."
    )
    if least < LEAST_EXCHANGES:
        say(f"At least {LEAST_EXCHANGES} exchanges were expected.")
    return 1 if differences or any(wrongs.values()) or least < LEAST_EXCHANGES else 0


if __name__ == "__main__":
    sys.exit(main())
