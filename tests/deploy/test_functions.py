"""The entry points of the Lambda functions: what each imports, and how an event becomes a request."""

import subprocess
import sys
from base64 import b64encode
from importlib import import_module
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from deploy.functions.authorizer import AuthorizerEntry
from deploy.functions.payload import read_request, write_response
from emulation.logical_ids import logical_id
from emulation.settings import ROOT
from server.aws.clients import SERVICES
from server.aws.cognito_http import CognitoUnreachableError
from server.requests import Response
from server.routes import FUNCTIONS
from tests.deploy.reading import properties, read

# Payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
SDK = frozenset(
    [
        "aioboto3",
        "aiobotocore",
        "aiohappyeyeballs",
        "aiohttp",
        "aioitertools",
        "aiosignal",
        "attr",
        "boto3",
        "botocore",
        "dateutil",
        "frozenlist",
        "idna",
        "jmespath",
        "multidict",
        "propcache",
        "six",
        "urllib3",
        "wrapt",
        "yarl",
    ]
)
MODELS = frozenset(["annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection"])
ADDRESSES = frozenset({"email_validator"})
JSON = frozenset({"msgspec"})
TOKENS = frozenset({"cryptography", "jwt"})
PICTURES = frozenset({"PIL", "pi_heif"})
# What each function may import of others' packages when it starts.
IMPORTS = {
    "auth": SDK | MODELS | ADDRESSES | JSON,
    "user": SDK | MODELS | JSON,
    "guitars": SDK | MODELS | JSON,
    "images": SDK | MODELS | JSON | PICTURES,
    "post_confirmation": SDK | MODELS | JSON,
    "cleanup": SDK | MODELS | JSON,
    "authorizer": TOKENS,
}
# The SDK takes these where they are installed; the artifacts have neither.
TAKEN_IF_THERE = {"brotli", "certifi"}
HANDLERS = {"auth", "user", "guitars", "images"}


def imported_by(function: str) -> set[str]:
    """The modules that are there once a process of its own has imported the entry."""
    look = f"import sys; before = set(sys.modules); import deploy.functions.{function}; print(*set(sys.modules)-before)"
    run = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("function", sorted(IMPORTS))
def test_a_function_imports_the_packages_that_it_needs_and_no_other(function: str) -> None:
    modules = imported_by(function)
    packages = {name.partition(".")[0] for name in modules} & packages_distributions().keys() - TAKEN_IF_THERE
    handlers = {name.removeprefix("server.handlers.") for name in modules if name.startswith("server.handlers.")}

    assert {name for name in packages if not name.startswith("_")} == IMPORTS[function]
    assert handlers == {function} & HANDLERS
    assert "server.app" not in modules


@pytest.mark.parametrize("function", sorted(IMPORTS.keys() - {"authorizer"}))
def test_a_function_opens_the_clients_of_what_its_role_allows(function: str) -> None:
    told = properties(read(), logical_id(function))
    statements = [one for policy in told.get("Policies", []) for one in policy["Statement"]]
    actions = [
        action
        for one in statements
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    ]
    allowed = {action.partition(":")[0] for action in actions} & set(SERVICES)
    # Asked with the caller's own token, Cognito needs no right. Guitars are created by who may have no profile yet.
    asks_cognito = {"cognito-idp"} if function in {"auth", "user", "guitars"} else set()
    entry = import_module(f"deploy.functions.{function}").handler
    assert set(entry.aws_services) == allowed | asks_cognito


def test_every_function_of_a_route_has_an_entry() -> None:
    for function in FUNCTIONS:
        assert callable(import_module(f"deploy.functions.{function}").handler)


def event(**changed: Any) -> dict[str, Any]:
    context = {"http": {"method": "PUT", "path": "/guitars/1"}, "authorizer": {"lambda": {"userId": "u"}}}
    plain = {
        "version": "2.0",
        "routeKey": "PUT /guitars/{id}",
        "rawPath": "/guitars/1",
        "rawQueryString": "a=1&a=%C3%A9",
        "headers": {"If-Match": '"1"', "authorization": "Bearer x"},
        "requestContext": context,
        "pathParameters": {"id": "a b/ü"},
        "body": "{}",
        "isBase64Encoded": False,
    }
    return {**plain, **changed}


def test_an_event_is_read_as_a_request() -> None:
    request = read_request(event())

    assert request.path == {"id": "a b/ü"}
    assert request.query == "a=1&a=%C3%A9"
    assert request.headers == {"if-match": '"1"', "authorization": "Bearer x"}
    assert request.body == b"{}"
    assert request.authorizer == {"userId": "u"}


def test_a_body_in_base64_is_decoded() -> None:
    body = b"\xff\x00\xc3\xa9"
    assert read_request(event(body=b64encode(body).decode(), isBase64Encoded=True)).body == body


def test_cookies_are_a_header_again() -> None:
    assert read_request(event(cookies=["a=1", "b=2"])).headers["cookie"] == "a=1; b=2"


def test_an_event_without_body_and_values_is_read_too() -> None:
    bare = event(requestContext={"http": {}})
    for field in ("body", "pathParameters"):
        del bare[field]
    request = read_request(bare)

    assert (request.path, request.body, request.authorizer) == ({}, b"", None)


def test_a_response_is_written_as_a_result() -> None:
    response = Response(412, '{"a":"é"}'.encode(), {"content-type": "application/json; charset=utf-8"})

    assert write_response(response) == {
        "statusCode": 412,
        "headers": {"content-type": "application/json; charset=utf-8"},
        "body": '{"a":"é"}',
        "isBase64Encoded": False,
    }


def test_the_authorizer_raises_when_cognito_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "COGNITO_USER_POOL_ID": "us-east-1_none",
        "COGNITO_CLIENT_ID": "none",
    }.items():
        monkeypatch.setenv(name, value)
    header = "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AAAA"

    with pytest.raises(CognitoUnreachableError):
        AuthorizerEntry()({"identitySource": [header]}, None)
