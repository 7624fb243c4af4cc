"""axe-core's judgement of a page. It comes with its Python package; nothing is fetched."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

# Impact -> whether a page may have such violations.
GRAVE = frozenset(("critical", "serious"))


async def check_accessibility(page: Page) -> None:
    """Fail when axe finds a serious or critical violation; the text names rule, element and what to do."""
    results = await Axe().run(page)
    grave = [violation for violation in results.response["violations"] if violation["impact"] in GRAVE]
    found = [
        f"{violation['id']}: {violation['help']}\n  {node['html']}\n  {node['failureSummary']}"
        for violation in grave
        for node in violation["nodes"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)
