"""What the black-box suite holds each answer to."""

import json
from typing import Any

import pytest

from emulation.openapi.document import build_document
from tests.api.contract import Contract, UndocumentedError


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(json.loads(json.dumps(build_document(), default=float)))


def error(code: str, status: int) -> Any:
    return {"success": False, "error": {"code": code, "message": "No", "statusCode": status}}


def check(contract: Contract, request: str, status: int, answer: Any, sent: Any = None, etag: str = "") -> None:
    operation = contract.find(*request.split())
    assert operation is not None
    contract.check(operation, status, {"ETag": etag}, json.dumps(answer).encode(), json.dumps(sent).encode())


def test_a_request_belongs_to_the_operation_that_the_api_serves_it_with(contract: Contract) -> None:
    assert contract.find("GET", "/guitars/brands") == ("/guitars/brands", "get")
    assert contract.find("DELETE", "/guitars/brands") == ("/guitars/{id}", "delete")
    assert contract.find("PATCH", "/guitars/1") is None
    assert contract.find("GET", "/nowhere") is None


def test_what_is_documented_passes(contract: Contract) -> None:
    check(contract, "GET /guitars/brands", 200, {"success": True, "data": {"brands": ["Fender"]}})
    check(contract, "GET /guitars/1", 404, error("GUITAR_NOT_FOUND", 404))
    check(contract, "GET /guitars/1", 401, {"message": "Unauthorized"})


@pytest.mark.parametrize(
    ("request_line", "status", "answer"),
    [
        pytest.param("GET /guitars/brands", 418, {}, id="status"),
        pytest.param("GET /guitars/brands", 404, error("GUITAR_NOT_FOUND", 404), id="status of another route"),
        pytest.param("GET /guitars/1", 404, error("USER_NOT_FOUND", 404), id="code"),
        pytest.param("GET /guitars/1", 404, error("GUITAR_NOT_FOUND", 400), id="status in the body"),
        pytest.param("GET /guitars/brands", 200, {"success": True, "data": {"brands": [], "more": 1}}, id="field"),
        pytest.param("GET /guitars/brands", 200, {"success": True, "data": {"brands": [1]}}, id="type"),
    ],
)
def test_what_is_not_documented_fails(contract: Contract, request_line: str, status: int, answer: Any) -> None:
    with pytest.raises(UndocumentedError):
        check(contract, request_line, status, answer)


def test_a_body_that_was_taken_must_be_a_described_one(contract: Contract) -> None:
    answer = {"success": True, "data": {"enabled": True}}
    check(contract, "PUT /user/mfa", 200, answer, {"code": "123456"})
    with pytest.raises(UndocumentedError):
        check(contract, "PUT /user/mfa", 200, answer, {"code": 123456})


def test_a_guitar_without_etag_fails(contract: Contract) -> None:
    moment = "2026-01-31T12:00:00.000000Z"
    guitar = {
        "userId": "0b8f3a52-61d4-4f0c-9f0e-5a1f3a6f2c11",
        "guitarId": "01977b3e-5c00-7a10-8b2e-3f4c5d6e7f80",
        "brand": "Fender",
        "model": "Telecaster",
        "notes": [],
        "images": [],
        "createdAt": moment,
        "updatedAt": moment,
    }
    answer = {"success": True, "data": guitar}
    check(contract, "GET /guitars/1", 200, answer, etag='"1"')
    with pytest.raises(UndocumentedError):
        check(contract, "GET /guitars/1", 200, answer)
    with pytest.raises(UndocumentedError):
        check(contract, "GET /guitars/1", 200, {"success": True, "data": guitar | {"createdAt": "today"}}, etag='"1"')
