"""Accounts and sessions."""

import asyncio
import base64
import json
import secrets

import pytest

from tests.api.client import Api, User, new_password


def claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    value: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return value


async def test_a_registration_answers_with_the_new_user(api: Api) -> None:
    email = f"new-{secrets.token_hex(6)}@example.com"
    body = {"email": email, "password": new_password(), "name": "Jane"}

    answer = await api.call("POST", "/auth/register", body)

    assert answer.status == 201
    assert answer.data == {"userId": answer.data["userId"], "email": email, "confirmed": False}


async def test_an_unverified_user_cannot_sign_in(api: Api) -> None:
    user = await api.register()

    answer = await api.call("POST", "/auth/login", {"email": user.email, "password": user.password})

    assert (answer.status, answer.error["code"]) == (403, "AUTH_USER_NOT_CONFIRMED")


async def test_the_mailed_link_verifies_the_address_and_makes_the_profile(api: Api) -> None:
    user = await api.register(name="Ada")

    page = await api.verify(user)
    await api.login(user)

    assert "text/html" in page.headers["Content-Type"]
    profile = (await api.call("GET", "/user/profile", user=user)).data
    assert profile["email"] == user.email
    assert profile["name"] == "Ada"
    assert profile["userId"] == user.user_id
    assert profile["preferences"] == {}


async def test_a_link_works_once(api: Api) -> None:
    user = await api.register()
    await api.verify(user)
    [link] = (await api.last_mail(user.email))["links"]

    assert (await api.fetch("GET", link)).status >= 400


async def test_a_made_up_confirmation_code_verifies_nobody(api: Api) -> None:
    user = await api.register()
    [link] = (await api.last_mail(user.email))["links"]
    code = link.rpartition("confirmation_code=")[2]

    answer = await api.fetch("GET", link.replace(code, "000000" if code != "000000" else "111111"))

    assert answer.status >= 400
    login = await api.call("POST", "/auth/login", {"email": user.email, "password": user.password})
    assert login.error["code"] == "AUTH_USER_NOT_CONFIRMED"


async def test_an_address_registers_once_whatever_its_case(api: Api) -> None:
    user = await api.new_user()

    body = {"email": user.email.upper(), "password": new_password(), "name": "Again"}
    answer = await api.call("POST", "/auth/register", body)

    assert (answer.status, answer.error["code"]) == (409, "AUTH_USER_EXISTS")


async def test_of_parallel_registrations_of_an_address_one_succeeds(api: Api) -> None:
    body = {"email": f"race-{secrets.token_hex(6)}@example.com", "password": new_password(), "name": "Race"}

    answers = await asyncio.gather(*(api.call("POST", "/auth/register", body) for _ in range(50)))

    assert sorted(answer.status for answer in answers) == [201] + [409] * 49


@pytest.mark.parametrize("password", ["short1!", "alllower1!", "ALLUPPER1!", "NoNumber!", "NoSymbol1"])
async def test_a_password_below_the_policy_is_refused_with_the_field_named(api: Api, password: str) -> None:
    body = {"email": f"weak-{secrets.token_hex(6)}@example.com", "password": password, "name": "Weak"}

    answer = await api.call("POST", "/auth/register", body)

    assert (answer.status, answer.error["code"]) == (400, "AUTH_VALIDATION_ERROR")
    assert answer.fields == {"password"}


async def test_a_wrong_password_and_an_unknown_address_are_answered_alike(api: Api, user: User) -> None:
    wrong = await api.call("POST", "/auth/login", {"email": user.email, "password": new_password()})
    unknown = await api.call("POST", "/auth/login", {"email": "nobody@example.com", "password": new_password()})

    assert (wrong.status, wrong.error["code"]) == (401, "AUTH_INVALID_CREDENTIALS")
    assert (unknown.status, unknown.json) == (wrong.status, wrong.json)


async def test_signing_in_gives_the_three_tokens(api: Api, user: User) -> None:
    answer = await api.call("POST", "/auth/login", {"email": user.email, "password": user.password})

    assert answer.data["expiresIn"] == 3600
    assert answer.data["tokenType"] == "Bearer"
    assert claims(answer.data["accessToken"])["token_use"] == "access"
    assert claims(answer.data["idToken"])["email"] == user.email


async def test_a_refresh_gives_new_tokens_and_replaces_the_refresh_token(api: Api, user: User) -> None:
    answer = await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})

    assert answer.data["refreshToken"] != user.refresh_token
    api.keep_tokens(user, answer.data)
    assert (await api.call("GET", "/user/profile", user=user)).status == 200


async def test_a_made_up_refresh_token_is_refused(api: Api) -> None:
    answer = await api.call("POST", "/auth/refresh", {"refreshToken": "made-up"})

    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_a_session_that_was_ended_cannot_be_refreshed(api: Api, user: User) -> None:
    assert (await api.call("POST", "/auth/logout", {"refreshToken": user.refresh_token})).status == 200

    answer = await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})

    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_an_access_token_of_an_ended_session_is_refused_when_the_authorizer_asks(api: Api) -> None:
    user = await api.new_user()
    await api.call("POST", "/auth/logout", {"refreshToken": user.refresh_token})

    # Never used before, so that no decision about it is cached.
    answer = await api.call("GET", "/user/profile", user=user)

    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_a_mailed_code_sets_a_new_password_once(api: Api, user: User) -> None:
    asked = await api.call("POST", "/auth/forgot-password", {"email": user.email})
    [code] = (await api.last_mail(user.email, count=2))["codes"]
    body = {"email": user.email, "code": code, "newPassword": new_password()}

    assert asked.status == 200
    assert (await api.call("POST", "/auth/reset-password", body)).status == 200
    again = await api.call("POST", "/auth/reset-password", body)
    assert again.status == 400
    assert again.error["code"] in ("AUTH_CODE_INVALID", "AUTH_CODE_EXPIRED")
    login = await api.call("POST", "/auth/login", {"email": user.email, "password": user.password})
    assert login.error["code"] == "AUTH_INVALID_CREDENTIALS"
    user.password = body["newPassword"]
    await api.login(user)


async def test_a_wrong_reset_code_changes_nothing(api: Api, user: User) -> None:
    await api.call("POST", "/auth/forgot-password", {"email": user.email})
    [code] = (await api.last_mail(user.email, count=2))["codes"]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    answer = await api.call(
        "POST", "/auth/reset-password", {"email": user.email, "code": wrong, "newPassword": new_password()}
    )

    assert (answer.status, answer.error["code"]) == (400, "AUTH_CODE_INVALID")
    await api.login(user)


async def test_a_weak_new_password_is_refused_with_the_field_named(api: Api, user: User) -> None:
    await api.call("POST", "/auth/forgot-password", {"email": user.email})
    [code] = (await api.last_mail(user.email, count=2))["codes"]

    answer = await api.call("POST", "/auth/reset-password", {"email": user.email, "code": code, "newPassword": "weak"})

    assert (answer.status, answer.error["code"]) == (400, "AUTH_VALIDATION_ERROR")
    assert answer.fields == {"newPassword"}


async def test_asking_for_a_reset_tells_nothing_of_whether_the_account_exists(api: Api, user: User) -> None:
    known = await api.call("POST", "/auth/forgot-password", {"email": user.email})
    unknown = await api.call("POST", "/auth/forgot-password", {"email": f"x{user.email}"})

    assert known.status == 200
    assert (unknown.status, unknown.json) == (known.status, known.json)


async def test_a_verification_can_be_mailed_again(api: Api) -> None:
    user = await api.register()
    answer = await api.call("POST", "/auth/resend-verification", {"email": user.email})
    [link] = (await api.last_mail(user.email, count=2))["links"]

    assert answer.status == 200
    assert (await api.fetch("GET", link)).status == 200
    await api.login(user)


async def test_asking_for_another_verification_tells_nothing_of_whether_the_account_exists(
    api: Api, user: User
) -> None:
    answers = [
        await api.call("POST", "/auth/resend-verification", {"email": email})
        for email in (user.email, f"x{user.email}", (await api.register()).email)
    ]

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1


@pytest.mark.parametrize("local_part", ["o'brien", "first.last+tag", "x_y-z"])
async def test_addresses_with_unusual_characters_work(api: Api, local_part: str) -> None:
    user = await api.new_user(email=f"{local_part}{secrets.token_hex(4)}@example.com")

    assert (await api.call("GET", "/user/profile", user=user)).data["email"] == user.email


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("/auth/register", {"email": "no address", "password": "Aa1!aaaa", "name": "N"}, {"email"}),
        ("/auth/register", {"password": "Aa1!aaaa", "name": "N"}, {"email"}),
        ("/auth/register", {"email": "a@example.com", "password": "Aa1!aaaa", "name": ""}, {"name"}),
        ("/auth/register", {"email": "a@example.com", "password": 5, "name": "N"}, {"password"}),
        ("/auth/register", {"email": "a@example.com", "password": "Aa1!aaaa", "name": "N", "x": 1}, {"x"}),
        ("/auth/register", {"email": "A <a@example.com>", "password": "Aa1!aaaa", "name": "N"}, {"email"}),
        ("/auth/register", {"email": f"{'a' * 60}@{'b' * 60}.example.com", "password": "A", "name": "N"}, {"email"}),
        ("/auth/register", {"email": "a@example.com", "password": " Aa1!aaaa ", "name": "N"}, {"password"}),
        ("/auth/login", {"email": "a@example.com"}, {"body"}),
        ("/auth/login", {"email": "a@example.com", "session": "short", "mfaCode": "123456"}, {"session"}),
        ("/auth/refresh", {}, {"refreshToken"}),
        ("/auth/reset-password", {"email": "a@example.com", "code": "12", "newPassword": "Aa1!aaaa"}, {"code"}),
    ],
)
async def test_wrong_input_is_refused_with_the_field_named(
    api: Api, path: str, body: dict[str, object], fields: set[str]
) -> None:
    answer = await api.call("POST", path, body)

    assert (answer.status, answer.error["code"]) == (400, "AUTH_VALIDATION_ERROR")
    assert answer.fields == fields
