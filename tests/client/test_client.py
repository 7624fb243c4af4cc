"""The TypeScript types are those of the document, and what the docs show with them compiles."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulation.settings import ROOT

CLIENT = ROOT / "docs" / "client"
PAGE = ROOT / "docs" / "client.md"


@pytest.fixture(scope="session")
def just() -> str:
    """The command that runs recipes, where Node is there for them."""
    if shutil.which("npm") is None:
        if os.environ.get("CI"):
            pytest.fail("npm is missing, and CI has to check the typed client")
        pytest.skip("npm is missing: the typed client is not checked")
    return str(Path(sys.executable).with_name("just"))


def run(just: str, *recipe: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([just, *recipe], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_the_committed_types_are_those_of_the_document(just: str) -> None:
    done = run(just, "client", "--check")
    assert done.returncode == 0, f"run: uv run just client\n{done.stdout}{done.stderr}"


def test_what_the_docs_show_compiles_and_what_the_api_refuses_does_not(just: str) -> None:
    done = run(just, "check-client")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_shows_the_code_that_is_compiled() -> None:
    compiled = "\n".join(path.read_text(encoding="utf-8") for path in sorted(CLIENT.glob("with-*.ts")))
    shown = re.findall(r"```ts\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 3
    for block in shown:
        assert block in compiled


def test_the_page_makes_the_types_as_they_are_made_here() -> None:
    flags = re.search(r"openapi-typescript http\S+ --output \S+ (.*)", PAGE.read_text(encoding="utf-8"))
    assert flags is not None
    assert f'--output api.d.ts {flags[1]}"' in (CLIENT / "package.json").read_text(encoding="utf-8")
