"""`python -m tests.fidelity`: ask the local cloud and stock moto the same, and write docs/fidelity.md."""

import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from emulation.settings import ROOT
from tests.fidelity.page import make_rows, render
from tests.fidelity.recorder import Record, read_records

PAGE = ROOT / "docs" / "fidelity.md"


def record(target: str, folder: Path, *arguments: str) -> list[Record]:
    """The records of a run against `local` or `moto`; its output goes to this process's."""
    path = folder / f"{target}.json"
    command = [sys.executable, "-m", "pytest", "-p", "tests.fidelity.recorder", f"--record={path}", f"--aws={target}"]
    code = subprocess.run([*command, "-q", "--tb=no", "--no-summary", *arguments], cwd=ROOT).returncode
    # Tests that fail are what is asked for; anything else is a run that did not take place.
    if code not in (0, 1):
        raise SystemExit(f"The tests against {target} did not run.")
    return read_records(path)


def main() -> int:
    """Write the page; 1 when the local cloud is not faithful in everything that is tested."""
    with tempfile.TemporaryDirectory() as folder:
        rows = make_rows(record("moto", Path(folder)), record("local", Path(folder)))
    PAGE.write_text(render(rows, version("moto")))
    failed = [row for row in rows if row.here != "yes"]
    for row in failed:
        sys.stderr.write(f"The local cloud differs: {row.fact}: {row.here}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
