"""Everything belongs to its owner: another's id is answered like one that never existed."""

from typing import Any

from tests.api.client import Api, User
from tests.photographs import marked, phone_jpeg

NEVER = "019a0000-0000-7000-8000-000000000000"


async def test_every_route_with_the_id_of_another_answers_as_if_there_were_none(
    api: Api, user: User, other: User
) -> None:
    guitar = await api.new_guitar(user, notes=[{"content": "private"}])
    key = await api.upload(user, phone_jpeg(marked()), "image/jpeg")
    image = (await api.complete(user, key)).data
    open_key = await api.upload(user, phone_jpeg(marked()), "image/jpeg")

    def calls(guitar_id: str, image_id: str, image_key: str) -> list[tuple[str, str, Any]]:
        return [
            ("GET", f"/guitars/{guitar_id}", None),
            ("PUT", f"/guitars/{guitar_id}", {"year": 1990}),
            ("PUT", f"/guitars/{guitar_id}", {"images": [{"id": image_id}]}),
            ("DELETE", f"/guitars/{guitar_id}", None),
            ("POST", "/guitars", {"brand": "A", "model": "B", "images": [{"id": image_id}]}),
            ("POST", "/images/upload-complete", {"imageKey": image_key}),
            ("POST", "/images/upload-complete", {"imageKey": image_key, "guitarId": guitar_id}),
        ]

    foreign = calls(guitar["guitarId"], image["id"], open_key)
    unknown = calls(NEVER, NEVER, f"uploads/{other.user_id}x/{NEVER}-guitar.jpg")
    for (method, path, body), (_, never_path, never_body) in zip(foreign, unknown, strict=True):
        answer = await api.call(method, path, body, user=other)
        never = await api.call(method, never_path, never_body, user=other)
        assert answer.status in (400, 404), (method, path)
        assert (answer.status, answer.json) == (never.status, never.json), (method, path)

    own = await api.new_guitar(other)
    attach = await api.complete(other, open_key, guitarId=own["guitarId"])
    assert (attach.status, attach.fields) == (400, {"imageKey"})
    assert (await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data == guitar
    assert (await api.complete(user, open_key)).status == 200


async def test_lists_and_brands_hold_the_callers_own_guitars_alone(api: Api, user: User, other: User) -> None:
    mine = await api.new_guitar(user, brand="Only Mine")
    page = (await api.call("GET", "/guitars?limit=1&brand=Only%20Mine", user=other)).data

    assert page == {"guitars": []}
    assert (await api.call("GET", "/guitars", user=other)).data == {"guitars": []}
    assert (await api.call("GET", "/guitars/brands", user=other)).data == {"brands": []}
    assert (await api.call("GET", "/guitars", user=user)).data == {"guitars": [mine]}


async def test_a_page_token_of_another_leads_to_ones_own_guitars(api: Api, user: User, other: User) -> None:
    for _ in range(2):
        await api.new_guitar(user)
    own = await api.new_guitar(other)
    token = (await api.call("GET", "/guitars?limit=1", user=user)).data["nextToken"]

    page = (await api.call("GET", f"/guitars?nextToken={token}", user=other)).data

    assert [guitar["guitarId"] for guitar in page["guitars"]] == [own["guitarId"]]


async def test_accounts_are_apart(api: Api, user: User, other: User) -> None:
    await api.call("PUT", "/user/profile", {"preferences": {"mine": 1}}, user=user)
    await api.call("DELETE", "/user", user=other)

    profile = (await api.call("GET", "/user/profile", user=user)).data
    assert (profile["userId"], profile["preferences"]) == (user.user_id, {"mine": 1})
