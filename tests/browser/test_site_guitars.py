"""Guitars, pictures and papers on the sample site."""

import io
import re
from typing import Any

from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from emulation.seed.collection import COLLECTION
from emulation.seed.receipt import draw_receipt
from tests.api.client import Api, User
from tests.browser.holding import HeldAnswers, hold_answers
from tests.browser.site import Site
from tests.browser.watch import Watch, settle
from tests.eventually import eventually


def picture(name: str, colour: str) -> FilePayload:
    """A JPEG of one colour, as a person would choose it."""
    content = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(content, "JPEG")
    return FilePayload(name=name, mimeType="image/jpeg", buffer=content.getvalue())


async def read_guitar(api: Api, user: User, guitar_id: str) -> dict[str, Any]:
    guitar: dict[str, Any] = (await api.call("GET", f"/guitars/{guitar_id}", user=user)).data
    return guitar


async def show_guitar(site: Site, api: Api, user: User, **attributes: Any) -> str:
    """Have a guitar and look at its page; its id."""
    guitar = await api.new_guitar(user, **attributes)
    await site.sign_in(user, f"/guitars/{guitar['guitarId']}")
    await expect(site.heading(guitar["model"])).to_be_visible()
    return str(guitar["guitarId"])


async def test_a_guitar_is_added_with_what_is_known_of_it(site: Site, api: Api, user: User) -> None:
    await site.sign_in(user)
    await site.page.get_by_role("link", name="Add a guitar").click()
    for label, value in {"Brand": "Martin", "Model": "000-18", "Year": "1937", "Type": "Acoustic"}.items():
        await site.page.get_by_label(label, exact=True).fill(value)
    await site.page.get_by_label("Case", exact=True).select_option("true")
    await site.button("Add a detail").click()
    await site.page.get_by_label("Name of the detail").fill("bracing")
    await site.page.get_by_label("Value of the detail").fill("Scalloped X")
    await site.page.get_by_text("Private information").click()
    await site.page.get_by_label("Price paid").fill("12345.67")
    await site.button("Add the guitar").click()
    await expect(site.heading("000-18")).to_be_visible()
    await expect(site.page.get_by_text("Scalloped X")).to_be_visible()

    guitar = await read_guitar(api, user, site.page.url.rpartition("/")[2])
    assert (guitar["year"], guitar["caseIncluded"]) == (1937, True)
    assert guitar["detailedSpecs"] == {"bracing": "Scalloped X"}
    assert str(guitar["privateInfo"]["purchasePrice"]) == "12345.67"


async def test_a_long_name_breaks_where_its_page_ends(site: Site, api: Api, user: User) -> None:
    await site.page.set_viewport_size({"width": 360, "height": 740})
    await show_guitar(site, api, user, brand="W" * 100, model="M" * 100)
    await settle(site.page)
    assert await site.page.evaluate("document.documentElement.scrollWidth") <= 360

    await site.page.get_by_role("link", name="The collection").click()
    heading = site.page.get_by_role("heading", name="M" * 100)
    card = await site.page.locator(".card").bounding_box()
    name = await heading.bounding_box()
    assert card is not None
    assert name is not None
    assert name["x"] + name["width"] <= card["x"] + card["width"]


async def test_only_what_was_changed_is_sent_and_what_was_emptied_is_removed(site: Site, api: Api, user: User) -> None:
    guitar_id = await show_guitar(site, api, user, year=1960, color="Red", detailedSpecs={"neck": {"top": 1}, "a": "b"})
    await site.page.get_by_role("link", name="Edit").click()
    await site.page.get_by_label("Colour").fill("")
    await site.page.get_by_label("Finish").fill("Nitro")
    async with site.page.expect_request(lambda request: request.method == "PUT") as sent:
        await site.button("Save").click()
    assert (await sent.value).post_data_json == {"color": None, "finish": "Nitro"}
    await expect(site.heading("Telecaster")).to_be_visible()
    guitar = await read_guitar(api, user, guitar_id)
    assert "color" not in guitar
    assert (guitar["year"], guitar["finish"]) == (1960, "Nitro")
    assert guitar["detailedSpecs"] == {"neck": {"top": 1}, "a": "b"}


async def test_a_refused_value_is_told_at_its_field(site: Site, api: Api, user: User, watch: Watch) -> None:
    guitar_id = await show_guitar(site, api, user)
    await site.page.get_by_role("link", name="Edit").click()
    await site.page.get_by_label("Year").fill("in spring")
    await site.button("Save").click()
    await expect(site.page.get_by_label("Year")).to_have_accessible_description(re.compile("integer"))
    await expect(site.page.get_by_label("Year")).to_be_focused()
    watch.expect("status of 400")
    assert "year" not in await read_guitar(api, user, guitar_id)


async def test_a_change_made_meanwhile_is_told_and_not_overwritten(
    site: Site, api: Api, user: User, watch: Watch
) -> None:
    guitar_id = await show_guitar(site, api, user, color="Red")
    await site.page.get_by_role("link", name="Edit").click()
    await site.page.get_by_label("Finish").fill("Nitro")
    await api.call("PUT", f"/guitars/{guitar_id}", {"color": "Blue"}, user=user)

    await site.button("Save").click()
    alert = site.page.get_by_role("alert")
    await expect(alert).to_contain_text("was changed elsewhere")
    await expect(alert).to_contain_text("Colour: Blue")
    watch.expect("status of 412")
    assert "finish" not in await read_guitar(api, user, guitar_id)

    await site.button("Save my changes over it").click()
    await expect(site.heading("Telecaster")).to_be_visible()
    guitar = await read_guitar(api, user, guitar_id)
    assert (guitar["color"], guitar["finish"]) == ("Blue", "Nitro")


async def test_photos_go_straight_to_s3_and_are_arranged(site: Site, api: Api, user: User) -> None:
    guitar_id = await show_guitar(site, api, user)
    sent: list[str] = []
    site.page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    await site.page.get_by_text("Add and arrange photos").click()
    chosen = [picture("front.jpg", "peru"), picture("back.jpg", "sienna"), picture("case.jpg", "black")]
    await site.page.get_by_label("Add photos").set_input_files(chosen)
    await expect(site.page.get_by_label("Caption of photo 3")).to_be_visible()
    assert len(sent) == 3
    assert all(url.startswith(f"{api.target.aws_url}/") for url in sent)
    uploaded = [image["id"] for image in (await read_guitar(api, user, guitar_id))["images"]]

    await site.page.get_by_label("Caption of photo 1").fill("The front")
    await site.page.get_by_label("Caption of photo 1").blur()
    await site.button("Move down: The front").click()
    await expect(site.page.get_by_label("Caption of photo 1")).to_be_visible()  # another one is the first by now
    await expect(site.button("Move down: The front")).to_be_focused()
    await site.button("Make it the cover: photo 1").click()
    await expect(site.button("Make it the cover: The front")).to_be_visible()
    await site.button("Delete: photo 3").click()
    await site.confirm("Delete the photo")
    await expect(site.page.get_by_label("Caption of photo 3")).to_have_count(0)

    images = (await read_guitar(api, user, guitar_id))["images"]
    assert [image["id"] for image in images] == [uploaded[1], uploaded[0]]
    assert [image["isPrimary"] for image in images] == [True, False]
    assert images[1]["caption"] == "The front"
    await settle(site.page)
    assert await site.page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")


async def test_the_progress_of_an_upload_is_shown(site: Site, api: Api, user: User) -> None:
    await show_guitar(site, api, user)
    completions = await hold_answers(site.page, "**/api/images/upload-complete")
    await site.page.get_by_text("Add and arrange photos").click()
    await site.page.get_by_label("Add photos").set_input_files([picture("front.jpg", "peru")])
    await expect(site.page.get_by_role("progressbar", name="Upload of front.jpg")).to_be_visible()
    await expect(site.page.get_by_text("Being processed …")).to_be_visible()

    await completions.release()
    await expect(site.page.get_by_label("Caption of photo 1")).to_be_visible()
    await expect(site.page.get_by_role("progressbar")).to_have_count(0)


async def process_second_photo(site: Site, api: Api, user: User) -> tuple[str, Locator, HeldAnswers]:
    """A guitar with one photo, its caption, and a second photo of which the page has not heard that it is processed."""
    guitar_id = await show_guitar(site, api, user)
    await site.page.get_by_text("Add and arrange photos").click()
    await site.page.get_by_label("Add photos").set_input_files([picture("front.jpg", "peru")])
    caption = site.page.get_by_label("Caption of photo 1")
    await expect(caption).to_be_visible()
    completions = await hold_answers(site.page, "**/api/images/upload-complete")
    await site.page.get_by_label("Add photos").set_input_files([picture("back.jpg", "sienna")])
    await expect(site.page.get_by_text("Being processed …")).to_be_visible()
    return guitar_id, caption, completions


async def test_a_caption_that_is_being_written_stays_when_another_photo_comes_in(
    site: Site, api: Api, user: User
) -> None:
    guitar_id, caption, completions = await process_second_photo(site, api, user)
    await caption.press_sequentially("The fr")
    await completions.release()
    await expect(site.page.get_by_label("Caption of photo 2")).to_be_visible()

    await expect(caption).to_be_focused()
    await site.page.keyboard.type("ont")
    await caption.blur()
    await expect(site.page.get_by_label("Caption of The front")).to_have_value("The front")
    images = (await read_guitar(api, user, guitar_id))["images"]
    assert [image.get("caption") for image in images] == ["The front", None]


async def test_a_caption_that_is_saved_while_a_photo_is_processed_meets_no_conflict(
    site: Site, api: Api, user: User
) -> None:
    guitar_id, caption, completions = await process_second_photo(site, api, user)

    await eventually(lambda: has_images(api, user, guitar_id, 2))
    await caption.fill("The front")
    await caption.blur()
    await completions.release()
    await expect(site.page.get_by_label("Caption of The front")).to_have_value("The front")
    await expect(site.page.get_by_label("Caption of photo 2")).to_be_visible()
    images = (await read_guitar(api, user, guitar_id))["images"]
    assert [image.get("caption") for image in images] == ["The front", None]


async def has_images(api: Api, user: User, guitar_id: str, count: int) -> bool:
    return len((await read_guitar(api, user, guitar_id))["images"]) == count


async def test_a_file_that_is_no_picture_is_refused_with_its_reason(
    site: Site, api: Api, user: User, watch: Watch
) -> None:
    guitar_id = await show_guitar(site, api, user)
    await site.page.get_by_text("Add and arrange photos").click()
    files = [
        FilePayload(name="song.mp3", mimeType="audio/mpeg", buffer=b"ID3"),
        FilePayload(name="letter.jpg", mimeType="image/jpeg", buffer=b"Dear Ada, this is not a picture."),
        FilePayload(name="wall.jpg", mimeType="image/jpeg", buffer=bytes(10 * 1024 * 1024 + 1)),
        picture("front.jpg", "peru"),
    ]
    await site.page.get_by_label("Add photos").set_input_files(files)
    # The good one gets through, whatever became of the others.
    await expect(site.page.get_by_label("Caption of photo 1")).to_be_visible()
    refusals = {"song.mp3": "not accepted", "letter.jpg": "declared as image/jpeg", "wall.jpg": "larger than 10 MB"}
    for name, reason in refusals.items():
        refusal = site.page.get_by_role("alert").filter(has_text=name)
        await expect(refusal.locator(".reason")).to_contain_text(reason)
    watch.expect("/api/images/upload-url")
    watch.expect("/api/images/upload-complete")
    assert len((await read_guitar(api, user, guitar_id))["images"]) == 1

    await site.button("Dismiss").first.click()
    await expect(site.button("Dismiss")).to_have_count(2)


async def test_private_values_are_hidden_until_asked_for_and_a_receipt_is_among_them(
    site: Site, api: Api, user: User
) -> None:
    private_info = {"serialNumber": "V-4711", "purchasePrice": 2100, "currency": "USD"}
    guitar_id = await show_guitar(site, api, user, privateInfo=private_info)
    assert "V-4711" not in await site.page.content()

    await site.button("Show").click()
    await expect(site.page.get_by_text("V-4711")).to_be_visible()
    await expect(site.page.get_by_text("$2,100.00")).to_be_visible()
    receipt = draw_receipt(COLLECTION[0].attributes, "application/pdf")
    file = FilePayload(name="receipt.pdf", mimeType="application/pdf", buffer=receipt)
    await site.page.get_by_label("Add the receipt").set_input_files([file])
    link = site.page.get_by_role("link", name="Open the receipt")
    await expect(link).to_be_visible()
    answer = await api.fetch("GET", str(await link.get_attribute("href")))
    assert (answer.status, answer.body) == (200, receipt)

    await site.button("Remove").click()
    await site.confirm("Remove it")
    await expect(link).to_have_count(0)
    assert "receiptUrl" not in (await read_guitar(api, user, guitar_id))["privateInfo"]
    await site.button("Hide").click()
    await expect(site.page.get_by_text("V-4711")).to_have_count(0)


async def test_notes_are_written_changed_and_deleted(site: Site, api: Api, user: User) -> None:
    guitar_id = await show_guitar(site, api, user)
    for text in ("New strings", "Set up"):
        await site.page.get_by_label("A new note").last.fill(text)
        await site.button("Add the note").click()
        await expect(site.page.locator(".note-text").filter(has_text=text)).to_be_visible()
    await site.button("Edit the note: New strings").click()
    await site.page.get_by_role("textbox", name="The note").fill("New strings, 10-46")
    await site.button("Save").click()
    await site.button("Delete the note: Set up").click()
    await site.confirm("Delete the note")
    await expect(site.page.locator(".note-text")).to_have_text(["New strings, 10-46"])
    notes = (await read_guitar(api, user, guitar_id))["notes"]
    assert [note["content"] for note in notes] == ["New strings, 10-46"]


async def test_a_change_made_before_the_one_before_it_is_answered_is_made_after_it(
    site: Site, api: Api, user: User
) -> None:
    notes = [{"content": "New strings"}, {"content": "Set up"}, {"content": "Played"}]
    guitar_id = await show_guitar(site, api, user, notes=notes)
    changes = await hold_answers(site.page, f"**/api/guitars/{guitar_id}")
    await site.page.get_by_label("A new note").last.fill("Sold")
    await site.button("Add the note").click()
    await site.button("Delete the note: Set up").click()
    await site.confirm("Delete the note")
    await site.button("Edit the note: New strings").click()
    await site.page.get_by_role("textbox", name="The note").fill("New strings, 10-46")
    await changes.release()
    # What is being written stays while what was changed is drawn.
    await expect(site.page.locator(".note-text")).to_have_text(["Played", "Sold"])
    await site.button("Save").click()
    await expect(site.page.locator(".note-text")).to_have_text(["New strings, 10-46", "Played", "Sold"])
    found = (await read_guitar(api, user, guitar_id))["notes"]
    assert [note["content"] for note in found] == ["New strings, 10-46", "Played", "Sold"]


async def test_what_is_written_while_a_note_is_sent_stays(site: Site, api: Api, user: User) -> None:
    guitar_id = await show_guitar(site, api, user, notes=[{"content": "New strings"}, {"content": "Set up"}])
    changes = await hold_answers(site.page, f"**/api/guitars/{guitar_id}")
    new_note, note = site.page.get_by_label("A new note").last, site.page.get_by_role("textbox", name="The note")
    await new_note.fill("Played")
    await site.button("Add the note").click()
    await new_note.fill("Sold")
    await site.button("Edit the note: New strings").click()
    await note.fill("New strings, 10-46")
    await site.button("Save").click()
    await site.button("Edit the note: Set up").click()
    await note.fill("Set up by Ada")

    await changes.release()
    await expect(site.page.locator(".note-text")).to_have_text(["New strings, 10-46", "Played"])
    await expect(new_note).to_have_value("Sold")
    await expect(note).to_have_value("Set up by Ada")


async def test_a_note_on_a_guitar_that_was_changed_meanwhile_is_not_lost(
    site: Site, api: Api, user: User, watch: Watch
) -> None:
    guitar_id = await show_guitar(site, api, user)
    await api.call("PUT", f"/guitars/{guitar_id}", {"color": "Blue"}, user=user)
    await site.page.get_by_label("A new note").last.fill("New strings")
    await site.button("Add the note").click()
    await expect(site.page.get_by_text("was changed elsewhere meanwhile")).to_be_visible()
    await expect(site.page.get_by_label("A new note").last).to_have_value("New strings")
    watch.expect("status of 412")
    await site.button("Add the note").click()
    await expect(site.page.locator(".note-text")).to_have_text(["New strings"])


async def test_a_collection_is_filtered_and_shown_page_by_page(site: Site, api: Api, user: User, watch: Watch) -> None:
    for year in range(1950, 1961):
        await api.new_guitar(user, brand="Gibson" if year < 1953 else "Fender", year=year, type="Electric")

    async def brands() -> bool:
        return len((await api.call("GET", "/guitars?brand=Gibson", user=user)).data["guitars"]) == 3

    await eventually(brands)
    cards = site.page.locator(".card")
    await site.sign_in(user)
    await expect(cards).to_have_count(9)
    await site.button("Show more").click()
    await expect(cards).to_have_count(11)
    await expect(cards.nth(9).get_by_role("link")).to_be_focused()
    await expect(site.button("Show more")).to_be_hidden()

    await site.page.get_by_label("Brand").select_option("Gibson")
    await site.page.get_by_label("From year").fill("1951")
    await site.button("Filter").click()
    await expect(cards).to_have_count(2)
    await expect(site.page).to_have_url(f"{site.url}/guitars?brand=Gibson&yearFrom=1951")
    await site.page.go_back()
    await expect(cards).to_have_count(9)

    await site.page.get_by_label("From year").fill("1970")
    await site.page.get_by_label("To year").fill("1960")
    await site.button("Filter").click()
    await expect(site.page.get_by_role("alert")).to_contain_text("yearFrom must not be after yearTo")
    watch.expect("status of 400")


async def test_a_guitar_is_deleted_after_a_question(site: Site, api: Api, user: User) -> None:
    guitar_id = await show_guitar(site, api, user)
    await site.button("Delete").click()
    await site.confirm("Delete the guitar")
    await expect(site.heading("An empty wall")).to_be_visible()
    assert (await api.call("GET", f"/guitars/{guitar_id}", user=user)).status == 404


async def test_a_page_that_could_not_be_loaded_is_loaded_again(site: Site, user: User, watch: Watch) -> None:
    await site.sign_in(user, "/account")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, headers={"Retry-After": "1"}, json={"message": "Service Unavailable"})

    await site.page.route("**/api/guitars**", refuse)
    await site.page.get_by_role("link", name="Collection", exact=True).click()
    await expect(site.heading("Back in a moment")).to_be_visible()
    watch.expect("status of 503")
    await site.page.unroute("**/api/guitars**")
    await site.button("Try again").click()
    await expect(site.heading("An empty wall")).to_be_visible()


async def test_what_a_user_wrote_is_never_markup(site: Site, api: Api, user: User) -> None:
    markup = "<img src=x onerror=alert(1)>"
    guitar_id = await show_guitar(site, api, user, model=markup, notes=[{"content": markup}])
    await expect(site.page.locator(".note-text")).to_have_text(markup)
    await site.page.get_by_role("link", name="Edit").click()
    await expect(site.heading(f"Edit Fender {markup}")).to_be_visible()
    assert guitar_id in site.page.url


async def test_the_content_security_policy_refuses_what_is_not_the_sites_own(
    page: Page, site: Site, watch: Watch
) -> None:
    await site.open("/")
    await page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'taken = 1'}))"
    )
    assert await page.evaluate("typeof taken") == "undefined"
    watch.expect("Content Security Policy")
