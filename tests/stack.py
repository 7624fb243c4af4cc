"""A stack of processes, as `just up` starts one, with ports and a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulation.commands.stack_tests import stack_of_its_own
from emulation.settings import ROOT

START_SECONDS = 120
STOP_SECONDS = 60


@contextmanager
def run_stack(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a stack that is up until the end of the block, its data in `folder`."""
    environment = stack_of_its_own(os.environ, folder) | {"STACK": "processes"}
    command = [sys.executable, "-m", "emulation"]
    subprocess.run([*command, "up"], cwd=ROOT, env=environment, check=True, timeout=START_SECONDS)
    try:
        yield environment
    finally:
        subprocess.run([*command, "down"], cwd=ROOT, env=environment, check=True, timeout=STOP_SECONDS)
