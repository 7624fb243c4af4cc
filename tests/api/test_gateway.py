"""What API Gateway itself answers on an HTTP API. The front door adds what CloudFront does."""

import asyncio
import base64
import gzip
import json
import secrets

import pytest
from yarl import URL

from tests.api.client import Answer, Api, User

SITE = "http://localhost:5173"
ROUTES = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html"
AUTHORIZERS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"
CORS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
QUOTAS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"


@pytest.mark.aws("A request that matches no route is answered with 404 Not Found, whatever its method.", ROUTES)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/nothing"), ("PATCH", "/guitars"), ("GET", "/auth/login"), ("GET", "/guitars/")],
)
async def test_an_http_api_answers_no_route_with_not_found(api: Api, method: str, path: str) -> None:
    answer = await api.call(method, path)

    assert (answer.status, answer.body) == (404, b'{"message":"Not Found"}')
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("value", ["{id}", "%7Bid%7D", "{", "a:b"])
async def test_a_value_of_a_path_is_whatever_has_no_slash(api: Api, user: User, value: str) -> None:
    answer = await api.fetch(
        "GET",
        URL(f"{api.target.api_url}/guitars/{value}", encoded=True),
        headers={"Authorization": f"Bearer {user.access_token}"},
    )

    assert (answer.status, answer.error["code"]) == (404, "GUITAR_NOT_FOUND")


@pytest.mark.aws("A request without the identity source is answered with 401 Unauthorized.", AUTHORIZERS)
@pytest.mark.parametrize("path", ["/guitars", "/guitars/brands", "/user/profile"])
async def test_a_missing_identity_source_is_unauthorized_without_asking_the_authorizer(api: Api, path: str) -> None:
    answer = await api.call("GET", path)

    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})


async def test_no_answer_names_the_software_behind_it(api: Api, user: User) -> None:
    for path in ("/guitars", "/guitars/none", "/nothing"):
        bare = await api.call("GET", path, user=user)
        through = await api.call("GET", path, user=user, base=f"{api.target.front_door_url}/api")
        assert "Server" not in bare.headers, path
        assert through.headers["Server"] == "CloudFront", path


async def test_through_the_front_door_a_missing_token_has_the_envelope(api: Api) -> None:
    answer = await api.call("GET", "/guitars", base=f"{api.target.front_door_url}/api")

    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


def forged(token: str, header: dict[str, object], **changed: object) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "==="))
    return f"{part(header)}.{part({**claims, **changed})}.{token.split('.')[2]}"


async def test_tokens_that_the_pool_did_not_sign_for_access_are_refused(api: Api, user: User) -> None:
    header = json.loads(base64.urlsafe_b64decode(user.access_token.split(".")[0] + "==="))
    head, payload, signature = user.access_token.split(".")
    tokens = {
        "text": "made-up",
        "an id token": user.id_token,
        "a refresh token": user.refresh_token,
        "alg none": forged(user.access_token, {**header, "alg": "none"}),
        "no signature": f"{head}.{payload}.",
        "HS256": forged(user.access_token, {**header, "alg": "HS256"}),
        "an unknown key": forged(user.access_token, {**header, "kid": "unknown"}),
        "another user": forged(user.access_token, header, sub="somebody-else"),
        "a longer life": forged(user.access_token, header, exp=4102444800),
        "a broken signature": f"{head}.{payload}.{signature[:-6]}AAAAAA",
        "long": "a." * 3_000,
    }
    for kind, token in tokens.items():
        answer = await api.call("GET", "/guitars", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED"), kind
    for value in ("none", "Basic abc", user.access_token, "Bearer", f"Digest {user.access_token}"):
        answer = await api.call("GET", "/guitars", headers={"Authorization": value})
        assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED"), value


async def test_a_token_that_is_no_text_is_unauthorized(api: Api) -> None:
    host, _, port = api.target.api_url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /guitars HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"AUTH_UNAUTHORIZED" in answer


async def test_a_compressed_body_reaches_the_handler_as_it_is(api: Api) -> None:
    for base in (api.target.api_url, f"{api.target.front_door_url}/api"):
        for body in (gzip.compress(b"{}"), b"{}"):
            headers = {"Content-Encoding": "gzip"}
            answer = await api.call("POST", "/auth/forgot-password", raw=body, headers=headers, base=base)
            assert (answer.status, answer.error["code"]) == (400, "AUTH_VALIDATION_ERROR"), base


async def test_the_scheme_of_the_token_may_be_of_any_case(api: Api, user: User) -> None:
    answer = await api.call("GET", "/guitars", headers={"Authorization": f"bearer {user.access_token}"})

    assert answer.status == 200


@pytest.mark.aws("A preflight is answered for the configured origins; for others without CORS headers.", CORS)
async def test_a_preflight_is_answered_for_the_configured_sites_alone(api: Api) -> None:
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization,if-match"}
    allowed = await api.call("OPTIONS", "/guitars", headers={"Origin": SITE, **asked})
    refused = await api.call("OPTIONS", "/guitars", headers={"Origin": "https://evil.example", **asked})

    assert allowed.status == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == SITE
    assert "PUT" in allowed.headers["Access-Control-Allow-Methods"]
    assert "if-match" in allowed.headers["Access-Control-Allow-Headers"]
    assert refused.status == 204
    assert "Access-Control-Allow-Origin" not in refused.headers


@pytest.mark.aws("API Gateway adds the CORS headers to every answer for a configured origin.", CORS)
async def test_errors_carry_the_cors_headers_too(api: Api, user: User) -> None:
    for answer in (
        await api.call("GET", "/guitars", headers={"Origin": SITE}),
        await api.call("GET", "/nothing", headers={"Origin": SITE}),
        await api.call("GET", f"/guitars/{secrets.token_hex(4)}", user=user, headers={"Origin": SITE}),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == SITE
        assert "etag" in answer.headers["Access-Control-Expose-Headers"]
    foreign = await api.call("GET", "/guitars", user=user, headers={"Origin": "https://evil.example"})
    assert foreign.status == 200
    assert "Access-Control-Allow-Origin" not in foreign.headers


@pytest.mark.aws("A payload above 10 MB is answered with 413.", QUOTAS)
async def test_a_payload_above_ten_megabytes_is_refused(api: Api, user: User) -> None:
    answer = await api.call("POST", "/guitars", raw=b" " * (10 * 1024 * 1024 + 1), user=user)

    assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})


@pytest.mark.aws(
    "An event above the 6 MB that Lambda takes is refused, Base64 counted in; one below is handed on.", LAMBDA
)
async def test_a_payload_that_lambda_would_refuse_as_an_event_never_reaches_the_handler(api: Api, user: User) -> None:
    async def post(size: int, content_type: str) -> Answer:
        headers = {"Content-Type": content_type}
        return await api.call("POST", "/guitars", raw=b" " * size, user=user, headers=headers)

    limit = 6 * 1024 * 1024
    for content_type, most in (("application/json", limit), ("application/octet-stream", limit * 3 // 4)):
        # The rest of an event takes its part too.
        below, above = await post(most - 8192, content_type), await post(most, content_type)
        assert (below.status, below.error["code"]) == (400, "GUITAR_VALIDATION_ERROR"), content_type
        assert (above.status, above.json) == (413, {"message": "Request Entity Too Large"}), content_type
