"""`POST /_local/users`, which the tests of frontends start with."""

import json
from typing import Any

from tests.api.client import Answer, Api


async def make(api: Api, **wanted: Any) -> Answer:
    body = json.dumps(wanted).encode()
    return await api.fetch("POST", f"{api.target.front_door_url}/_local/users", data=body)


async def test_a_user_is_made_in_one_call(api: Api) -> None:
    answer = await make(api)
    assert answer.status == 201, answer.body
    user = answer.json
    token = {"Authorization": f"Bearer {user['accessToken']}"}
    profile = (await api.call("GET", "/user/profile", headers=token)).data
    assert (profile["userId"], profile["email"], profile["name"]) == (user["userId"], user["email"], "Test User")
    signed_in = await api.call("POST", "/auth/login", {"email": user["email"], "password": user["password"]})
    assert signed_in.status == 200


async def test_a_user_may_come_with_guitars(api: Api) -> None:
    user = (await make(api, name="Ada", guitars=2)).json
    assert user["name"] == "Ada"
    listed = await api.call("GET", "/guitars", headers={"Authorization": f"Bearer {user['accessToken']}"})
    assert [guitar["guitarId"] for guitar in listed.data["guitars"]] == [one["guitarId"] for one in user["guitars"]]
    assert len(user["guitars"]) == 2


async def test_what_the_api_refuses_makes_no_user(api: Api) -> None:
    user = (await make(api)).json
    again = await make(api, email=user["email"])
    assert (again.status, again.json) == (409, {"message": "POST /auth/register answered 409 AUTH_USER_EXISTS"})
    weak = await make(api, password="weak")
    assert (weak.status, weak.json) == (409, {"message": "POST /auth/register answered 400 AUTH_VALIDATION_ERROR"})


async def test_a_body_that_makes_no_sense_is_refused(api: Api) -> None:
    unknown = await make(api, age=7)
    assert (unknown.status, unknown.json["message"]) == (400, "age: Extra inputs are not permitted")
    assert (await make(api, guitars=-1)).status == 400
    wrong = await api.fetch("PUT", f"{api.target.front_door_url}/_local/users")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, POST")
