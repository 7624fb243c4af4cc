"""The tables of pages: each is checked for accessibility and layout, and has its screenshots."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Page

from tests.api.client import Api, User

# name -> width and height in pixels
VIEWPORTS = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Visitor:
    """A page that nobody is signed in on, a client of the stack behind it, and the account of `just seed`."""

    page: Page
    api: Api
    demo: User

    async def open(self, path: str) -> None:
        """Go to a path of the front door."""
        await self.page.goto(f"{self.api.target.front_door_url}{path}")


Arrive = Callable[[Visitor], Awaitable[None]]


@dataclass(frozen=True)
class PageCase:
    """A page in one of its states: how to get there, the problems that this causes on purpose (see Watch), and
    whether something is on its way for as long as one looks."""

    name: str
    arrive: Arrive
    expected: tuple[str, ...] = ()
    is_busy: bool = False


def at(path: str) -> Arrive:
    """Nothing more than opening a path."""

    async def arrive(visitor: Visitor) -> None:
        await visitor.open(path)

    return arrive


async def open_operation(visitor: Visitor) -> None:
    """The API's docs with the operation opened that has a parameter, a header, a body and links."""
    await visitor.open("/_local/docs")
    operation = visitor.page.locator("#operations-Guitars-update_guitar")
    await operation.locator(".opblock-summary-control").click()
    await operation.locator(".execute").wait_for()


async def arrive_at_a_request(visitor: Visitor) -> None:
    """The console with a request chosen."""
    await visitor.api.fetch("GET", f"{visitor.api.target.front_door_url}/api/guitars")
    await visitor.open("/_local/#/requests?path=/api/guitars")
    await visitor.page.get_by_role("list", name="Requests").get_by_role("link").first.click()
    await visitor.page.get_by_role("heading", name="Timeline").wait_for()


async def arrive_without_the_cloud(visitor: Visitor) -> None:
    """The console while what it asks for does not answer."""
    await visitor.page.route("**/_local/users", lambda route: route.abort())
    await visitor.open("/_local/#/users")
    await visitor.page.get_by_role("button", name="Try again").wait_for()


CONSOLE = ("requests", "meter", "mail", "users", "tables", "buckets", "clock", "faults", "snapshots", "dead-letters")

# Those of the local tools; the sample site's are in site_pages.py.
PAGES = (
    PageCase("docs", at("/_local/docs")),
    PageCase("docs-operation", open_operation),
    PageCase("console-overview", at("/_local/")),
    *(PageCase(f"console-{name}", at(f"/_local/#/{name}")) for name in CONSOLE),
    PageCase("console-request", arrive_at_a_request),
    PageCase("console-error", arrive_without_the_cloud, expected=("net::ERR_FAILED",)),
)
