"""The browser of the tests: the machine's own Chromium, driven by Playwright; nothing is downloaded for it."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# Any name but this machine's own fails to resolve: a page that asks an outside host cannot work by chance.
FLAGS = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",)


def find_chromium() -> str:
    """The path of the browser. Skips without one, but fails where CHROMIUM names it or CI asks for the tests."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and not named and Path(MAC).exists():
        return MAC
    if found is None and (named or os.environ.get("CI")):
        pytest.fail(f"There is no browser: {named or 'Chromium is not installed'}.")
    if found is None:
        pytest.skip("Chromium is not installed (apt-get install chromium), and CHROMIUM names no other browser.")
    return found


@contextlib.asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """A headless browser of its own."""
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()
