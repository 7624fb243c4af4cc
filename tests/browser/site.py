"""The sample site as a person uses it."""

from dataclasses import dataclass
from urllib.parse import quote

from playwright.async_api import Locator, Page, expect

from tests.api.client import User


@dataclass(frozen=True)
class Site:
    """A page of the sample site."""

    page: Page
    url: str

    async def open(self, path: str) -> None:
        """Type an address. The page starts anew: whoever was signed in is not any more."""
        await self.page.goto(f"{self.url}{path}")

    async def sign_in(self, user: User, then: str = "/guitars") -> None:
        """Open a page that needs a session, sign in, and be there; no second factor is asked for."""
        await self.open(then)
        await expect(self.page).to_have_url(f"{self.url}/sign-in?next={quote(then, safe='')}")
        await self.enter_password(user)
        await expect(self.page).to_have_url(f"{self.url}{then}")

    async def enter_password(self, user: User) -> None:
        """Fill in the form for signing in and send it."""
        await self.page.get_by_label("E-mail").fill(user.email)
        await self.page.get_by_label("Password").fill(user.password)
        await self.button("Sign in").click()

    def button(self, name: str) -> Locator:
        """The button of that name; the whole name."""
        return self.page.get_by_role("main").get_by_role("button", name=name, exact=True)

    def heading(self, name: str) -> Locator:
        """The heading of that name."""
        return self.page.get_by_role("heading", name=name, exact=True)

    async def follow(self, name: str) -> None:
        """Click a link."""
        await self.page.get_by_role("link", name=name, exact=True).click()

    async def fill(self, **values: str) -> None:
        """Fill in fields by their labels; `_` stands for a space."""
        for label, value in values.items():
            await self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)

    async def confirm(self, action: str) -> None:
        """Say yes to the question that has come up."""
        await self.page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()
