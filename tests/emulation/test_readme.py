"""The README's walk works word for word."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulation.settings import ROOT
from tests.stack import run_stack


def walk() -> str:
    """The shell lines of the README's first walk."""
    found = re.search(r"```sh walk\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a stack that is up."""
    with run_stack(tmp_path / "local") as environment:
        yield environment


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
