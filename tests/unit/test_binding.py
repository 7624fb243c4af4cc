"""The binder refuses at import what could not be called, and words what a client sends wrongly."""

import json
import re

import pytest

from server.binding import Binder, HandlerSignatureError, read_json, read_query
from server.caller import Caller
from server.errors import InvalidInputError
from server.models.base import FORMS_IN_WORDS
from server.models.user import NameUpdate, Profile
from server.routes import ROUTES
from server.services import Services


async def with_id(services: Services, caller: Caller, id: str) -> Profile:
    raise NotImplementedError


async def with_body(services: Services, body: NameUpdate) -> Profile:
    raise NotImplementedError


async def with_plain_body(services: Services, body: dict[str, str]) -> Profile:
    raise NotImplementedError


async def with_stranger(services: Services, request: object) -> Profile:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("handler", "path", "auth"),
    [
        (with_id, "/guitars", True),
        (with_id, "/guitars/{guitarId}", True),
        (with_id, "/guitars/{id}", False),
        (with_body, "/user", True),
        (with_plain_body, "/user", False),
        (with_stranger, "/user", False),
    ],
)
def test_a_handler_that_does_not_fit_its_route_fails_at_import(handler: object, path: str, auth: bool) -> None:
    with pytest.raises(HandlerSignatureError):
        Binder(handler, path, auth)  # type: ignore[arg-type]


def test_a_handler_that_fits_is_bound_with_its_models() -> None:
    assert Binder(with_id, "/guitars/{id}", auth=True).body_model is None
    assert Binder(with_body, "/user", auth=False).body_model is NameUpdate


def test_every_form_that_a_text_must_have_is_told_in_words() -> None:
    asked = {route.binder.body_model for route in ROUTES} | {route.binder.query_model for route in ROUTES}
    schemas = json.dumps([model.model_json_schema() for model in asked if model])

    assert {json.loads(form) for form in re.findall(r'"pattern": (".*?")[,}]', schemas)} == FORMS_IN_WORDS.keys()


@pytest.mark.parametrize("body", [b"", b"[1]", b"nul", b'{"a": 1, "a": 2}', b"\xff", b'{"a": NaN}', b"[" * 5000])
def test_a_body_that_is_no_json_object_is_invalid_input(body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_json(body)


def test_numbers_of_a_body_are_exact_and_a_byte_order_mark_is_let_pass() -> None:
    number = "12345678901234567890.10"

    assert repr(read_json(f'\ufeff{{"a": {number}, "b": 7}}'.encode())) == f"{{'a': Decimal('{number}'), 'b': 7}}"


def test_a_query_is_read_percent_encoded_and_each_name_once() -> None:
    assert read_query("brand=Fender%20%26%20Co&type=") == {"brand": "Fender & Co", "type": ""}
    for query in ("a=1&a=2", "a=%ff", "&".join(f"a{number}=1" for number in range(60))):
        with pytest.raises(InvalidInputError):
            read_query(query)
