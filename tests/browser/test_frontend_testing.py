"""The Playwright example of docs/frontend-testing.md, run as a frontend's developer runs it."""

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from emulation.settings import ROOT
from tests.api.client import Api
from tests.browser.chromium import find_chromium

CLIENT = ROOT / "docs" / "client"
PAGE = ROOT / "docs" / "frontend-testing.md"


async def run(*command: str, **environment: str) -> str:
    """Run a command in the example's folder; its output. Fails when it does."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=CLIENT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 240)
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_the_playwright_example_passes(api: Api) -> None:
    if shutil.which("npm") is None and not os.environ.get("CI"):
        pytest.skip("npm is missing: the Playwright example is not run")
    await run(str(Path(sys.executable).with_name("just")), "_client-tools")
    told = await run("npm", "test", FRONT_DOOR_URL=api.target.front_door_url, CHROMIUM=find_chromium())
    assert "3 passed" in told


def test_the_page_shows_the_example_that_is_run() -> None:
    spec = (CLIENT / "testing" / "stack.spec.js").read_text(encoding="utf-8")
    [shown] = re.findall(r"```js\n(test\(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown in spec
