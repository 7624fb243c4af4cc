"""The console at `/_local/`: what it shows arrives by itself, and what it does has happened."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from playwright.async_api import Page, Request, expect

from tests.api.client import Api, User
from tests.api.request_log import recorded
from tests.browser.holding import hold_answers, hold_requests
from tests.browser.watch import Watch
from tests.photographs import encode, marked


@pytest.fixture
async def console(page: Page, api: Api) -> "Console":
    return Console(page, api)


class Console:
    """The console's pages by their names in the address."""

    def __init__(self, page: Page, api: Api) -> None:
        self.page = page
        self.url = f"{api.target.front_door_url}/_local/"

    async def open(self, name: str) -> Page:
        await self.page.goto(f"{self.url}#/{name}")
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self.page

    async def agree(self, verb: str) -> None:
        """Say yes to the question that is on the screen."""
        await self.page.get_by_role("dialog").get_by_role("button", name=verb).click()

    async def told(self, text: str) -> None:
        """Wait until the console has said so."""
        await expect(self.page.get_by_role("status")).to_contain_text(text)


async def test_a_mail_appears_by_itself_and_its_link_confirms_the_address(console: Console, api: Api) -> None:
    page = await console.open("mail")
    user = await api.register()

    await page.get_by_role("list", name="Mails").get_by_text(user.email).click()
    frame = page.frame_locator("iframe")
    await expect(frame.get_by_text("verify your email address")).to_be_visible()
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Open the link").click()
    confirmation = await opened.value
    await expect(confirmation.get_by_text("Your registration has been confirmed!")).to_be_visible()
    assert (await api.login(user)).access_token


async def test_a_request_appears_by_itself_and_shows_each_step(console: Console, api: Api, user: User) -> None:
    path = f"/api/guitars?brand={secrets.token_hex(6)}"
    page = await console.open(f"requests?path={quote(path)}")
    await expect(page.get_by_text("Nothing fits")).to_be_visible()
    await api.call("GET", path, user=user, base=api.target.front_door_url)

    await page.get_by_role("list", name="Requests").get_by_role("link").click()
    detail = page.get_by_role("region", name="Request", exact=True)
    await expect(detail.get_by_text("behaviour /api/*")).to_be_visible()
    await expect(detail.get_by_text("not cached: the authorizer ran")).to_be_visible()
    await expect(detail.get_by_text("list_guitars of GuitarsFunction")).to_be_visible()
    calls = detail.get_by_role("region", name="AWS calls")
    await expect(calls.get_by_role("row", name="Query")).to_contain_text("guitars-dev")
    await expect(calls.get_by_role("row", name="GetUser")).to_be_visible()
    await expect(detail.get_by_text(user.email).first).to_be_visible()


async def test_a_request_is_replayed_as_its_user_and_the_replay_is_a_request(
    console: Console, api: Api, user: User
) -> None:
    model = f"Model {secrets.token_hex(6)}"
    answer = await api.call(
        "POST", "/api/guitars", {"brand": "Fender", "model": model}, user=user, base=api.target.front_door_url
    )
    assert answer.status == 201
    page = await console.open(f"requests?path=/api/guitars&user={quote(user.email)}")
    await page.get_by_role("list", name="Requests").get_by_role("link").first.click()

    body = page.get_by_label("Body")
    await expect(body).to_have_value(f'{{\n  "brand": "Fender",\n  "model": "{model}"\n}}')
    await body.fill(f'{{"brand": "Gibson", "model": "{model}"}}')
    await page.get_by_role("button", name="Replay").click()
    await page.get_by_role("link", name="Show the replayed request").click()
    await expect(page.get_by_role("heading", name="POST /api/guitars")).to_be_visible()
    await expect(page.get_by_text("201").first).to_be_visible()
    guitars = (await api.call("GET", "/guitars", user=user)).data["guitars"]
    assert sorted((one["brand"], one["model"]) for one in guitars) == [("Fender", model), ("Gibson", model)]


async def test_the_curl_command_holds_no_token_and_does_the_same(console: Console, api: Api, user: User) -> None:
    path = f"/api/guitars?brand={secrets.token_hex(6)}"
    await api.call("GET", path, user=user, base=api.target.front_door_url)
    page = await console.open(f"requests?path={quote(path)}")
    await page.get_by_role("list", name="Requests").get_by_role("link").click()
    await page.get_by_text("The curl command").click()
    shown = page.locator("details pre")
    # Whose request it was is known when the API has told of it too.
    await expect(shown).to_contain_text("Bearer $TOKEN")
    command = await shown.inner_text()
    assert user.access_token not in command

    process = await asyncio.create_subprocess_exec("bash", "-c", command, stdout=asyncio.subprocess.PIPE)
    written, _ = await process.communicate()
    assert b" 200 OK" in written.partition(b"\r\n")[0]
    assert b'"guitars":[]' in written


@pytest.fixture
async def clock(api: Api) -> AsyncIterator[None]:
    """Forgets what was advanced, before a test and after it."""
    url = f"{api.target.front_door_url}/_local/clock"
    assert (await api.fetch("DELETE", url)).status == 200
    yield
    assert (await api.fetch("DELETE", url)).status == 200


@pytest.mark.usefixtures("clock")
async def test_an_hour_passes_at_the_press_of_a_button(console: Console, api: Api, user: User) -> None:
    page = await console.open("clock")
    await page.get_by_role("button", name="Advance by 61 minutes").click()
    await console.told("1 h 1 min have passed")
    await expect(page.get_by_role("link", name="Clock +1 h 1 min")).to_be_visible()
    refused = await api.call("GET", "/guitars", user=user)
    assert (refused.status, refused.error["code"]) == (401, "AUTH_TOKEN_EXPIRED")

    await page.get_by_role("button", name="Forget all").click()
    await expect(page.get_by_role("link", name="Clock: real time")).to_be_visible()
    # The decision of a moment ago is cached, as on AWS; a sign-in gives another token.
    assert (await api.call("GET", "/guitars", user=await api.login(user))).status == 200


@pytest.mark.usefixtures("clock")
async def test_as_much_time_passes_as_is_typed_and_what_is_refused_is_said(console: Console, watch: Watch) -> None:
    page = await console.open("clock")
    await page.get_by_label("Minutes").fill("90")
    await page.get_by_role("button", name="Advance", exact=True).click()
    await console.told("90 minutes have passed")
    await expect(page.get_by_role("link", name="Clock +1 h 30 min")).to_be_visible()

    await page.get_by_label("Minutes").fill("900000000000")
    await page.get_by_role("button", name="Advance", exact=True).click()
    await expect(page.get_by_role("status").locator(".bad")).to_be_visible()
    await expect(page.get_by_role("button", name="Advance", exact=True)).to_be_enabled()
    watch.expect("/_local/clock")


async def test_a_fault_is_added_and_ended(console: Console, api: Api) -> None:
    page = await console.open("faults")
    await page.get_by_label("What happens").select_option("latency")
    await page.get_by_label("Service").select_option("dynamodb")
    # No part of the product asks for it.
    await page.get_by_label("Action (* is any)").fill("ListTagsOfResource")
    await page.get_by_label("Milliseconds").fill("20")
    await page.get_by_role("button", name="Add").click()
    await console.told("The fault is on")
    faults = (await api.fetch("GET", f"{api.target.front_door_url}/_local/faults")).json["faults"]
    assert [
        (one["kind"], one["milliseconds"], one["share"]) for one in faults if one["action"] == "ListTagsOfResource"
    ] == [("latency", 20, 1)]

    await page.get_by_role("button", name="End: latency, DynamoDB, ListTagsOfResource").click()
    await console.told("The fault has ended")


async def test_a_user_is_confirmed_signed_out_and_deleted(console: Console, api: Api) -> None:
    user = await api.register()
    page = await console.open("users")
    await page.get_by_role("button", name=f"Confirm: {user.email}").click()
    await console.told(f"{user.email} is confirmed")
    await api.login(user)

    await page.get_by_role("button", name=f"Sign out everywhere: {user.email}").click()
    await console.told(f"All tokens of {user.email} are revoked")
    assert (await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})).status == 401

    await page.get_by_role("button", name=f"Delete: {user.email}").click()
    await console.agree("Delete")
    await console.told(f"{user.email} is deleted")
    await expect(page.get_by_role("heading", name=user.email)).to_have_count(0)
    body = {"email": user.email, "password": user.password}
    assert (await api.call("POST", "/auth/login", body)).status == 401


async def test_what_cognito_refuses_is_said(console: Console, api: Api, user: User, watch: Watch) -> None:
    users = f"{api.target.front_door_url}/_local/users"
    # The list of a moment ago: somebody else deletes the user meanwhile.
    seen = (await api.fetch("GET", users)).json
    await console.page.route("**/_local/users", lambda route: route.fulfill(json=seen))
    page = await console.open("users")
    assert (await api.fetch("POST", f"{users}/delete", json={"id": user.user_id})).status == 204

    watch.expect("status of 404")
    await page.get_by_role("button", name=f"Sign out everywhere: {user.email}").click()
    await console.told("There is no such user.")


async def test_items_are_found_by_their_key(console: Console, api: Api, user: User) -> None:
    guitar = await api.new_guitar(user, model="Esquire", year=1950)
    page = await console.open("users")
    await page.get_by_role("listitem").filter(has_text=user.email).get_by_role("link", name="Guitars").click()

    item = page.get_by_role("listitem").filter(has_text="Esquire")
    await item.get_by_text("Fender Esquire").click()
    await expect(item.locator("pre")).to_contain_text(f'"guitarId": "{guitar["guitarId"]}"')
    await page.get_by_label("userId (hash key)").fill(secrets.token_hex(4))
    await page.get_by_role("button", name="Query").click()
    await expect(page.get_by_text("None has this key.")).to_be_visible()


async def test_an_upload_is_a_picture_of_its_bucket_that_says_when_it_goes(
    console: Console, api: Api, user: User
) -> None:
    key = await api.upload(user, encode(marked(), "JPEG"), "image/jpeg")
    buckets = (await api.fetch("GET", f"{api.target.front_door_url}/_local/buckets")).json["buckets"]
    [uploads] = [one["name"] for one in buckets if "uploads" in one["name"]]
    page = await console.open(f"buckets?bucket={uploads}&prefix={key}")

    card = page.get_by_role("listitem").filter(has_text=key.split("/")[-1])
    await expect(card.get_by_text("goes in")).to_be_visible()
    await card.get_by_text("Details").click()
    await expect(card.get_by_text("image/jpeg")).to_be_visible()
    width = await card.locator("img").evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
    assert width == marked().width


async def test_a_snapshot_is_taken_restored_and_deleted(console: Console, api: Api, user: User) -> None:
    name = f"s-{secrets.token_hex(4)}"
    page = await console.open("snapshots")
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Take a snapshot").click()
    await console.told(f"Snapshot {name} is taken")
    await api.new_guitar(user)

    await page.get_by_role("button", name=f"Restore {name}").click()
    await console.agree("Restore")
    await console.told(f"All data is that of {name}")
    assert (await api.call("GET", "/guitars", user=user)).data["guitars"] == []

    await page.get_by_role("button", name=f"Delete {name}").click()
    await console.agree("Delete")
    await console.told(f"Snapshot {name} is deleted")


async def test_a_filter_is_in_the_address_and_works_from_the_keyboard(console: Console, api: Api) -> None:
    path = f"/api/nowhere/{secrets.token_hex(6)}"
    await api.call("GET", path, base=api.target.front_door_url)
    page = await console.open("requests")
    await page.get_by_label("Part of the path").focus()
    await page.keyboard.type(path)
    await page.keyboard.press("Tab")
    await expect(page).to_have_url(re.compile(path.split("/")[-1]))
    await expect(page.get_by_text("1 request, the newest first")).to_be_visible()

    await page.get_by_role("list", name="Requests").get_by_role("link").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=f"GET {path}")).to_be_visible()


async def test_the_link_of_the_page_shown_stays_in_sight_when_the_window_becomes_narrow(console: Console) -> None:
    await console.open("dead-letters")
    await console.page.set_viewport_size({"width": 390, "height": 844})
    await expect(console.page.get_by_role("link", name="Dead letters", exact=True)).to_be_in_viewport(ratio=1)


async def test_the_focus_stays_on_a_request_when_another_one_comes_in(console: Console, api: Api) -> None:
    path = f"/api/nowhere/{secrets.token_hex(6)}"
    await api.call("GET", path, base=api.target.front_door_url)
    page = await console.open(f"requests?path={quote(path)}")
    # The newest one is the first.
    link = page.get_by_role("list", name="Requests").get_by_role("link").last
    await link.focus()
    await api.call("GET", f"{path}/again", base=api.target.front_door_url)

    await expect(page.get_by_text("2 requests, the newest first")).to_be_visible()
    await expect(link).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=f"GET {path}", exact=True)).to_be_visible()


async def ask_and_tell(api: Api, path: str) -> None:
    """A request through the front door, until each part has told the log of it."""
    await api.call("GET", path, base=api.target.front_door_url)
    await recorded(api, "edge", "api", path=path)


async def test_an_answer_that_comes_late_takes_no_request_from_the_list(console: Console, api: Api) -> None:
    path = f"/api/nowhere/{secrets.token_hex(6)}"
    await console.page.clock.install()
    await ask_and_tell(api, path)
    page = await console.open(f"requests?path={quote(path)}")
    links = page.get_by_role("list", name="Requests").get_by_role("link")
    await expect(links).to_have_count(1)
    late = await hold_answers(page, "**/_local/requests?*", lambda _: not late.answers)
    await late.wait_for_one()
    await ask_and_tell(api, f"{path}/second")
    await page.clock.run_for(5_000)
    await page.evaluate("fetch('/_local/addresses')")
    await late.release()
    await ask_and_tell(api, f"{path}/third")
    await expect(links.filter(has_text="third")).to_be_visible()
    await expect(links).to_have_count(3)


async def test_a_page_that_was_left_before_it_was_there_asks_for_nothing_more(console: Console) -> None:
    page = console.page
    await page.clock.install()
    held = await hold_requests(page, "**/_local/users")
    await page.goto(f"{console.url}#/users")
    await held.wait_for_one()
    await console.open("clock")
    async with page.expect_event("requestfinished", lambda done: done.url.endswith("/_local/users")):
        await held.release()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    for _ in range(3):
        await page.clock.run_for(5_000)
    assert [request.url for request in asked if request.url.endswith("/_local/users")] == []


@pytest.mark.usefixtures("clock")
async def test_how_the_clock_was_before_is_not_shown_after_how_it_is(console: Console) -> None:
    asked = 0

    def is_the_notes(_: object) -> bool:
        # The page asks first, then what stands on every page.
        nonlocal asked
        asked += 1
        return asked == 2

    late = await hold_answers(console.page, "**/_local/clock", is_the_notes)
    page = await console.open("clock")
    await page.get_by_role("button", name="Advance by 61 minutes").click()
    await expect(page.get_by_role("link", name="Clock +1 h 1 min")).to_be_visible()
    await late.release()
    await expect(page.get_by_role("link", name="Clock +1 h 1 min")).to_be_visible()
