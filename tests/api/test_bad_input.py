"""Bad input gets an answer from the error table with the field named, and nothing is written."""

from typing import Any

import pytest

from tests.api.client import Api, User

GOOD = b'"brand": "A", "model": "B"'


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"{" + GOOD + b"} trailing", "body"),
        (b'\xff\xfe{"brand": 1}', "body"),
        (b"{" + GOOD + b', "brand": "again"}', "body"),
        (b"{" + GOOD + b', "year": NaN}', "body"),
        (b"{" + GOOD + b', "year": -Infinity}', "body"),
        (b"[" * 100_000, "body"),
        (b'{"detailedSpecs": ' + b'{"a":' * 100_000, "body"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": 1e999999}}', "detailedSpecs"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": 1e-999999}}', "detailedSpecs"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": 1e99999999999999999999999}}', "body"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": ' + b"1" * 39 + b"}}", "detailedSpecs"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": ' + b"1" * 5000 + b"}}", "body"),
        (b"{" + GOOD + b', "detailedSpecs": {"": 1}}', "detailedSpecs"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": [{"": 1}]}}', "detailedSpecs"),
        (b"{" + GOOD + b', "detailedSpecs": {"a": "\\ud800"}}', "detailedSpecs"),
        (b"{" + GOOD + b', "detailedSpecs": {"\\ud800": 1}}', "detailedSpecs"),
        (b"{" + GOOD + b', "color": "\\udc00"}', "color"),
        (b"{" + GOOD + b', "\\ud800": 1}', "body"),
        (b"{" + GOOD + b', "colour": "red"}', "colour"),
        (b"{" + GOOD + b', "year": "1959"}', "year"),
        (b"{" + GOOD + b', "year": 1959.5}', "year"),
        (b"{" + GOOD + b', "year": true}', "year"),
        (b"{" + GOOD + b', "caseIncluded": "yes"}', "caseIncluded"),
        (b"{" + GOOD + b', "privateInfo": {"purchasePrice": "12"}}', "privateInfo.purchasePrice"),
        (b"{" + GOOD + b', "privateInfo": {"purchasePrice": -1}}', "privateInfo.purchasePrice"),
        (b"{" + GOOD + b', "privateInfo": {"receiptUrl": "https://example.com/x"}}', "privateInfo.receiptUrl"),
        (b"{" + GOOD + b', "privateInfo": {"receiptKey": "receipts/x"}}', "privateInfo.receiptKey"),
        (b"{" + GOOD + b', "notes": [{"content": ""}]}', "notes.0.content"),
        (b"{" + GOOD + b', "notes": [{"content": " "}]}', "notes.0.content"),
        (b"{" + GOOD + b', "notes": [{"id": "made-up", "content": "x"}]}', "notes.0.id"),
        (b"{" + GOOD + b', "notes": "text"}', "notes"),
        (b"{" + GOOD + b', "images": [{"id": "made-up"}]}', "images.0.id"),
        (b"{" + GOOD + b', "images": [{"caption": "x"}]}', "images.0.id"),
        (b'{"model": "B"}', "brand"),
        (b'{"brand": "", "model": "B"}', "brand"),
        (b'{"brand": " ", "model": "B"}', "brand"),
        (b'{"brand": null, "model": "B"}', "brand"),
        (b'{"brand": "' + b"a" * 101 + b'", "model": "B"}', "brand"),
    ],
)
async def test_a_wrong_guitar_is_refused_with_the_field_named(api: Api, user: User, raw: bytes, field: str) -> None:
    answer = await api.call("POST", "/guitars", raw=raw, user=user)

    assert (answer.status, answer.error["code"]) == (400, "GUITAR_VALIDATION_ERROR")
    assert answer.fields == {field}
    assert (await api.call("GET", "/guitars", user=user)).data == {"guitars": []}


async def test_a_text_of_a_wrong_form_is_told_what_is_asked_for(api: Api, user: User) -> None:
    blank = await api.call("POST", "/guitars", {"brand": " ", "model": "B"}, user=user)
    code = await api.call("PUT", "/user/mfa", {"code": "12345"}, user=user)

    assert blank.error["details"] == [{"field": "brand", "message": "must not be blank"}]
    assert code.error["details"] == [{"field": "code", "message": "must be six digits"}]


async def test_an_item_above_dynamodbs_limit_is_refused_and_one_below_is_kept(api: Api, user: User) -> None:
    body = {"brand": "A", "model": "B", "detailedSpecs": {"text": "x" * 409_000}}
    below = await api.call("POST", "/guitars", body, user=user)
    body["detailedSpecs"] = {"text": "x" * 409_600}
    above = await api.call("POST", "/guitars", body, user=user)

    assert below.status == 201
    assert (above.status, above.fields) == (400, {"detailedSpecs"})
    grown = {"notes": [{"content": "y" * 900}]}
    answer = await api.call("PUT", f"/guitars/{below.data['guitarId']}", grown, user=user)
    assert (answer.status, answer.fields) == (400, {"detailedSpecs"})
    assert len((await api.call("GET", "/guitars", user=user)).data["guitars"]) == 1


async def test_nesting_is_kept_to_what_dynamodb_takes(api: Api, user: User) -> None:
    below = await api.call("POST", "/guitars", {"brand": "A", "model": "B", "detailedSpecs": nested(29)}, user=user)
    above = await api.call("POST", "/guitars", {"brand": "A", "model": "B", "detailedSpecs": nested(30)}, user=user)

    assert below.data["detailedSpecs"] == nested(29)
    assert (above.status, above.fields) == (400, {"detailedSpecs"})


async def test_a_body_larger_than_any_item_is_refused_before_it_is_read_whole(api: Api, user: User) -> None:
    long_list = b'{"brand": "a", "model": "b", "detailedSpecs": {"x": [' + b"1," * 300_000 + b"1]}}"
    many = await api.call("POST", "/guitars", raw=long_list, user=user)
    large = await api.call("POST", "/guitars", raw=long_list.replace(b"1,", b"10000,"), user=user)

    assert (many.status, many.fields) == (400, {"detailedSpecs"})
    assert (large.status, large.fields) == (400, {"body"})


async def test_an_answer_names_some_of_many_wrong_fields(api: Api, user: User) -> None:
    answer = await api.call("POST", "/guitars", {f"unknown{number}": 1 for number in range(500)}, user=user)

    assert answer.status == 400
    assert 0 < len(answer.fields) <= 20


async def test_preferences_above_dynamodbs_limit_are_refused(api: Api, user: User) -> None:
    answer = await api.call("PUT", "/user/profile", {"preferences": {"a": "x" * 409_600}}, user=user)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "USER_VALIDATION_ERROR", {"preferences"})


@pytest.mark.parametrize(
    "name", ["../x.jpg", "a/b.jpg", "..", "a\\b.jpg", "a\n.jpg", "a\x00.jpg", "", "x" * 256, "🎸" * 200, "a:b"]
)
async def test_a_file_name_that_is_a_path_is_refused(api: Api, user: User, name: str) -> None:
    answer = await api.call("POST", "/images/upload-url", {"fileName": name, "fileType": "image/jpeg"}, user=user)

    assert (answer.status, answer.error["code"]) == (400, "IMAGE_UPLOAD_FAILED")
    assert answer.fields == {"fileName"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fileType": "image/gif"}, "fileType"),
        ({"fileType": "application/pdf"}, "fileType"),
        ({"fileSize": 0}, "fileSize"),
        ({"fileSize": 10 * 1024 * 1024 + 1}, "fileSize"),
        ({"fileSize": "12"}, "fileSize"),
        ({"purpose": "avatar"}, "purpose"),
        ({"method": "GET"}, "method"),
        ({"key": "images/x"}, "key"),
    ],
)
async def test_a_wrong_upload_request_is_refused(api: Api, user: User, change: dict[str, object], field: str) -> None:
    body = {"fileName": "a.jpg", "fileType": "image/jpeg", **change}

    answer = await api.call("POST", "/images/upload-url", body, user=user)

    assert (answer.status, answer.error["code"], answer.fields) == (400, "IMAGE_UPLOAD_FAILED", {field})


@pytest.mark.parametrize(
    "guitar_id",
    ["x", "%20", "..%2f..", "0", "%F0%9F%8E%B8", "x" * 2000, "019a0000-0000-7000-8000-000000000000", "null", "%00"],
)
async def test_a_made_up_guitar_id_is_not_found(api: Api, user: User, guitar_id: str) -> None:
    for method, body in (("GET", None), ("PUT", {"year": 1990}), ("DELETE", None)):
        answer = await api.call(method, f"/guitars/{guitar_id}", body, user=user)

        assert (answer.status, answer.error["code"]) == (404, "GUITAR_NOT_FOUND")
