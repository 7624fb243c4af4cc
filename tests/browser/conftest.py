"""Pages in a real browser, watched: a test fails when one of its pages complains or asks another host."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.api.client import Api, Target, User
from tests.browser.chromium import open_browser
from tests.browser.demo import imitate, seed
from tests.browser.pages import VIEWPORTS
from tests.browser.site import Site
from tests.browser.watch import Watch

# As patient as tests/eventually.py: five seconds, Playwright's own, pass on a machine that is busy.
expect.set_options(timeout=30_000)

OpenPage = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The one browser of all tests."""
    async with open_browser() as browser:
        yield browser


@pytest.fixture
def watch(target: Target) -> Watch:
    """The problems of this test's pages; `watch.expect(...)` names those that it means to cause."""
    return Watch(target)


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> OpenPage:
    """Opens a page with a storage of its own: `async with open_page(viewport="phone", scheme="dark") as page`."""

    @contextlib.asynccontextmanager
    async def open_page(viewport: str = "desktop", scheme: Literal["light", "dark"] = "light") -> AsyncIterator[Page]:
        width, height = VIEWPORTS[viewport]
        context = await browser.new_context(
            viewport=ViewportSize(width=width, height=height),
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="UTC",
        )
        watch.look_at(context)
        try:
            yield await context.new_page()
        finally:
            await context.close()
        watch.check()

    return open_page


@pytest.fixture
async def page(open_page: OpenPage) -> AsyncIterator[Page]:
    """A page on a light desktop."""
    async with open_page() as page:
        yield page


@pytest.fixture
def site(page: Page, target: Target) -> Site:
    """The sample site on a light desktop."""
    return Site(page, target.front_door_url)


@pytest.fixture
async def user(api: Api) -> User:
    """A fresh user, verified."""
    return await api.new_user()


@pytest.fixture(scope="session")
async def demo(api: Api, screenshots: Path | None, tmp_path_factory: pytest.TempPathFactory) -> User:
    """An account with a dozen guitars."""
    return await seed(api, tmp_path_factory.mktemp("seed")) if screenshots else await imitate(api)


@pytest.fixture(scope="session")
def screenshots(request: pytest.FixtureRequest) -> Path | None:
    """The folder that `--screenshots` names, if it does."""
    folder = request.config.getoption("--screenshots")
    return Path(folder) if folder else None
