"""What runs out with time, shown by letting everything that was issued so far be older."""

from typing import Any

import aiohttp
import pytest

from tests.api.client import Answer, Api, User, new_password
from tests.photographs import encode, marked
from tests.targets import Pass

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TOKENS = (
    "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html"
)
AUTHORIZERS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"
PRESIGNED = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"
POST_POLICY = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html"
CODES = "https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html"


async def list_guitars(api: Api, user: User) -> Answer:
    return await api.call("GET", "/guitars", user=user)


@pytest.mark.aws("An access token runs out with the client's AccessTokenValidity; a refresh gives a new one.", TOKENS)
async def test_an_access_token_runs_out_after_an_hour_and_is_refreshed(api: Api, let_pass: Pass) -> None:
    user = await api.new_user()
    await let_pass(59 * MINUTE)
    assert (await list_guitars(api, user)).status == 200

    await let_pass(2 * MINUTE)
    refused = await list_guitars(api, user)
    assert (refused.status, refused.error["code"]) == (401, "AUTH_TOKEN_EXPIRED")

    api.keep_tokens(user, (await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})).data)
    assert (await list_guitars(api, user)).status == 200


@pytest.mark.aws(
    "A decision of the authorizer is used for its time to live, whatever becomes of the token.", AUTHORIZERS
)
async def test_a_token_that_runs_out_while_the_decision_about_it_is_cached_is_refused(api: Api, let_pass: Pass) -> None:
    user = await api.new_user()
    await let_pass(HOUR - 2 * MINUTE)
    assert (await list_guitars(api, user)).status == 200

    # Two minutes and a bit: the decision is good for five.
    await let_pass(2 * MINUTE + 1)
    for path in ("/guitars", "/user/profile"):
        refused = await api.call("GET", path, user=user)
        assert (refused.status, refused.error["code"]) == (401, "AUTH_TOKEN_EXPIRED"), path


@pytest.mark.aws("The authorizer is not asked again for the same identity source for 300 seconds.", AUTHORIZERS)
async def test_the_decision_about_a_signed_out_session_ends_with_its_time_in_the_cache(
    api: Api, let_pass: Pass
) -> None:
    user = await api.new_user()
    assert (await list_guitars(api, user)).status == 200
    await api.call("POST", "/auth/logout", {"refreshToken": user.refresh_token})

    await let_pass(4 * MINUTE)
    assert (await list_guitars(api, user)).status == 200

    await let_pass(MINUTE)
    refused = await list_guitars(api, user)
    assert (refused.status, refused.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def upload_ticket(api: Api, user: User, **request: Any) -> dict[str, Any]:
    body = {"fileName": "guitar.jpg", "fileType": "image/jpeg", **request}
    ticket: dict[str, Any] = (await api.call("POST", "/images/upload-url", body, user=user)).data
    return ticket


@pytest.mark.aws("A presigned URL is refused with AccessDenied, Request has expired, after X-Amz-Expires.", PRESIGNED)
async def test_a_presigned_upload_is_refused_after_five_minutes(api: Api, user: User, let_pass: Pass) -> None:
    content = encode(marked(), "JPEG")
    ticket = await upload_ticket(api, user)

    async def put() -> Answer:
        return await api.fetch("PUT", ticket["uploadUrl"], data=content, headers=ticket["headers"])

    await let_pass(4 * MINUTE)
    assert (await put()).status == 200
    await let_pass(MINUTE + 1)
    refused = await put()
    assert refused.status == 403
    assert b"<Code>AccessDenied</Code><Message>Request has expired</Message>" in refused.body


@pytest.mark.aws("A POST policy is refused with AccessDenied after its expiration.", POST_POLICY)
async def test_an_upload_form_is_refused_after_five_minutes(api: Api, user: User, let_pass: Pass) -> None:
    ticket = await upload_ticket(api, user, method="POST")
    form = aiohttp.FormData(ticket["fields"])
    form.add_field("file", encode(marked(), "JPEG"), filename="guitar.jpg")
    await let_pass(5 * MINUTE + 1)

    refused = await api.fetch("POST", ticket["uploadUrl"], data=form)

    assert refused.status == 403
    assert b"<Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message>" in refused.body


async def reset_code(api: Api, user: User, mails: int) -> str:
    await api.call("POST", "/auth/forgot-password", {"email": user.email})
    [code] = (await api.last_mail(user.email, count=mails))["codes"]
    return str(code)


@pytest.mark.aws("A code for a new password is good for an hour; then it is an ExpiredCodeException.", CODES)
async def test_a_reset_code_runs_out_after_an_hour(api: Api, user: User, let_pass: Pass) -> None:
    body = {"email": user.email, "code": await reset_code(api, user, 2), "newPassword": new_password()}
    await let_pass(HOUR + 1)

    refused = await api.call("POST", "/auth/reset-password", body)
    assert (refused.status, refused.error["code"]) == (400, "AUTH_CODE_EXPIRED")

    body["code"] = await reset_code(api, user, 3)
    await let_pass(HOUR - MINUTE)
    assert (await api.call("POST", "/auth/reset-password", body)).status == 200


@pytest.mark.aws("A code or link that confirms a sign-up is good for 24 hours.", CODES)
async def test_a_sign_up_link_runs_out_after_a_day_and_another_one_can_be_mailed(api: Api, let_pass: Pass) -> None:
    user = await api.register()
    [late] = (await api.last_mail(user.email))["links"]
    await let_pass(DAY + 1)
    assert (await api.fetch("GET", late)).status == 400

    await api.call("POST", "/auth/resend-verification", {"email": user.email})
    [link] = (await api.last_mail(user.email, count=2))["links"]
    await let_pass(DAY - HOUR)
    assert (await api.fetch("GET", link)).status == 200
    await api.login(user)


@pytest.mark.aws("A refresh token runs out with the client's RefreshTokenValidity.", TOKENS)
async def test_a_refresh_token_runs_out_after_thirty_days(api: Api, user: User, let_pass: Pass) -> None:
    await let_pass(30 * DAY + 1)

    refused = await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})

    assert (refused.status, refused.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_the_api_knows_of_the_time_when_the_call_is_answered(api: Api, let_pass: Pass) -> None:
    for _ in range(3):
        user = await api.new_user()
        assert (await list_guitars(api, user)).status == 200
        await let_pass(HOUR)
        assert (await list_guitars(api, user)).error["code"] == "AUTH_TOKEN_EXPIRED"
