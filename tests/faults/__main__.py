"""`python -m tests.faults`: try everything that can fail, and write docs/reliability.md.

What a run has measured is kept in `.local/reliability/RUN-FORM/`, so that one run can be done anew without the others.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.choosing import check_choice
from emulation.settings import ROOT
from tests.faults.page import render
from tests.faults.record import read_records

PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / ".local" / "reliability"
# A run of ten thousand cases outlasts what one test may take.
HOSTILE = ("emulation", "test-stack", "--", "tests/hostile", "-o", "faulthandler_timeout=0")
# By run and form, what is run with `--reliability=FOLDER` for its records.
RUNS = {
    "faults": {
        "full": ("pytest", "-q", "tests/faults", "--faults=full", "--deselect=tests/faults/test_soak.py"),
        "short": ("pytest", "-q", "tests/faults", "--deselect=tests/faults/test_soak.py"),
    },
    "hostile": {
        "full": (*HOSTILE, "--cases=10000"),
        "short": HOSTILE,
    },
    "soak": {
        "full": ("tests.faults.soak",),
        "short": ("tests.faults.soak", "--requests=1500", "--clients=20"),
    },
}


def measure(run: str, form: str) -> bool:
    """Do one run; whether it succeeded. Its records replace those of the time before."""
    module, *arguments = RUNS[run][form]
    folder = KEPT / f"{run}-{form}"
    for old in KEPT.glob(f"{run}-*"):
        shutil.rmtree(old)
    command = [sys.executable, "-m", module, *arguments, f"--reliability={folder}"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def write_page() -> None:
    """Make the page of what is kept."""
    folders: list[Path] = sorted(KEPT.iterdir())
    forms = [folder.name.replace("-", ", ") for folder in folders]
    PAGE.write_text(render([record for folder in folders for record in read_records(folder)], forms))


def main() -> int:
    """Run what is asked for and write the page; 1 when something failed, and then the page is left as it was."""
    parser = argparse.ArgumentParser(prog="just reliability", description="Try everything that can fail.")
    parser.add_argument("--short", action="store_true", help="with few clients and requests")
    parser.add_argument("run", nargs="*", help=f"which: {', '.join(RUNS)}; without any, all")
    asked = parser.parse_args()
    check_choice(parser, "run", asked.run, RUNS)
    form = "short" if asked.short else "full"
    for run in asked.run or RUNS:
        if not measure(run, form):
            sys.stderr.write(f"{run} has failed; {PAGE.name} is left as it was.\n")
            return 1
    write_page()
    return 0


if __name__ == "__main__":
    sys.exit(main())
