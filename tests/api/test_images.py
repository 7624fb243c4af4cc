"""Pictures and receipts: upload, completion, serving, and the field rules of a guitar's images."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image, ImageOps
from yarl import URL

from tests.api.client import Answer, Api, User
from tests.api.pictures import is_stored
from tests.eventually import eventually
from tests.heic import grid_heic
from tests.photographs import CORNERS, SECRET, corners, encode, marked, phone_jpeg, photograph, png_with_secrets
from tests.photographs import webp_with_secrets as webp

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


def jpeg() -> bytes:
    return phone_jpeg(marked())


def shown(content: bytes) -> Image.Image:
    """The picture as a browser shows it, which turns it as its EXIF says."""
    with Image.open(io.BytesIO(content)) as image:
        return ImageOps.exif_transpose(image)


async def add_image(api: Api, user: User, guitar: dict[str, Any], **body: Any) -> dict[str, Any]:
    key = await api.upload(user, jpeg(), "image/jpeg")
    data: dict[str, Any] = (await api.complete(user, key, guitarId=guitar["guitarId"], **body)).data
    return data


async def read(api: Api, user: User, guitar: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = (await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data
    return data


async def put(api: Api, user: User, guitar: dict[str, Any], **change: Any) -> Answer:
    return await api.call("PUT", f"/guitars/{guitar['guitarId']}", change, user=user)


@pytest.mark.parametrize(
    ("file_type", "make", "stored_type"),
    [
        ("image/jpeg", lambda: phone_jpeg(marked((4000, 3000)), orientation=6), "image/jpeg"),
        ("image/png", lambda: png_with_secrets(marked((900, 600), "RGBA")), "image/png"),
        ("image/webp", lambda: webp(marked((900, 600))), "image/webp"),
        ("image/heic", lambda: grid_heic((1024, 768)), "image/jpeg"),
    ],
    ids=["12-megapixel JPEG on its side", "PNG with alpha", "WebP", "HEIC"],
)
async def test_a_photo_is_served_upright_without_its_place_and_with_a_thumbnail(
    api: Api, user: User, file_type: str, make: Any, stored_type: str
) -> None:
    content = make()
    key = await api.upload(user, content, file_type)
    done = (await api.complete(user, key)).data
    original = await api.fetch("GET", done["imageUrl"])
    thumbnail = await api.fetch("GET", done["thumbnailUrl"])

    assert done["imageUrl"].startswith(f"{api.target.front_door_url}/images/")
    for answer, content_type in ((original, stored_type), (thumbnail, "image/webp")):
        assert answer.status == 200
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert SECRET not in answer.body
        assert not Image.open(io.BytesIO(answer.body)).getexif().get_ifd(0x8825), "the place must be gone"
    assert shown(original.body).size == (done["width"], done["height"])
    assert max(shown(thumbnail.body).size) == 400
    if file_type != "image/heic":
        assert corners(shown(original.body)) == CORNERS
        assert corners(shown(thumbnail.body)) == CORNERS


async def test_a_real_sized_photograph_goes_through(api: Api, user: User) -> None:
    content = phone_jpeg(photograph((4000, 3000)), orientation=8, quality=85)
    key = await api.upload(user, content, "image/jpeg", fileSize=len(content))
    done = (await api.complete(user, key)).data

    assert (done["width"], done["height"]) == (4000, 3000)


async def test_a_form_can_be_posted_instead(api: Api, user: User) -> None:
    key = await api.upload(user, jpeg(), "image/jpeg", method="POST")

    assert (await api.complete(user, key)).status == 200


async def test_completing_twice_gives_the_same_answer(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    key = await api.upload(user, jpeg(), "image/jpeg")

    first = await api.complete(user, key, guitarId=guitar["guitarId"], caption="front")
    second = await api.complete(user, key, guitarId=guitar["guitarId"], caption="front")

    assert second.data == first.data
    assert [image["caption"] for image in (await read(api, user, guitar))["images"]] == ["front"]


async def test_the_same_completion_twice_at_once_makes_one_image(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    key = await api.upload(user, jpeg(), "image/jpeg")

    answers = await asyncio.gather(*(api.complete(user, key, guitarId=guitar["guitarId"]) for _ in range(3)))

    assert [answer.data for answer in answers] == [answers[0].data] * 3
    assert len((await read(api, user, guitar))["images"]) == 1


async def test_parallel_completions_on_one_guitar_are_all_kept(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)

    done = await asyncio.gather(*(add_image(api, user, guitar) for _ in range(6)))

    images = (await read(api, user, guitar))["images"]
    assert {image["id"] for image in images} == {image["id"] for image in done}
    assert [image["order"] for image in images] == list(range(6))
    assert [image["isPrimary"] for image in images].count(True) == 1


async def test_images_are_captioned_reordered_and_made_primary(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    one, two, three = [await add_image(api, user, guitar, caption=name) for name in ("one", "two", "three")]

    change = [
        {"id": three["id"], "order": 0, "isPrimary": True},
        {"id": one["id"], "order": 1, "caption": "first"},
        {"id": two["id"], "order": 2},
    ]
    images = (await put(api, user, guitar, images=change)).data["images"]

    assert [(image["id"], image["caption"], image["isPrimary"], image["order"]) for image in images] == [
        (three["id"], "three", True, 0),
        (one["id"], "first", False, 1),
        (two["id"], "two", False, 2),
    ]
    assert images[0]["url"] == three["imageUrl"]


async def test_a_removed_image_is_gone_with_its_objects(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    one, two = [await add_image(api, user, guitar) for _ in range(2)]

    images = (await put(api, user, guitar, images=[{"id": two["id"]}])).data["images"]

    assert [(image["id"], image["isPrimary"]) for image in images] == [(two["id"], True)]

    async def gone() -> bool:
        return not any([await is_stored(api, one[name]) for name in ("imageUrl", "thumbnailUrl")])

    assert await eventually(gone)
    assert (await api.fetch("GET", one["imageUrl"])).status == 403
    assert (await api.fetch("GET", two["imageUrl"])).status == 200


async def test_the_objects_of_a_deleted_guitar_are_gone(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    image = await add_image(api, user, guitar)
    key = await api.upload(user, PDF, "application/pdf", purpose="receipt")
    receipt = (await api.complete(user, key, guitarId=guitar["guitarId"])).data

    await api.call("DELETE", f"/guitars/{guitar['guitarId']}", user=user)

    async def gone() -> bool:
        pictures = [await is_stored(api, image[name]) for name in ("imageUrl", "thumbnailUrl")]
        return not any(pictures) and (await api.fetch("GET", receipt["imageUrl"])).status in (403, 404)

    assert await eventually(gone)


async def test_an_upload_without_a_guitar_is_attached_by_naming_its_id(api: Api, user: User) -> None:
    keys = [await api.upload(user, jpeg(), "image/jpeg") for _ in range(2)]
    first, second = [(await api.complete(user, key)).data for key in keys]

    guitar = await api.new_guitar(user, images=[{"id": first["id"], "caption": "front"}])
    changed = (await put(api, user, guitar, images=[{"id": first["id"]}, {"id": second["id"]}])).data

    assert guitar["images"][0]["url"] == first["imageUrl"]
    assert [image["id"] for image in changed["images"]] == [first["id"], second["id"]]
    assert changed["images"][0]["caption"] == "front"


async def test_of_two_guitars_that_take_an_image_at_once_one_gets_it_and_keeps_it(api: Api, user: User) -> None:
    for _ in range(3):
        key = await api.upload(user, jpeg(), "image/jpeg")
        image = (await api.complete(user, key)).data
        guitars = [await api.new_guitar(user) for _ in range(2)]

        answers = await asyncio.gather(*(put(api, user, guitar, images=[{"id": image["id"]}]) for guitar in guitars))

        assert sorted(answer.status for answer in answers) == [200, 400]
        loser, winner = sorted(guitars, key=lambda guitar: answers[guitars.index(guitar)].status == 200)
        assert answers[guitars.index(loser)].fields == {"images.0.id"}
        await api.call("DELETE", f"/guitars/{loser['guitarId']}", user=user)
        assert (await api.fetch("GET", image["imageUrl"])).status == 200
        assert len((await read(api, user, winner))["images"]) == 1


async def test_of_two_guitars_that_take_a_receipt_at_once_one_gets_it(api: Api, user: User) -> None:
    key = await api.upload(user, PDF, "application/pdf", purpose="receipt")
    guitars = [await api.new_guitar(user) for _ in range(2)]

    answers = await asyncio.gather(*(api.complete(user, key, guitarId=guitar["guitarId"]) for guitar in guitars))

    # Who came first is read first, so that the test asks the same whoever that was.
    ranked = sorted(zip((answer.status for answer in answers), range(2), strict=True))
    assert [status for status, _ in ranked] == [200, 400]
    held = [(await read(api, user, guitars[number])).get("privateInfo") for _, number in ranked]
    assert [info is not None for info in held] == [True, False]


async def test_a_refused_guitar_leaves_its_uploads_free(api: Api, user: User) -> None:
    key = await api.upload(user, jpeg(), "image/jpeg")
    image = (await api.complete(user, key)).data
    body = {"brand": "A", "model": "B", "images": [{"id": image["id"]}], "detailedSpecs": {"text": "x" * 409_600}}

    assert (await api.call("POST", "/guitars", body, user=user)).fields == {"detailedSpecs"}
    body["detailedSpecs"] = {}
    assert (await api.call("POST", "/guitars", body, user=user)).status == 201


async def test_a_removed_image_cannot_be_taken_back(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    image = await add_image(api, user, guitar)
    await put(api, user, guitar, images=[])

    answer = await put(api, user, guitar, images=[{"id": image["id"]}])

    assert (answer.status, answer.fields) == (400, {"images.0.id"})


async def test_a_file_that_was_uploaded_after_the_completion_changes_nothing(api: Api, user: User) -> None:
    body = {"fileName": "a.jpg", "fileType": "image/jpeg"}
    ticket = (await api.call("POST", "/images/upload-url", body, user=user)).data
    answers = []
    for size in ((900, 600), (300, 300)):
        content = phone_jpeg(marked(size))
        sent = await api.fetch("PUT", ticket["uploadUrl"], data=content, headers=ticket["headers"])
        assert sent.status == 200
        answers.append((await api.complete(user, ticket["imageKey"])).data)

    assert answers[0] == answers[1]
    assert (answers[1]["width"], answers[1]["height"]) == (900, 600)
    assert shown((await api.fetch("GET", answers[1]["imageUrl"])).body).size == (900, 600)


async def test_an_image_belongs_to_one_guitar(api: Api, user: User) -> None:
    guitar, second = await api.new_guitar(user), await api.new_guitar(user)
    image = await add_image(api, user, guitar)

    answer = await put(api, user, second, images=[{"id": image["id"]}])

    assert (answer.status, answer.fields) == (400, {"images.0.id"})


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"url": "https://evil.example/x.jpg"}, "images.0.url"),
        ({"thumbnailUrl": "https://evil.example/x.jpg"}, "images.0.thumbnailUrl"),
        ({"url": "https://evil.example{path}"}, "images.0.url"),
        ({"width": 1}, "images.0.width"),
        ({"order": -1}, "images.0.order"),
        ({"key": "images/x"}, "images.0.key"),
    ],
)
async def test_what_the_server_knows_of_an_image_cannot_be_changed(
    api: Api, user: User, entry: dict[str, Any], field: str
) -> None:
    guitar = await api.new_guitar(user)
    image = await add_image(api, user, guitar)
    path = image["imageUrl"].removeprefix(api.target.front_door_url)
    sent = {name: value.format(path=path) if isinstance(value, str) else value for name, value in entry.items()}

    answer = await put(api, user, guitar, images=[{"id": image["id"], **sent}])

    assert (answer.status, answer.fields) == (400, {field})


async def test_a_guitar_with_images_and_receipt_can_be_put_back_as_it_was_read(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    await add_image(api, user, guitar, caption="front")
    key = await api.upload(user, jpeg(), "image/jpeg", purpose="receipt")
    await api.complete(user, key, guitarId=guitar["guitarId"])
    whole = await read(api, user, guitar)

    again = (await put(api, user, guitar, **whole)).data

    again["privateInfo"].pop("receiptUrl")
    whole["privateInfo"].pop("receiptUrl")
    assert again == whole


@pytest.mark.parametrize("file_type", ["application/pdf", "image/jpeg"])
async def test_a_receipt_is_shown_to_its_owner_and_never_by_the_cdn(api: Api, user: User, file_type: str) -> None:
    guitar = await api.new_guitar(user)
    content = PDF if file_type == "application/pdf" else jpeg()
    key = await api.upload(user, content, file_type, purpose="receipt")

    first = (await api.complete(user, key, guitarId=guitar["guitarId"])).data
    second = (await api.complete(user, key, guitarId=guitar["guitarId"])).data
    url = (await read(api, user, guitar))["privateInfo"]["receiptUrl"]
    shown_receipt = await api.fetch("GET", url)

    assert "thumbnailUrl" not in first
    assert {name: first.get(name) for name in ("id", "width")} == {name: second.get(name) for name in ("id", "width")}
    assert shown_receipt.status == 200
    assert shown_receipt.headers["Content-Type"] == file_type
    assert SECRET not in shown_receipt.body
    object_key = url.partition("?")[0].rpartition("/receipts/")[2]
    for path in (f"receipts/{object_key}", f"images/%2E%2E/receipts/{object_key}", f"images/receipts/{object_key}"):
        through_cdn = await api.fetch("GET", URL(f"{api.target.front_door_url}/{path}", encoded=True))
        assert through_cdn.status in (400, 403, 404), path


async def test_replacing_or_removing_a_receipt_removes_its_object(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    urls = []
    for _ in range(2):
        key = await api.upload(user, PDF, "application/pdf", purpose="receipt")
        await api.complete(user, key, guitarId=guitar["guitarId"])
        urls.append((await read(api, user, guitar))["privateInfo"]["receiptUrl"])

    async def first_is_gone() -> bool:
        return (await api.fetch("GET", urls[0])).status in (403, 404)

    async def second_is_gone() -> bool:
        return (await api.fetch("GET", urls[1])).status in (403, 404)

    assert await eventually(first_is_gone)
    assert (await api.fetch("GET", urls[1])).status == 200
    changed = (await put(api, user, guitar, privateInfo={"receiptUrl": None})).data
    assert "privateInfo" not in changed
    assert await eventually(second_is_gone)


async def test_a_receipt_belongs_to_a_guitar(api: Api, user: User) -> None:
    key = await api.upload(user, PDF, "application/pdf", purpose="receipt")

    answer = await api.complete(user, key)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"guitarId"})


@pytest.mark.parametrize(
    ("content", "file_type"),
    [
        (b"hello", "image/jpeg"),
        (encode(marked(), "PNG"), "image/jpeg"),
        (encode(marked(), "GIF"), "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/webp"),
        (jpeg()[:2000], "image/jpeg"),
        (PDF, "image/jpeg"),
    ],
    ids=["text", "a PNG", "a GIF", "an SVG", "half a JPEG", "a PDF"],
)
async def test_a_file_that_is_not_what_it_says_is_refused(api: Api, user: User, content: bytes, file_type: str) -> None:
    guitar = await api.new_guitar(user)
    key = await api.upload(user, content, file_type)

    answer = await api.complete(user, key, guitarId=guitar["guitarId"])

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"imageKey"})
    assert (await read(api, user, guitar))["images"] == []


async def test_a_file_above_ten_megabytes_is_refused(api: Api, user: User) -> None:
    key = await api.upload(user, jpeg() + bytes(10 * 1024 * 1024), "image/jpeg")

    answer = await api.complete(user, key)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"imageKey"})


@pytest.mark.parametrize(
    "key", ["x", "uploads/x", "images/a/b/original.jpg", "uploads/../images/x", "uploads//x", "\x00", "uploads/me/1-a"]
)
async def test_a_made_up_key_is_refused(api: Api, user: User, key: str) -> None:
    answer = await api.complete(user, key)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"imageKey"})


async def test_a_key_under_which_nothing_was_uploaded_is_refused(api: Api, user: User) -> None:
    body = {"fileName": "never.jpg", "fileType": "image/jpeg"}
    ticket = (await api.call("POST", "/images/upload-url", body, user=user)).data

    answer = await api.complete(user, ticket["imageKey"])

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {"imageKey"})


async def test_a_missing_image_is_answered_as_s3_does_behind_the_cdn(api: Api) -> None:
    answer = await api.fetch("GET", f"{api.target.front_door_url}/images/nobody/nothing.jpg")

    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.body


async def test_an_upload_url_is_signed_with_version_4_for_five_minutes(api: Api, user: User) -> None:
    body = {"fileName": "my guitar 🎸.jpg", "fileType": "image/jpeg", "fileSize": 1000}
    ticket = (await api.call("POST", "/images/upload-url", body, user=user)).data

    assert ticket["uploadUrl"].startswith(api.target.aws_url)
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in ticket["uploadUrl"]
    assert "X-Amz-Expires=300" in ticket["uploadUrl"]
    assert "content-length" in ticket["uploadUrl"]
    assert ticket["headers"] == {"Content-Type": "image/jpeg"}
    assert ticket["imageKey"].startswith(f"uploads/{user.user_id}/")
    assert ticket["imageKey"].endswith("-my guitar 🎸.jpg")
