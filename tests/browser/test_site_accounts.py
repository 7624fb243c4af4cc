"""Accounts on the sample site: from the first mail to the last."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.async_api import FilePayload, Page, Request, expect

from tests.api.client import Api, User, new_password
from tests.authenticator import totp, wrong_totp
from tests.browser.holding import hold_requests
from tests.browser.site import Site
from tests.browser.watch import Watch
from tests.photographs import encode, marked
from tests.targets import Pass

DAY = 24 * 60 * 60


async def test_a_person_registers_opens_the_mailed_link_and_signs_in(site: Site, api: Api) -> None:
    user = User(f"ada-{new_password()[4:]}@example.com", new_password(), "Ada")
    await site.open("/")
    await site.follow("Start your collection")
    await site.page.get_by_label("Name").fill(user.name)
    await site.page.get_by_label("E-mail").fill(user.email)
    await site.page.get_by_label("Password").fill(user.password)
    await site.button("Create the account").click()
    await expect(site.heading("Check your mail")).to_be_visible()

    mail = await api.last_mail(user.email)
    await site.page.goto(mail["links"][0])
    await expect(site.page.get_by_text("Your registration has been confirmed!")).to_be_visible()

    await site.page.go_back()
    await site.follow("I have opened it: sign in")
    await expect(site.page.get_by_label("E-mail")).to_have_value(user.email)
    await site.enter_password(user)
    await expect(site.heading("An empty wall")).to_be_visible()


async def test_somebody_unverified_is_led_to_their_mail(site: Site, api: Api, watch: Watch) -> None:
    user = await api.register()
    await site.open("/sign-in")
    await site.enter_password(user)
    await expect(site.heading("Check your mail")).to_be_visible()
    watch.expect("status of 403")

    await site.button("Send the mail again").click()
    await api.last_mail(user.email, count=2)


async def test_a_wrong_password_is_told_and_the_form_stays(site: Site, user: User, watch: Watch) -> None:
    await site.open("/sign-in")
    await site.enter_password(User(user.email, new_password(), user.name))
    await expect(site.page.get_by_role("alert")).to_have_text("Wrong e-mail address or password")
    await expect(site.page.get_by_label("E-mail")).to_have_value(user.email)
    watch.expect("status of 401")


async def test_what_a_field_must_hold_is_told_at_the_field(site: Site, watch: Watch) -> None:
    await site.open("/sign-up")
    await site.button("Create the account").click()
    await expect(site.page.get_by_label("Name")).to_be_focused()
    await expect(site.page.get_by_label("Name")).to_have_accessible_description("Is required")

    await site.page.get_by_label("Name").fill("Ada")
    await site.page.get_by_label("E-mail").fill("ada@")
    await site.page.get_by_label("Password").fill(new_password())
    await site.button("Create the account").click()
    await expect(site.page.get_by_label("E-mail")).to_be_focused()
    await expect(site.page.get_by_label("E-mail")).to_have_accessible_description(re.compile("valid email address"))
    watch.expect("status of 400")


async def test_a_forgotten_password_is_replaced_with_a_mailed_code(site: Site, api: Api, user: User) -> None:
    await site.open("/sign-in")
    await site.follow("Forgot your password?")
    await site.page.get_by_label("E-mail").fill(user.email)
    await site.button("Send the code").click()

    mail = await api.last_mail(user.email, count=2)
    user.password = new_password()
    await site.page.get_by_label("Code", exact=True).fill(mail["codes"][0])
    await site.page.get_by_label("New password").fill(user.password)
    await site.button("Change the password").click()
    await expect(site.heading("Welcome back")).to_be_visible()
    await site.enter_password(user)
    await expect(site.heading("An empty wall")).to_be_visible()


async def test_tokens_are_kept_in_memory_only(site: Site, user: User) -> None:
    await site.sign_in(user)
    kept = await site.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    assert await site.page.context.cookies() == []


async def test_a_deep_link_is_reached_after_signing_in_and_again_after_a_reload(
    site: Site, api: Api, user: User
) -> None:
    guitar = await api.new_guitar(user, model="Jaguar")
    path = f"/guitars/{guitar['guitarId']}"
    await site.sign_in(user, path)
    await expect(site.heading("Jaguar")).to_be_visible()

    await site.page.reload()
    await expect(site.heading("Welcome back")).to_be_visible()
    await site.enter_password(user)
    await expect(site.heading("Jaguar")).to_be_visible()
    assert site.page.url == site.url + path


async def test_the_back_button_goes_through_the_pages_and_the_focus_to_their_headings(site: Site, user: User) -> None:
    await site.sign_in(user, "/account")
    await site.page.get_by_role("link", name="Set it up or turn it off").click()
    await expect(site.heading("Two-step sign-in")).to_be_focused()
    await site.page.go_back()
    await expect(site.heading("Account")).to_be_focused()
    await expect(site.page).to_have_title("Account · Guitar Collection")


async def test_after_an_hour_the_tokens_are_refreshed_once_and_the_calls_are_sent_again(
    site: Site, api: Api, user: User, watch: Watch, let_pass: Pass
) -> None:
    await api.new_guitar(user)
    await site.sign_in(user, "/account")
    await expect(site.heading("Account")).to_be_visible()
    refreshes = _note(site.page, "/api/auth/refresh")

    await let_pass(61 * 60)
    # The collection asks for brands and guitars at the same time: both meet the expired token.
    await site.page.get_by_role("link", name="Collection", exact=True).click()
    await expect(site.page.get_by_role("link", name="Fender Telecaster")).to_be_visible()
    assert len(refreshes) == 1
    watch.expect("status of 401")


async def test_a_session_that_cannot_be_refreshed_leads_to_signing_in_and_back(
    site: Site, user: User, watch: Watch, let_pass: Pass
) -> None:
    await site.sign_in(user, "/account/mfa")
    await let_pass(31 * DAY)
    await site.button("Set it up").click()
    await expect(site.page.get_by_text("Your session has ended.")).to_be_visible()
    await expect(site.heading("Welcome back")).to_be_visible()
    watch.expect("status of 401")

    await site.enter_password(user)
    await expect(site.heading("Two-step sign-in")).to_be_visible()


@pytest.mark.parametrize("act", ["add a note", "show what is private", "delete the guitar", "delete the account"])
async def test_the_end_of_a_session_is_told_once_and_as_no_mistake(
    site: Site, api: Api, user: User, watch: Watch, let_pass: Pass, act: str
) -> None:
    guitar = await api.new_guitar(user)
    is_of_account = act == "delete the account"
    await site.sign_in(user, "/account" if is_of_account else f"/guitars/{guitar['guitarId']}")
    await expect(site.heading("Account" if is_of_account else guitar["model"])).to_be_visible()
    await let_pass(31 * DAY)
    match act:
        case "add a note":
            await site.page.get_by_role("textbox", name="A new note").fill("New strings.")
            await site.button("Add the note").click()
        case "show what is private":
            await site.button("Show").click()
        case "delete the guitar":
            await site.button("Delete").click()
            await site.confirm("Delete the guitar")
        case "delete the account":
            await site.button("Delete the account").click()
            await site.confirm("Delete everything")
    await expect(site.heading("Welcome back")).to_be_visible()
    await expect(site.page.locator("#notices")).to_have_text("Your session has ended. Sign in to go on.")
    watch.expect("status of 401")


REVOKED = {"success": False, "error": {"code": "AUTH_UNAUTHORIZED", "message": "Revoked", "statusCode": 401}}


async def test_who_makes_two_changes_is_asked_once_to_sign_in_and_comes_back(
    site: Site, api: Api, user: User, watch: Watch
) -> None:
    guitar = await api.new_guitar(user, notes=[{"content": "New strings"}])
    path = f"/guitars/{guitar['guitarId']}"
    await site.sign_in(user, path)
    changes = await hold_requests(site.page, f"**/api{path}")
    await site.page.get_by_label("A new note").last.fill("Set up")
    await site.button("Add the note").click()
    await site.button("Delete the note: New strings").click()
    await site.confirm("Delete the note")
    await changes.refuse(401, REVOKED)
    watch.expect("status of 401")

    await expect(site.page.locator("#notices")).to_have_text("Your session has ended. Sign in to go on.")
    await expect(site.page).to_have_url(f"{site.url}/sign-in?next={quote(path, safe='')}")


async def test_a_late_refusal_of_an_old_session_ends_no_new_one(site: Site, api: Api, user: User, watch: Watch) -> None:
    guitar = await api.new_guitar(user)
    await site.sign_in(user, f"/guitars/{guitar['guitarId']}")
    completion = await hold_requests(site.page, "**/api/images/upload-complete")
    photo = FilePayload(name="front.jpg", mimeType="image/jpeg", buffer=encode(marked(), "JPEG"))
    await site.page.get_by_text("Add and arrange photos").click()
    await site.page.get_by_label("Add photos").set_input_files([photo])
    await expect(site.page.get_by_text("Being processed …")).to_be_visible()
    brands = await hold_requests(site.page, "**/api/guitars/brands")
    await site.page.get_by_role("link", name="Collection", exact=True).click()
    await brands.refuse(401, REVOKED)
    await expect(site.heading("Welcome back")).to_be_visible()
    watch.expect("status of 401")
    await site.enter_password(user)
    await expect(site.heading("The collection")).to_be_visible()

    await completion.refuse(401, REVOKED)
    await site.page.get_by_role("link", name="Account", exact=True).click()
    await expect(site.heading("Account")).to_be_visible()


async def test_who_signs_out_while_the_tokens_are_refreshed_is_signed_out(
    site: Site, user: User, watch: Watch, let_pass: Pass
) -> None:
    await site.sign_in(user, "/account")
    await let_pass(61 * 60)
    refresh = await hold_requests(site.page, "**/api/auth/refresh")
    async with site.page.expect_request("**/api/auth/refresh"):
        await site.page.get_by_role("link", name="Collection", exact=True).click()
    await site.page.get_by_role("button", name="Sign out").click()
    await refresh.release()
    watch.expect("status of 401")

    await expect(site.heading("Every guitar has a story. Keep it with the guitar.")).to_be_visible()
    await expect(site.page.locator("#notices")).to_have_text("")
    await site.page.get_by_role("link", name="Sign in", exact=True).first.click()
    await expect(site.heading("Welcome back")).to_be_visible()


async def test_a_page_stays_when_one_that_was_left_is_still_on_its_way(
    site: Site, user: User, watch: Watch, let_pass: Pass
) -> None:
    await site.page.clock.install()
    await site.sign_in(user, "/account")
    await expect(site.heading("Account")).to_be_visible()
    await let_pass(61 * 60)
    watch.expect("status of 401")
    refresh = await hold_requests(site.page, "**/api/auth/refresh")
    await site.page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    async with site.page.expect_request("**/api/auth/refresh"):
        await site.page.get_by_role("link", name="Collection", exact=True).click()
    await site.page.get_by_role("link", name="Set it up or turn it off").click()
    await expect(site.heading("Two-step sign-in")).to_be_visible()

    await site.page.clock.run_for(1_000)
    await refresh.release()
    await expect(site.heading("Two-step sign-in")).to_be_visible()
    assert await site.heading("Tuning up …").count() == 0


async def test_a_second_factor_is_set_up_asked_for_and_turned_off(site: Site, user: User, watch: Watch) -> None:
    await site.sign_in(user, "/account/mfa")
    await site.button("Set it up").click()
    secret = (await site.page.locator(".secret").inner_text()).replace(" ", "")
    await expect(site.page.get_by_role("img", name="QR code of the secret")).to_be_visible()
    await site.page.get_by_label("Code", exact=True).fill(totp(secret))
    await site.button("Turn it on").click()
    await expect(site.page.get_by_text("Two-step sign-in is on.")).to_be_visible()

    await site.page.get_by_role("button", name="Sign out").click()
    await site.open("/sign-in")
    await site.enter_password(user)
    await expect(site.page.get_by_label("Code", exact=True)).to_be_focused()
    await site.page.get_by_label("Code", exact=True).fill(wrong_totp(secret))
    await site.button("Sign in").click()
    await expect(site.page.get_by_role("alert")).to_be_visible()
    watch.expect("/api/auth/login")
    # A code counts once: the one of the next half minute is taken too.
    await site.page.get_by_label("Code", exact=True).fill(totp(secret, 1))
    await site.button("Sign in").click()
    await expect(site.heading("An empty wall")).to_be_visible()

    await site.page.get_by_role("link", name="Account").click()
    await site.page.get_by_role("link", name="Set it up or turn it off").click()
    await site.button("Turn it off").click()
    await expect(site.page.get_by_text("Two-step sign-in is off.")).to_be_visible()
    await site.sign_in(user)


async def test_name_and_preferences_are_saved(site: Site, api: Api, user: User) -> None:
    await site.sign_in(user, "/account")
    await site.page.get_by_label("Name").fill("Ada Lovelace")
    await site.button("Save the name").click()
    await expect(site.page.get_by_text("Your name was saved.")).to_be_visible()
    await site.page.get_by_label("Currency").select_option("EUR")
    await site.button("Save the preferences").click()
    await expect(site.page.get_by_text("Your preferences were saved.")).to_be_visible()

    profile = (await api.call("GET", "/user/profile", user=user)).data
    assert (profile["name"], profile["preferences"]) == ("Ada Lovelace", {"currency": "EUR"})
    await site.page.get_by_role("link", name="Collection", exact=True).click()
    await site.page.get_by_role("link", name="Add a guitar").click()
    await site.page.get_by_text("Private information").click()
    await expect(site.page.get_by_label("Currency")).to_have_value("EUR")


async def test_a_deleted_account_is_gone(site: Site, user: User, watch: Watch) -> None:
    await site.sign_in(user, "/account")
    await site.button("Delete the account").click()
    await site.confirm("Keep it")
    await expect(site.heading("Account")).to_be_visible()
    await site.button("Delete the account").click()
    await site.confirm("Delete everything")
    await expect(site.page.get_by_text("Your account was deleted.")).to_be_visible()

    await site.open("/sign-in")
    await site.enter_password(user)
    await expect(site.page.get_by_role("alert")).to_have_text("Wrong e-mail address or password")
    watch.expect("status of 401")


async def test_a_foreign_address_to_go_on_to_is_not_followed(site: Site, user: User) -> None:
    await site.open("/sign-in?next=https%3A%2F%2Foutside.example%2Fguitars")
    await site.enter_password(user)
    await expect(site.page).to_have_url(f"{site.url}/guitars")


def _note(page: Page, part: str) -> list[Request]:
    """The requests from now on whose address has that part."""
    noted: list[Request] = []
    page.on("request", lambda request: noted.append(request) if part in request.url else None)
    return noted
