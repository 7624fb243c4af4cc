"""Guitars: create, read, change, list, delete."""

import asyncio
import json
from decimal import Decimal
from typing import Any

from tests.api.client import Api, User
from tests.eventually import eventually

EVERY_ATTRIBUTE: dict[str, Any] = {
    "brand": "Gibson",
    "model": "Les Paul Standard '59",
    "year": 1959,
    "type": "electric",
    "bodyMaterial": "Mahogany",
    "neckMaterial": "Mahogany",
    "fretboardMaterial": "Rosewood",
    "numberOfFrets": 22,
    "scaleLength": '24.75"',
    "pickupConfiguration": "HH",
    "color": "Cherry Sunburst 🍒",
    "finish": "Nitrocellulose",
    "tuningMachines": "Kluson",
    "bridge": "ABR-1",
    "nut": "Nylon",
    "electronics": "2 volume, 2 tone",
    "caseIncluded": True,
    "countryOfOrigin": "USA",
    "detailedSpecs": {"weight": Decimal("3.95"), "pickups": [{"name": "PAF", "kOhm": Decimal("7.8")}], "tone": {}},
    "privateInfo": {
        "serialNumber": "9 0001",
        "purchaseDate": "2001-05-01",
        "originalRetailPrice": Decimal("265.00"),
        "purchasePrice": Decimal("12345678.90"),
        "purchaseLocation": "Nashville",
        "currentValue": 250000,
        "currency": "USD",
        "insuranceInfo": "Policy 7",
    },
}


async def put(api: Api, user: User, guitar: dict[str, Any], **change: Any) -> dict[str, Any]:
    answer = await api.call("PUT", f"/guitars/{guitar['guitarId']}", change, user=user)
    data: dict[str, Any] = answer.data
    return data


async def test_every_attribute_comes_back_as_it_was_sent(api: Api, user: User) -> None:
    created = await api.call("POST", "/guitars", EVERY_ATTRIBUTE, user=user)
    read = await api.call("GET", f"/guitars/{created.data['guitarId']}", user=user)

    assert created.status == 201
    assert {name: read.data[name] for name in EVERY_ATTRIBUTE} == EVERY_ATTRIBUTE
    assert read.data == created.data
    assert read.data["userId"] == user.user_id
    assert read.data["notes"] == read.data["images"] == []
    assert read.data["createdAt"] == read.data["updatedAt"]
    assert read.data["createdAt"].endswith("Z")


async def test_numbers_stay_exact(api: Api, user: User) -> None:
    numbers = {"a": Decimal("0.1"), "b": Decimal("12345678.90"), "c": 2**80, "d": Decimal("-1E-30"), "e": 0}
    guitar = await api.new_guitar(user, detailedSpecs=numbers)
    raw = await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)

    assert raw.data["detailedSpecs"] == numbers
    assert b'"a":0.1,' in raw.body


async def test_a_number_is_answered_when_it_is_written_as_when_it_is_read(api: Api, user: User) -> None:
    numbers = b"[-0.0, 0e5, -0E-7, 1.50, 1.0, 1e2, 2E+40, 1E+125, -1e-130, 0.00, 12345678.90]"
    body = b'{"brand": "B", "model": "M", "privateInfo": {"currentValue": 250.0}, "detailedSpecs": {"n": %b}}' % numbers
    created = await api.call("POST", "/guitars", raw=body, user=user)
    read = await api.call("GET", f"/guitars/{created.data['guitarId']}", user=user)

    assert created.body == read.body
    assert read.data["detailedSpecs"]["n"] == json.loads(numbers, parse_float=Decimal)
    assert b"[0,0,0,1.5,1,100,2" in read.body
    assert b'"currentValue":250}' in read.body


async def test_a_zero_with_a_long_exponent_is_a_zero(api: Api, user: User) -> None:
    body = b'{"brand": "B", "model": "M", "detailedSpecs": {"n": [0e-99999999, -0e99999999]}}'
    created = await api.call("POST", "/guitars", raw=body, user=user)

    assert created.data["detailedSpecs"] == {"n": [0, 0]}


async def test_a_put_changes_what_it_names_and_removes_what_is_null(api: Api, user: User) -> None:
    guitar = await api.new_guitar(
        user, year=1960, color="red", detailedSpecs={"a": 1, "b": {"c": 2, "d": 3}}, privateInfo={"currency": "EUR"}
    )

    changed = await put(
        api,
        user,
        guitar,
        year=1961,
        color=None,
        detailedSpecs={"b": {"c": None, "e": 4}},
        privateInfo={"serialNumber": "1"},
    )

    assert changed["year"] == 1961
    assert "color" not in changed
    assert changed["detailedSpecs"] == {"a": 1, "b": {"d": 3, "e": 4}}
    assert changed["privateInfo"] == {"currency": "EUR", "serialNumber": "1"}
    assert changed["createdAt"] == guitar["createdAt"]
    assert changed["updatedAt"] > guitar["updatedAt"]
    assert (await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data == changed


async def test_a_guitar_that_was_read_can_be_put_back(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user, **{**EVERY_ATTRIBUTE, "notes": [{"content": "new strings"}]})

    assert await put(api, user, guitar, **guitar) == guitar


async def test_what_the_server_writes_is_refused_from_a_client(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    path = f"/guitars/{guitar['guitarId']}"

    for name in ("userId", "guitarId", "createdAt", "updatedAt"):
        created = await api.call("POST", "/guitars", {"brand": "A", "model": "B", name: "x"}, user=user)
        changed = await api.call("PUT", path, {name: "x"}, user=user)
        for answer in (created, changed):
            assert (answer.status, answer.error["code"]) == (400, "GUITAR_VALIDATION_ERROR")
            assert answer.fields == {name}


async def test_brand_and_model_cannot_be_removed(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)

    for name in ("brand", "model"):
        answer = await api.call("PUT", f"/guitars/{guitar['guitarId']}", {name: None}, user=user)
        assert (answer.status, answer.fields) == (400, {name})


async def test_notes_are_a_whole_list(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user, notes=[{"content": "one"}, {"content": "two"}])
    one, two = guitar["notes"]

    changed = await put(api, user, guitar, notes=[{"id": two["id"], "content": "two!"}, {"content": "three"}])

    assert [note["content"] for note in changed["notes"]] == ["two!", "three"]
    assert changed["notes"][0]["createdAt"] == two["createdAt"]
    assert changed["notes"][1]["id"] not in (one["id"], two["id"])


async def test_a_note_of_another_guitar_is_refused(api: Api, user: User) -> None:
    first = await api.new_guitar(user, notes=[{"content": "mine"}])
    second = await api.new_guitar(user)

    body = {"notes": [{"id": first["notes"][0]["id"], "content": "stolen"}]}
    answer = await api.call("PUT", f"/guitars/{second['guitarId']}", body, user=user)

    assert (answer.status, answer.fields) == (400, {"notes.0.id"})


async def test_an_etag_guards_against_a_lost_update(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    path = f"/guitars/{guitar['guitarId']}"
    etag = (await api.call("GET", path, user=user)).headers["ETag"]

    first = await api.call("PUT", path, {"year": 1970}, user=user, headers={"If-Match": etag})
    second = await api.call("PUT", path, {"year": 1980}, user=user, headers={"If-Match": etag})
    third = await api.call("PUT", path, {"year": 1990}, user=user, headers={"If-Match": first.headers["ETag"]})

    assert (second.status, second.error["code"]) == (412, "PRECONDITION_FAILED")
    assert third.data["year"] == 1990
    deleted = await api.call("DELETE", path, user=user, headers={"If-Match": etag})
    assert deleted.status == 412


async def test_of_parallel_edits_with_an_etag_one_wins(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    path = f"/guitars/{guitar['guitarId']}"
    etag = (await api.call("GET", path, user=user)).headers["ETag"]

    answers = await asyncio.gather(
        *(api.call("PUT", path, {"year": 1900 + number}, user=user, headers={"If-Match": etag}) for number in range(10))
    )

    assert sorted(answer.status for answer in answers) == [200] + [412] * 9


async def test_parallel_edits_of_different_fields_are_all_kept(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    names = ["color", "finish", "bridge", "nut", "electronics", "scaleLength"]

    await asyncio.gather(*(put(api, user, guitar, **{name: name}) for name in names))

    final = (await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data
    assert {name: final[name] for name in names} == {name: name for name in names}


async def test_a_deleted_guitar_is_gone(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user)
    path = f"/guitars/{guitar['guitarId']}"

    assert (await api.call("DELETE", path, user=user)).data == {"guitarId": guitar["guitarId"]}
    for method, body in (("GET", None), ("PUT", {"year": 1990}), ("DELETE", None)):
        answer = await api.call(method, path, body, user=user)
        assert (answer.status, answer.error["code"]) == (404, "GUITAR_NOT_FOUND")


async def list_all(api: Api, user: User, query: str) -> list[dict[str, Any]]:
    guitars: list[dict[str, Any]] = []
    token = ""
    while True:
        page = (await api.call("GET", f"/guitars?{query}{token}", user=user)).data
        guitars += page["guitars"]
        if "nextToken" not in page:
            return guitars
        token = f"&nextToken={page['nextToken']}"


async def test_a_list_comes_in_pages_in_the_order_of_creation(api: Api, user: User) -> None:
    made = [await api.new_guitar(user, model=f"Model {number}") for number in range(7)]

    first = (await api.call("GET", "/guitars?limit=3", user=user)).data

    assert first["guitars"] == made[:3]
    assert await list_all(api, user, "limit=3") == made


async def test_a_list_that_is_read_while_others_write_has_every_old_guitar_once(api: Api, user: User) -> None:
    old = [(await api.new_guitar(user, model=f"Old {number}"))["guitarId"] for number in range(12)]
    lists: list[list[str]] = []

    async def write(number: int) -> None:
        guitar = await api.new_guitar(user, model=f"New {number}")
        await put(api, user, guitar, year=1960)
        assert (await api.call("DELETE", f"/guitars/{guitar['guitarId']}", user=user)).status == 200

    async def read() -> None:
        lists.append([guitar["guitarId"] for guitar in await list_all(api, user, "limit=2")])

    for _ in range(3):
        await asyncio.gather(*(write(number) for number in range(5)), *(read() for _ in range(3)))

    assert len(lists) == 9
    for found in lists:
        assert [guitar_id for guitar_id in found if guitar_id in old] == old
        assert len(set(found)) == len(found)


async def test_filters_narrow_the_list(api: Api, user: User) -> None:
    for brand, kind, year in (("Fender", "electric", 1954), ("Fender", "bass", 1960), ("Martin", "acoustic", 1960)):
        await api.new_guitar(user, brand=brand, type=kind, year=year)
    await api.new_guitar(user, brand="Martin")

    async def found(query: str) -> list[tuple[str, int | None]]:
        return sorted(((guitar["brand"], guitar.get("year")) for guitar in await list_all(api, user, query)), key=str)

    async def brand_index_caught_up() -> bool:
        return len(await found("brand=Fender")) == 2 and len(await found("brand=Martin")) == 2

    assert await eventually(brand_index_caught_up)
    assert await found("type=bass") == [("Fender", 1960)]
    assert await found("yearFrom=1955&yearTo=1960") == [("Fender", 1960), ("Martin", 1960)]
    assert await found("brand=Fender&yearTo=1955&limit=1") == [("Fender", 1954)]
    assert await found("brand=Martin&type=acoustic") == [("Martin", 1960)]
    assert await found("brand=Nobody") == []
    assert await found("type=bass&limit=1") == [("Fender", 1960)]


async def test_pages_of_one_brand_are_complete(api: Api, user: User) -> None:
    made = {(await api.new_guitar(user, brand="Ibanez"))["guitarId"] for _ in range(5)}

    async def found() -> bool:
        guitars = await list_all(api, user, "brand=Ibanez&limit=2")
        return {guitar["guitarId"] for guitar in guitars} == made and len(guitars) == 5

    assert await eventually(found)


async def test_brands_are_sorted_and_each_once(api: Api, user: User) -> None:
    for brand in ("Martin", "Fender", "Martin", "Äpfel"):
        await api.new_guitar(user, brand=brand)

    assert (await api.call("GET", "/guitars/brands", user=user)).data == {"brands": ["Fender", "Martin", "Äpfel"]}


async def list_brands(api: Api, user: User) -> list[str]:
    brands: list[str] = (await api.call("GET", "/guitars/brands", user=user)).data["brands"]
    return brands


async def test_a_brand_goes_with_its_last_guitar_and_comes_back_with_the_next(api: Api, user: User) -> None:
    first, second = [await api.new_guitar(user, brand="Gretsch") for _ in range(2)]
    await api.call("DELETE", f"/guitars/{first['guitarId']}", user=user)
    assert await list_brands(api, user) == ["Gretsch"]
    await api.call("DELETE", f"/guitars/{second['guitarId']}", user=user)
    assert await list_brands(api, user) == []
    await api.new_guitar(user, brand="Gretsch")
    assert await list_brands(api, user) == ["Gretsch"]


async def test_a_change_of_brand_moves_the_guitar_in_the_list_of_brands(api: Api, user: User) -> None:
    guitar = await api.new_guitar(user, brand="Fendre")
    path = f"/guitars/{guitar['guitarId']}"
    for body in ({"brand": "Fender"}, {"brand": "Fender", "year": 1960}, {"color": "red"}):
        assert (await api.call("PUT", path, body, user=user)).status == 200
        assert await list_brands(api, user) == ["Fender"]


async def test_wrong_queries_are_refused_with_the_field_named(api: Api, user: User) -> None:
    for query, field in (
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("limit=1_0", "limit"),
        ("yearFrom=2000&yearTo=1990", "query"),
        ("nextToken=made-up", "nextToken"),
        ("nextToken=AAAAAAAAAAAAAAAAAAAAAA", "nextToken"),
        ("brand=", "brand"),
        ("colour=red", "colour"),
        ("brand=a&brand=b", "query"),
        ("brand=%ff", "query"),
    ):
        answer = await api.call("GET", f"/guitars?{query}", user=user)

        assert (answer.status, answer.error["code"]) == (400, "GUITAR_VALIDATION_ERROR"), query
        assert answer.fields == {field}, query
