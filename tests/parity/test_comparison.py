"""What the comparison of targets takes for a difference, and what it does not."""

import json
from typing import Any

import pytest

from tests.parity.comparison import compare, normalize, normalize_body, read_answers, route_of
from tests.parity.recorder import Exchange

ADDRESS = "http://localhost:8001"


def exchange(number: int = 1, **changed: Any) -> Exchange:
    plain: dict[str, Any] = {
        "test": "tests/api/test_guitars.py::test_one",
        "number": number,
        "at_once": False,
        "method": "GET",
        "url": f"{ADDRESS}/guitars",
        "asker": "a",
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": '{"success": true}',
    }
    return Exchange(**{**plain, **changed})


def differences(one: list[Exchange], other: list[Exchange]) -> list[str]:
    return [str(found) for found in compare(read_answers(one), read_answers(other))]


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("guitarId", "019fa000-0000-7000-8000-000000000000", "019fa111-1111-7111-8111-111111111111"),
        ("createdAt", "2026-01-31T12:00:00.000000Z", "2026-02-01T12:00:00.000001Z"),
        ("accessToken", "eyJh.eyJz.c2ln", "anything"),
        ("email", "o'brien1d4ef502@example.com", "o'brien80b048fa@example.com"),
        ("imageUrl", "http://localhost:8000/images/a.jpg", "http://127.0.0.1:18000/images/a.jpg"),
        (
            "uploadUrl",
            "http://localhost:1/b/k?X-Amz-Signature=00ff&X-Amz-Expires=300",
            "http://localhost:2/b/k?X-Amz-Signature=aa11&X-Amz-Expires=300",
        ),
    ],
)
def test_ids_times_tokens_and_addresses_may_differ(field: str, one: str, other: str) -> None:
    bodies = [json.dumps({"data": {field: value}}) for value in (one, other)]

    assert normalize_body(bodies[0]) == normalize_body(bodies[1])


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 201},
        {"body": '{"success": false}'},
        {"body": '{"success": true, "more": 1}'},
        {"headers": {"content-type": "text/plain"}},
        {"headers": {"content-type": "application/json", "retry-after": "2"}},
    ],
    ids=["the status", "a value", "a field", "a header", "one header more"],
)
def test_every_other_difference_counts(changed: dict[str, Any]) -> None:
    [found] = differences([exchange()], [exchange(**changed)])

    assert "test_one GET /guitars #1" in found


def test_what_one_target_was_not_asked_is_a_difference() -> None:
    [found] = differences([exchange(), exchange(2, method="POST")], [exchange()])

    assert "not asked" in found


def test_a_picture_is_compared_by_its_content() -> None:
    assert normalize("9 bytes, SHA-256 00ff00ff00ff00ff") == "9 bytes, SHA-256 00ff00ff00ff00ff"
    assert normalize("public, max-age=31536000, immutable") == "public, max-age=31536000, immutable"


def test_of_a_question_that_waits_only_the_last_answer_counts() -> None:
    other = exchange(3, url=f"{ADDRESS}/guitars/brands")
    waiting = [exchange(1, status=404), exchange(2, status=404), other, exchange(4)]

    assert differences(waiting, [exchange(1), other]) == []
    assert [answer.status for answer in read_answers(waiting).values()] == [200, 200]


def test_a_question_after_a_change_or_of_somebody_else_is_another_one() -> None:
    change = exchange(2, method="PUT", url=f"{ADDRESS}/guitars/1")
    asked = [exchange(1), change, exchange(3), exchange(4, asker="b")]

    assert len(read_answers(asked)) == 4


def test_answers_at_once_come_in_any_order() -> None:
    first = [exchange(1, at_once=True, body='{"n": 1}'), exchange(2, at_once=True, status=412, body='{"e": 1}')]
    second = [exchange(1, at_once=True, status=412, body='{"e": 1}'), exchange(2, at_once=True, body='{"n": 2}')]
    refused = [exchange(1, at_once=True, status=412, body='{"e": 1}'), exchange(2, at_once=True, status=412)]

    assert differences(first, second) == []
    assert differences(first, refused)


def test_how_often_is_read_while_others_write_does_not_count() -> None:
    change = exchange(1, at_once=True, method="PUT", url=f"{ADDRESS}/guitars/1")
    pages = [exchange(number, at_once=True, body=f'{{"page": {number}}}') for number in range(2, 6)]
    unwell = exchange(3, at_once=True, status=503)

    assert differences([change, *pages[:2]], [change, *pages]) == []
    assert differences([change, *pages], [change, pages[0], unwell])


def test_the_last_of_those_that_ask_at_once_may_be_alone() -> None:
    together = [exchange(number, at_once=True, method="POST", body=f'{{"n": {number}}}') for number in (1, 2)]
    last_alone = [together[0], exchange(2, method="POST", body='{"n": 2}')]
    read = [exchange(3, at_once=True), exchange(4, url=f"{ADDRESS}/guitars?nextToken=a")]

    assert differences([*together, read[0]], [*last_alone, *read]) == []
    # Who asks alone from the beginning is compared by what is answered.
    assert differences([exchange(1), *together], [exchange(1, body="{}"), *together])


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("PUT", "/guitars/a%20b", "PUT /guitars/{id}"),
        ("GET", "/guitars/brands", "GET /guitars/brands"),
        ("GET", "/api/guitars", "GET /guitars, front door"),
        ("PATCH", "/guitars", "no route"),
        ("PUT", "/guitar-collection-uploads-dev-1/uploads/u/x.jpg", "PUT to a bucket"),
        ("GET", "/images/u/x.jpg", "GET of a picture, front door"),
    ],
)
def test_an_exchange_belongs_to_its_route(method: str, path: str, route: str) -> None:
    assert route_of(exchange(method=method, url=f"{ADDRESS}{path}")) == route
