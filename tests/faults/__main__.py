"""`python -m tests.faults`: try everything that can fail, and write docs/reliability.md."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from emulation.settings import ROOT
from tests.faults.page import render
from tests.faults.record import read_records

PAGE = ROOT / "docs" / "reliability.md"
# What is run, each with `--reliability=FOLDER` for its records.
FULL = (
    ("pytest", "-q", "tests/faults", "--faults=full", "--deselect=tests/faults/test_soak.py"),
    ("tests.faults.soak",),
)
SHORT = (("pytest", "-q", "tests/faults"),)


def main() -> int:
    """Run all and write the page; 1 when something failed, and then the page is left as it was."""
    parser = argparse.ArgumentParser(description="Try everything that can fail.")
    parser.add_argument("--short", action="store_true", help="the form that `just test` runs")
    is_short = parser.parse_args().short
    with tempfile.TemporaryDirectory() as folder:
        for module, *arguments in SHORT if is_short else FULL:
            command = [sys.executable, "-m", module, *arguments, f"--reliability={folder}"]
            if subprocess.run(command, cwd=ROOT, check=False).returncode:
                sys.stderr.write(f"{module} has failed; {PAGE.name} is left as it was.\n")
                return 1
        PAGE.write_text(render(read_records(Path(folder)), "short" if is_short else "full"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
