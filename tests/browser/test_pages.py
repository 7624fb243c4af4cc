from pathlib import Path

import pytest
from playwright.async_api import ViewportSize

from tests.api.client import Api, User
from tests.browser.accessibility import check_accessibility
from tests.browser.conftest import OpenPage
from tests.browser.pages import PAGES, SCHEMES, VIEWPORTS, PageCase, Visitor
from tests.browser.site_pages import SITE_PAGES
from tests.browser.watch import Watch, settle

# Each size and each scheme once; what differs between the four is colour, or space, never both.
LOOKED_AT = (("phone", "light"), ("desktop", "dark"))


@pytest.mark.parametrize("case", [*PAGES, *SITE_PAGES], ids=lambda case: case.name)
async def test_a_page_is_accessible_and_as_wide_as_its_window(
    case: PageCase, open_page: OpenPage, api: Api, demo: User, watch: Watch, screenshots: Path | None
) -> None:
    for part in case.expected:
        watch.expect(part)
    async with open_page() as page:
        await case.arrive(Visitor(page, api, demo))
        await page.mouse.move(0, 0)  # nothing looks hovered over
        for viewport, (width, height) in VIEWPORTS.items():
            for scheme in SCHEMES:
                await page.set_viewport_size(ViewportSize(width=width, height=height))
                await page.emulate_media(color_scheme=scheme)
                if not case.is_busy:
                    await settle(page)
                page_width = await page.evaluate("document.documentElement.scrollWidth")
                assert page_width <= width, f"too wide for a {viewport}: {page_width} px"
                if (viewport, scheme) in LOOKED_AT:
                    await check_accessibility(page)
                if screenshots is not None:
                    path = screenshots / f"{case.name}-{viewport}-{scheme}.png"
                    await page.screenshot(path=path, full_page=True, animations="disabled")
