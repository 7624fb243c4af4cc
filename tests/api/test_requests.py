"""The request log: what each part did for a request, found by the trace that it belongs to."""

import json
import secrets
from typing import Any

from tests.api.client import Answer, Api, User
from tests.api.request_log import listed, recorded
from tests.aws_clients import open_client
from tests.eventually import eventually
from tests.photographs import encode, marked


async def ask(api: Api, method: str, path: str, user: User | None = None, **body: Any) -> Answer:
    """A call through the front door."""
    headers = {"Authorization": f"Bearer {user.access_token}"} if user else {}
    url = f"{api.target.front_door_url}/api{path}"
    return await api.fetch(method, url, headers=headers, **({"json": body} if body else {}))


def actions(request: dict[str, Any]) -> list[tuple[str, str]]:
    return [(call["service"], call["action"]) for call in request["calls"]]


async def test_a_request_is_told_from_the_edge_to_the_table(api: Api, user: User) -> None:
    path = f"/guitars?brand={secrets.token_hex(6)}"
    await ask(api, "GET", path, user)

    request = await recorded(api, "edge", "api", path=path)
    assert (request["method"], request["status"], request["route"]) == ("GET", 200, "GET /guitars")
    assert request["spans"]["edge"]["behaviour"] == "/api/*"
    span = request["spans"]["api"]
    assert (span["operation"], span["function"], span["userId"]) == ("list_guitars", "GuitarsFunction", user.user_id)
    query = next(call for call in request["calls"] if call["action"] == "Query")
    assert (query["service"], query["caller"], query["status"]) == ("dynamodb", "GuitarsFunction", 200)
    assert request["userEmail"] == user.email
    assert 0 < query["ms"] <= span["functions"]["GuitarsFunction"] <= span["ms"] <= request["ms"]


async def test_the_authorizers_decision_is_a_miss_that_asks_cognito_and_then_a_hit(api: Api, user: User) -> None:
    paths = [f"/guitars?brand={secrets.token_hex(6)}" for _ in range(2)]
    for path in paths:
        await ask(api, "GET", path, user)

    first, second = [await recorded(api, "edge", "api", path=path) for path in paths]
    assert first["spans"]["api"]["authorizer"]["result"] == "miss"
    assert ("cognito-idp", "GetUser") in actions(first)
    assert second["spans"]["api"]["authorizer"]["result"] == "hit"
    assert {service for service, _ in actions(second)} == {"dynamodb"}


async def test_a_refusal_says_why(api: Api) -> None:
    path = f"/guitars/{secrets.token_hex(6)}"
    url = f"{api.target.front_door_url}/api{path}"
    await api.fetch("GET", url, headers={"Authorization": "Bearer nonsense"})

    request = await recorded(api, "edge", "api", path=path)
    assert request["status"] == 401
    assert request["spans"]["api"]["authorizer"] | {"ms": 0} == {
        "result": "miss",
        "errorCode": "AUTH_UNAUTHORIZED",
        "ms": 0,
    }
    assert request["spans"]["api"]["errorCode"] == "AUTH_UNAUTHORIZED"


async def test_what_goes_straight_to_the_api_is_listed_without_the_edge(api: Api) -> None:
    path = f"/nowhere/{secrets.token_hex(6)}"
    await api.call("GET", path)

    request = await recorded(api, "api", path=path)
    assert (request["status"], request["spans"].keys(), request["calls"]) == (404, {"api"}, [])


async def test_what_goes_straight_to_the_aws_endpoint_is_a_request_of_its_own(api: Api) -> None:
    s3 = open_client(api.target.aws_url, "s3")
    bucket = f"b-{secrets.token_hex(6)}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a b", Body=b"12345")
    s3.list_objects_v2(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="a b")
    s3.delete_bucket(Bucket=bucket)
    s3.close()

    requests = [one for one in await listed(api, kind="aws") if one["target"].startswith(bucket)]
    calls = [one["calls"][0] for one in reversed(requests)]
    assert [(call["action"], call["tier"], call["caller"]) for call in calls] == [
        ("CreateBucket", "Tier1", "local"),
        ("PutObject", "Tier1", "local"),
        ("ListObjectsV2", "Tier1", "local"),
        ("DeleteObject", "free", "local"),
        ("DeleteBucket", "free", "local"),
    ]
    assert (calls[1]["resources"], calls[1]["status"]) == ([f"{bucket}/a b"], 200)


async def test_nothing_secret_is_in_the_log(api: Api) -> None:
    user = await api.new_user()
    ticket = (
        await api.call("POST", "/images/upload-url", {"fileName": "a.jpg", "fileType": "image/jpeg"}, user=user)
    ).data
    photo = encode(marked((64, 48)), "JPEG")
    sent = await api.fetch("PUT", ticket["uploadUrl"], data=photo, headers={"Content-Type": "image/jpeg"})
    assert sent.status == 200
    refresh = f"/auth/refresh?{secrets.token_hex(6)}"
    await api.call("POST", refresh, {"refreshToken": user.refresh_token})
    signature = ticket["uploadUrl"].partition("X-Amz-Signature=")[2].partition("&")[0]

    refreshed = await recorded(api, "api", path=refresh)
    assert refreshed["spans"]["api"]["body"] == {"refreshToken": "[hidden]"}
    upload = (await listed(api, kind="aws", path=ticket["imageKey"]))[0]
    assert (upload["calls"][0]["action"], upload["calls"][0]["requestBytes"]) == ("PutObject", len(photo))
    log = json.dumps(await listed(api, limit="1000"))
    for secret in (user.password, user.access_token, user.refresh_token, signature):
        assert secret
        assert secret not in log


async def test_a_function_that_a_trigger_runs_is_a_request_with_its_cause(api: Api) -> None:
    user = await api.new_user()
    # The link of the mail names its user; its code is hidden.
    opened = await recorded(api, "edge", path=user.user_id)
    assert "confirmation_code=[hidden]" in opened["target"]

    events = await listed(api, kind="function", path="PostConfirmation", limit="1000")
    [event] = [one for one in events if one["spans"]["function"].get("cause") == opened["id"]]
    assert event["spans"]["function"]["source"] == "PostConfirmation_ConfirmSignUp"
    assert event["calls"][0]["caller"] == "PostConfirmationFunction"


async def test_requests_are_found_by_path_status_and_user(api: Api, user: User) -> None:
    missing = f"/guitars/{secrets.token_hex(6)}"
    await ask(api, "GET", missing, user)
    await recorded(api, "edge", "api", path=missing)

    assert [one["status"] for one in await listed(api, user=user.email, status="4xx")] == [404]
    assert [one["status"] for one in await listed(api, user=user.user_id, status="404", path=missing)] == [404]
    assert await listed(api, user=user.email, status="5xx") == []


async def test_one_who_waits_hears_of_the_next_request(api: Api) -> None:
    url = f"{api.target.front_door_url}/_local/requests"
    revision = json.loads((await api.fetch("GET", url)).body)["revision"]
    path = f"/nowhere/{secrets.token_hex(6)}"
    await api.call("GET", path)

    async def look() -> bool:
        nonlocal revision
        told = json.loads((await api.fetch("GET", url, params={"since": str(revision), "wait": "10"})).body)
        revision = told["revision"]
        return any(one["target"] == path for one in told["requests"])

    assert await eventually(look)


async def test_the_meter_counts_units_by_table_and_index_under_their_route(api: Api, user: User) -> None:
    await api.call("POST", "/guitars", {"brand": "Fender", "model": "Jazzmaster"}, user=user)
    await api.call("GET", "/guitars?brand=Fender", user=user)

    async def look() -> dict[tuple[str, str, str], Any] | None:
        answer = await api.fetch("GET", f"{api.target.front_door_url}/_local/meter")
        rows = {(one["route"], one["service"], one["action"]): one for one in json.loads(answer.body)["usage"]}
        wanted = {(f"{method} /guitars", "apigateway", "Request") for method in ("GET", "POST")}
        return rows if wanted <= rows.keys() else None

    rows = await eventually(look)
    written = rows["POST /guitars", "dynamodb", "TransactWriteItems"]
    assert any(units >= written["count"] for units in written["writeUnits"].values())
    read = rows["GET /guitars", "dynamodb", "Query"]
    assert sum(read["readUnits"].values()) >= 0.5 * read["count"]
    assert rows["POST /guitars", "lambda", "GuitarsFunction"]["count"] >= 1
