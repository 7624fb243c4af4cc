"""Everything belongs to its owner: another's id is answered like one that never existed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.routes import ROUTES
from tests.api.client import Api, User
from tests.photographs import marked, phone_jpeg

NEVER = "019a0000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Ids:
    """What a user's requests name: a guitar with an image, a note and a receipt of its own, and an open upload."""

    guitar: str
    image: str
    note: str
    receipt_url: str
    key: str


Call = tuple[str, Any]
# operation -> the requests (a path, a body) that name what belongs to somebody
NAMING: dict[str, Callable[[Ids], list[Call]]] = {
    "get_guitar": lambda ids: [(f"/guitars/{ids.guitar}", None)],
    "update_guitar": lambda ids: [
        (f"/guitars/{ids.guitar}", {"year": 1990}),
        (f"/guitars/{ids.guitar}", {"images": [{"id": ids.image}]}),
        (f"/guitars/{ids.guitar}", {"notes": [{"id": ids.note, "content": "mine"}]}),
        (f"/guitars/{ids.guitar}", {"privateInfo": {"receiptUrl": ids.receipt_url}}),
    ],
    "delete_guitar": lambda ids: [(f"/guitars/{ids.guitar}", None)],
    "create_guitar": lambda ids: [
        ("/guitars", {"brand": "A", "model": "B", "images": [{"id": ids.image}]}),
        ("/guitars", {"brand": "A", "model": "B", "notes": [{"id": ids.note, "content": "mine"}]}),
        ("/guitars", {"brand": "A", "model": "B", "privateInfo": {"receiptUrl": ids.receipt_url}}),
    ],
    "complete_upload": lambda ids: [
        ("/images/upload-complete", {"imageKey": ids.key}),
        ("/images/upload-complete", {"imageKey": ids.key, "guitarId": ids.guitar}),
    ],
}
# They name nobody's things: the caller is all that they go by. Paging is tested below.
NAMING_NOTHING = {
    "get_profile",
    "update_profile",
    "rename_user",
    "start_mfa",
    "enable_mfa",
    "disable_mfa",
    "delete_user",
    "list_guitars",
    "list_brands",
    "create_upload_url",
}


def test_every_route_with_a_caller_is_tried_with_the_ids_of_another() -> None:
    assert NAMING.keys() | NAMING_NOTHING == {route.operation_id for route in ROUTES if route.auth}
    assert not NAMING.keys() & NAMING_NOTHING
    named = {route.operation_id for route in ROUTES if "{" in route.path}
    assert named <= NAMING.keys()


async def test_every_route_with_the_id_of_another_answers_as_if_there_were_none(
    api: Api, user: User, other: User
) -> None:
    guitar = await api.new_guitar(user, notes=[{"content": "private"}])
    key = await api.upload(user, phone_jpeg(marked()), "image/jpeg")
    image = (await api.complete(user, key, guitarId=guitar["guitarId"])).data
    receipt = await api.upload(user, phone_jpeg(marked()), "image/jpeg", purpose="receipt")
    receipt_url = (await api.complete(user, receipt, guitarId=guitar["guitarId"])).data["imageUrl"]
    open_key = await api.upload(user, phone_jpeg(marked()), "image/jpeg")
    before = (await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data
    foreign = Ids(guitar["guitarId"], image["id"], guitar["notes"][0]["id"], receipt_url, open_key)
    never_key = f"uploads/{other.user_id}x/{NEVER}-guitar.jpg"
    unknown = Ids(NEVER, NEVER, NEVER, receipt_url.replace(user.user_id, NEVER), never_key)

    for route in ROUTES:
        if route.operation_id not in NAMING:
            continue
        calls = NAMING[route.operation_id]
        for (path, body), (never_path, never_body) in zip(calls(foreign), calls(unknown), strict=True):
            answer = await api.call(route.method, path, body, user=other)
            never = await api.call(route.method, never_path, never_body, user=other)
            assert answer.status in (400, 404), (route.key, body)
            assert (answer.status, answer.json) == (never.status, never.json), (route.key, body)

    own = await api.new_guitar(other)
    attach = await api.complete(other, open_key, guitarId=own["guitarId"])
    assert (attach.status, attach.fields) == (400, {"imageKey"})
    assert await _without_urls(api, user, foreign.guitar) == _unsigned(before)
    assert (await api.complete(user, open_key)).status == 200
    assert (await api.call("GET", "/guitars", user=other)).data["guitars"] == [own]


async def _without_urls(api: Api, user: User, guitar_id: str) -> Any:
    return _unsigned((await api.call("GET", f"/guitars/{guitar_id}", user=user)).data)


def _unsigned(guitar: dict[str, Any]) -> dict[str, Any]:
    """A guitar without the signature of its receipt's URL, which each reading makes anew."""
    private = guitar["privateInfo"]
    return {**guitar, "privateInfo": {**private, "receiptUrl": private["receiptUrl"].partition("?")[0]}}


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
