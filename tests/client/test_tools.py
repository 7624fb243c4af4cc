"""What two test runners do when both find the generator of the types missing."""

import os
import subprocess
import sys
from pathlib import Path

from emulation.settings import ROOT

# Fails when another one is at work, and is at work long enough for the other one to come.
NPM = """#!/bin/sh
mkdir at-work || exit 1
sleep 1
mkdir -p node_modules
echo >> node_modules/.package-lock.json
rmdir at-work
"""


def test_tools_that_two_want_at_once_are_fetched_once(tmp_path: Path) -> None:
    folder, programs = tmp_path / "client", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    (folder / "package-lock.json").write_text("{}")
    os.utime(folder / "package-lock.json", (0, 0))
    (programs / "npm").write_text(NPM)
    (programs / "npm").chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "tests.client.tools", str(folder)]

    both = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(2)]

    assert [one.wait(60) for one in both] == [0, 0]
    assert (folder / "node_modules" / ".package-lock.json").read_text() == "\n"
