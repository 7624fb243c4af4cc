"""The caller's own account."""

import asyncio
import base64
import json
from urllib.parse import parse_qs, urlsplit

from tests.api.client import Answer, Api, User
from tests.api.pictures import is_stored
from tests.authenticator import totp, wrong_totp
from tests.eventually import eventually
from tests.photographs import marked, phone_jpeg


async def test_a_profile_is_changed_in_part(api: Api, user: User) -> None:
    first = (await api.call("PUT", "/user/profile", {"preferences": {"theme": "dark", "page": 20}}, user=user)).data
    second = (await api.call("PUT", "/user/profile", {"preferences": {"page": None, "x": [1]}}, user=user)).data

    assert first["preferences"] == {"theme": "dark", "page": 20}
    assert first["name"] == user.name
    assert second["preferences"] == {"theme": "dark", "x": [1]}
    assert second["updatedAt"] > first["updatedAt"]
    assert (await api.call("GET", "/user/profile", user=user)).data == second


async def test_a_new_name_is_in_the_next_id_token(api: Api, user: User) -> None:
    name = "Zoë 🎸 " + "x" * 58
    answer = await api.call("PUT", "/user/name", {"name": name}, user=user)
    refreshed = (await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})).data

    assert answer.data["name"] == name
    payload = refreshed["idToken"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "==="))["name"] == name


async def test_parallel_changes_of_a_profile_are_all_kept(api: Api, user: User) -> None:
    names = [f"key{number}" for number in range(12)]

    answers = await asyncio.gather(
        *(api.call("PUT", "/user/profile", {"preferences": {name: 1}}, user=user) for name in names)
    )

    assert {answer.status for answer in answers} == {200}
    assert (await api.call("GET", "/user/profile", user=user)).data["preferences"] == dict.fromkeys(names, 1)


async def test_a_refused_profile_changes_the_name_nowhere(api: Api, user: User) -> None:
    body = {"name": "Changed", "preferences": {"text": "x" * 409_600}}
    answer = await api.call("PUT", "/user/profile", body, user=user)
    refreshed = (await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})).data

    assert (answer.status, answer.fields) == (400, {"preferences"})
    payload = refreshed["idToken"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "==="))["name"] == user.name


async def test_a_name_cannot_be_removed(api: Api, user: User) -> None:
    for path, body in (("/user/name", {"name": " "}), ("/user/profile", {"name": None})):
        answer = await api.call("PUT", path, body, user=user)

        assert (answer.status, answer.error["code"]) == (400, "USER_VALIDATION_ERROR")
        assert answer.fields == {"name"}


async def login_with_password(api: Api, user: User) -> Answer:
    return await api.call("POST", "/auth/login", {"email": user.email, "password": user.password})


async def enable_mfa(api: Api, user: User) -> str:
    setup = (await api.call("POST", "/user/mfa", user=user)).data
    answer = await api.call("PUT", "/user/mfa", {"code": totp(setup["secret"])}, user=user)
    assert answer.data == {"enabled": True}
    secret: str = setup["secret"]
    assert parse_qs(urlsplit(setup["otpauthUri"]).query)["secret"] == [secret]
    return secret


async def test_with_mfa_signing_in_takes_a_code_from_the_app(api: Api, user: User) -> None:
    secret = await enable_mfa(api, user)

    challenge = (await login_with_password(api, user)).data
    assert challenge["challenge"] == "SOFTWARE_TOKEN_MFA"
    body = {"email": user.email, "session": challenge["session"], "mfaCode": totp(secret, 1)}
    api.keep_tokens(user, (await api.call("POST", "/auth/login", body)).data)

    assert (await api.call("GET", "/user/profile", user=user)).status == 200


async def test_a_wrong_mfa_code_gives_no_tokens(api: Api, user: User) -> None:
    secret = await enable_mfa(api, user)
    challenge = (await login_with_password(api, user)).data
    wrong = wrong_totp(secret)

    body = {"email": user.email, "session": challenge["session"], "mfaCode": wrong}
    answer = await api.call("POST", "/auth/login", body)

    assert (answer.status, answer.error["code"]) == (400, "AUTH_CODE_INVALID")


async def test_mfa_is_not_enabled_by_a_wrong_code(api: Api, user: User) -> None:
    setup = (await api.call("POST", "/user/mfa", user=user)).data
    wrong = wrong_totp(setup["secret"])

    answer = await api.call("PUT", "/user/mfa", {"code": wrong}, user=user)

    assert (answer.status, answer.error["code"]) == (400, "AUTH_CODE_INVALID")
    assert "accessToken" in (await login_with_password(api, user)).data


async def test_mfa_can_be_turned_off(api: Api, user: User) -> None:
    await enable_mfa(api, user)

    assert (await api.call("DELETE", "/user/mfa", user=user)).data == {"enabled": False}
    assert "accessToken" in (await login_with_password(api, user)).data


async def test_a_deleted_user_cannot_sign_in_and_the_address_is_free_again(api: Api, user: User) -> None:
    answer = await api.call("DELETE", "/user", user=user)

    assert answer.data == {"userId": user.user_id}
    assert (await login_with_password(api, user)).error["code"] == "AUTH_INVALID_CREDENTIALS"
    again = await api.new_user(email=user.email)
    assert again.user_id != user.user_id


async def test_a_deleted_account_adds_no_guitar_though_its_token_is_still_good(api: Api, user: User) -> None:
    await api.new_guitar(user)
    await api.call("DELETE", "/user", user=user)

    answer = await api.call("POST", "/guitars", {"brand": "A", "model": "B"}, user=user)

    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_guitars_and_objects_of_a_deleted_user_are_gone_shortly_after(api: Api, user: User) -> None:
    guitars = [await api.new_guitar(user) for _ in range(3)]
    keys = [await api.upload(user, phone_jpeg(marked()), "image/jpeg") for _ in range(2)]
    attached = (await api.complete(user, keys[0], guitarId=guitars[0]["guitarId"])).data
    waiting = (await api.complete(user, keys[1])).data

    await api.call("DELETE", "/user", user=user)

    # The authorizer's decision about the token is cached, so the API itself can be asked.
    async def gone() -> bool:
        answers = [await api.call("GET", f"/guitars/{guitar['guitarId']}", user=user) for guitar in guitars]
        stored = [await is_stored(api, image["imageUrl"]) for image in (attached, waiting)]
        return [answer.status for answer in answers] == [404] * 3 and not any(stored)

    assert await eventually(gone)
