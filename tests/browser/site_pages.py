"""The pages of the sample site, in each of their states."""

from typing import Any

from playwright.async_api import FilePayload, Route, expect

from tests.browser.demo import SHOWN
from tests.browser.pages import Arrive, PageCase, Visitor
from tests.browser.site import Site


def site_of(visitor: Visitor) -> Site:
    return Site(visitor.page, visitor.api.target.front_door_url)


async def demo_guitar(visitor: Visitor, model: str) -> dict[str, Any]:
    """A guitar of the demo collection."""
    user = await visitor.api.login(visitor.demo)
    guitars: list[dict[str, Any]] = (await visitor.api.call("GET", "/guitars", user=user)).data["guitars"]
    return next(guitar for guitar in guitars if guitar["model"] == model)


def opened(path: str, heading: str) -> Arrive:
    """Nothing more than opening a path, until its heading is there."""

    async def arrive(visitor: Visitor) -> None:
        await visitor.open(path)
        await expect(site_of(visitor).heading(heading)).to_be_visible()

    return arrive


def signed_in(path: str, heading: str) -> Arrive:
    """A page of the demo account."""

    async def arrive(visitor: Visitor) -> None:
        await site_of(visitor).sign_in(visitor.demo, path)
        await expect(site_of(visitor).heading(heading)).to_be_visible()

    return arrive


async def see_refused_sign_up(visitor: Visitor) -> None:
    site = site_of(visitor)
    await site.open("/sign-up")
    await site.page.get_by_label("Name").fill("Ada")
    await site.page.get_by_label("E-mail").fill("ada@")
    await site.page.get_by_label("Password").fill("weak")
    await site.button("Create the account").click()
    await expect(site.page.locator("[aria-invalid=true]").first).to_be_visible()


async def see_code_step(visitor: Visitor) -> None:
    async def challenge(route: Route) -> None:
        data = {"challenge": "SOFTWARE_TOKEN_MFA", "session": "s" * 40}
        await route.fulfill(json={"success": True, "data": data})

    await visitor.page.route("**/api/auth/login", challenge)
    await site_of(visitor).open("/sign-in")
    await site_of(visitor).enter_password(visitor.demo)
    await expect(site_of(visitor).heading("One more step")).to_be_visible()


async def see_empty_collection(visitor: Visitor) -> None:
    await site_of(visitor).sign_in(await visitor.api.new_user())
    await expect(site_of(visitor).heading("An empty wall")).to_be_visible()


async def see_guitar(visitor: Visitor) -> None:
    guitar = await demo_guitar(visitor, SHOWN)
    await signed_in(f"/guitars/{guitar['guitarId']}", guitar["model"])(visitor)


async def see_private_and_photos(visitor: Visitor) -> None:
    await see_guitar(visitor)
    await visitor.page.get_by_text("Add and arrange photos").click()
    await site_of(visitor).button("Show").click()
    await expect(visitor.page.get_by_text("Serial number", exact=True)).to_be_visible()


async def see_bare_guitar(visitor: Visitor) -> None:
    user = await visitor.api.new_user()
    guitar = await visitor.api.new_guitar(user)
    await site_of(visitor).sign_in(user, f"/guitars/{guitar['guitarId']}")
    await expect(site_of(visitor).heading("Telecaster")).to_be_visible()


async def see_refused_file(visitor: Visitor) -> None:
    await see_bare_guitar(visitor)
    await visitor.page.get_by_text("Add and arrange photos").click()
    file = FilePayload(name="song.mp3", mimeType="audio/mpeg", buffer=b"ID3")
    await visitor.page.get_by_label("Add photos").set_input_files([file])
    await expect(visitor.page.get_by_role("button", name="Dismiss")).to_be_visible()


async def see_question(visitor: Visitor) -> None:
    await see_guitar(visitor)
    await site_of(visitor).button("Delete").click()
    await expect(visitor.page.get_by_role("dialog")).to_be_visible()


async def see_edit_form(visitor: Visitor) -> None:
    guitar = await demo_guitar(visitor, "D-28")
    await signed_in(f"/guitars/{guitar['guitarId']}/edit", "Edit Martin D-28")(visitor)


async def see_refused_edit(visitor: Visitor) -> None:
    await see_edit_form(visitor)
    await visitor.page.get_by_label("Year", exact=True).fill("in spring")
    await visitor.page.get_by_label("Frets", exact=True).fill("1000")
    await site_of(visitor).button("Save").click()
    await expect(visitor.page.locator("[aria-invalid=true]").first).to_be_visible()


async def see_conflict(visitor: Visitor) -> None:
    guitar = await demo_guitar(visitor, "D-28")
    await signed_in(f"/guitars/{guitar['guitarId']}/edit", "Edit Martin D-28")(visitor)
    color = "Natural" if guitar["color"] != "Natural" else "Aged toner"
    await visitor.api.call("PUT", f"/guitars/{guitar['guitarId']}", {"color": color}, user=visitor.demo)
    await visitor.page.get_by_label("Finish", exact=True).fill("Satin")
    await site_of(visitor).button("Save").click()
    await expect(site_of(visitor).button("Save my changes over it")).to_be_visible()


async def see_missing_guitar(visitor: Visitor) -> None:
    await site_of(visitor).sign_in(visitor.demo, "/guitars/00000000-0000-7000-8000-000000000000")
    await expect(site_of(visitor).heading("There is no such guitar")).to_be_visible()


async def see_mfa_setup(visitor: Visitor) -> None:
    await site_of(visitor).sign_in(await visitor.api.new_user(), "/account/mfa")
    await site_of(visitor).button("Set it up").click()
    await expect(visitor.page.get_by_role("img", name="QR code of the secret")).to_be_visible()


async def see_offline(visitor: Visitor) -> None:
    await signed_in("/guitars", "The collection")(visitor)
    await visitor.page.context.set_offline(offline=True)
    await site_of(visitor).follow("Account")
    await expect(site_of(visitor).heading("No connection")).to_be_visible()
    await visitor.page.context.set_offline(offline=False)


def refused(status: int, retry_after: str | None, heading: str) -> Arrive:
    """The collection while the API answers like this."""

    async def arrive(visitor: Visitor) -> None:
        async def refuse(route: Route) -> None:
            headers = {"Retry-After": retry_after} if retry_after else {}
            await route.fulfill(status=status, headers=headers, json={"message": "not now"})

        await signed_in("/account", "Account")(visitor)
        await visitor.page.route("**/api/guitars**", refuse)
        await visitor.page.get_by_role("link", name="Collection", exact=True).click()
        await expect(site_of(visitor).heading(heading)).to_be_visible()

    return arrive


async def see_waiting(visitor: Visitor) -> None:
    await signed_in("/account", "Account")(visitor)
    await visitor.page.route("**/api/guitars**", lambda _: None)
    await visitor.page.get_by_role("link", name="Collection", exact=True).click()
    await expect(site_of(visitor).heading("Tuning up …")).to_be_visible()


SITE_PAGES = (
    PageCase("welcome", opened("/", "Every guitar has a story. Keep it with the guitar.")),
    PageCase("sign-up", opened("/sign-up", "Start your collection")),
    PageCase("sign-up-refused", see_refused_sign_up, ("status of 400",)),
    PageCase("check-mail", opened("/check-mail?email=ada%40example.com", "Check your mail")),
    PageCase("sign-in", opened("/sign-in", "Welcome back")),
    PageCase("sign-in-code", see_code_step),
    PageCase("forgot-password", opened("/forgot-password", "Forgot your password?")),
    PageCase("reset-password", opened("/reset-password?email=ada%40example.com", "A new password")),
    PageCase("not-found", opened("/no/such/page", "This page is missing")),
    PageCase("collection", signed_in("/guitars", "The collection")),
    PageCase("collection-filtered", signed_in("/guitars?brand=Fender", "The collection")),
    PageCase("collection-nothing-fits", signed_in("/guitars?type=Banjo", "Nothing fits")),
    PageCase("collection-empty", see_empty_collection),
    PageCase("collection-waiting", see_waiting, is_busy=True),
    PageCase("collection-unavailable", refused(503, "20", "Back in a moment"), ("status of 503",)),
    PageCase("collection-throttled", refused(429, None, "A short rest"), ("status of 429",)),
    PageCase("offline", see_offline, ("ERR_INTERNET_DISCONNECTED",)),
    PageCase("guitar", see_guitar),
    PageCase("guitar-private", see_private_and_photos),
    PageCase("guitar-bare", see_bare_guitar),
    PageCase("guitar-refused-file", see_refused_file, ("status of 400",)),
    PageCase("guitar-delete", see_question),
    PageCase("guitar-missing", see_missing_guitar, ("status of 404",)),
    PageCase("guitar-add", signed_in("/guitars/new", "Add a guitar")),
    PageCase("guitar-edit", see_edit_form),
    PageCase("guitar-edit-refused", see_refused_edit, ("status of 400",)),
    PageCase("guitar-edit-conflict", see_conflict, ("status of 412",)),
    PageCase("account", signed_in("/account", "Account")),
    PageCase("mfa", signed_in("/account/mfa", "Two-step sign-in")),
    PageCase("mfa-setup", see_mfa_setup),
)
