"""The README's walk works word for word."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulation.settings import ROOT
from tests.ports import free_port


def walk() -> str:
    """The shell lines of the README's first walk."""
    found = re.search(r"```sh walk\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a stack of processes on free ports, which is up."""
    ports = {name: str(free_port()) for name in ("FRONT_DOOR_PORT", "API_PORT", "AWS_PORT")}
    environment = {**os.environ, **ports, "STACK": "processes", "LOCAL_DIR": str(tmp_path / "local")}
    command = [sys.executable, "-m", "emulation"]
    subprocess.run([*command, "up"], cwd=ROOT, env=environment, check=True, timeout=60)
    try:
        yield environment
    finally:
        subprocess.run([*command, "down"], cwd=ROOT, env=environment, check=True, timeout=60)


def test_the_walk_of_the_readme_ends_with_a_thumbnail(environment: dict[str, str], tmp_path: Path) -> None:
    script = walk().replace("http://localhost:8000", f"http://localhost:{environment['FRONT_DOOR_PORT']}")

    # The walk is typed in the project's folder; here its files go elsewhere, and uv is told where the project is.
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**environment, "UV_PROJECT": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert '"confirmed":false' in done.stdout
    assert "opened the link: 200" in done.stdout
    assert '"purchasePrice":12345678.9' in done.stdout
    assert re.search(r"the thumbnail: 200 image/webp, [1-9]\d* bytes", done.stdout), done.stdout
