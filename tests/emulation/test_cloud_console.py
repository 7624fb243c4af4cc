"""What the console asks of the control plane: users, tables, buckets, snapshots."""

import base64
import json
import secrets
import urllib.request
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.emulation.cloud_process import CloudProcess

ONE_DAY_SECONDS = 24 * 60 * 60


def post(cloud: CloudProcess, path: str, **body: Any) -> tuple[int, Any]:
    return cloud.request("POST", path, json.dumps(body).encode())


def environment(cloud: CloudProcess) -> dict[str, str]:
    status, told = cloud.request("GET", "/_cloud/environment")
    assert status == 200
    resources: dict[str, str] = told
    return resources


@pytest.fixture
def user_id(cloud: CloudProcess) -> str:
    """A user who has not confirmed the address."""
    email, password = f"{secrets.token_hex(6)}@example.com", f"Aa1!{secrets.token_hex(8)}"
    cognito = cloud.client("cognito-idp")
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada"}]
    client_id = environment(cloud)["COGNITO_CLIENT_ID"]
    signed_up = cognito.sign_up(ClientId=client_id, Username=email, Password=password, UserAttributes=attributes)
    cognito.close()
    user_id: str = signed_up["UserSub"]
    return user_id


def find_user(cloud: CloudProcess, user_id: str) -> dict[str, Any] | None:
    _, told = cloud.request("GET", "/_cloud/users")
    return next((user for user in told["users"] if user["id"] == user_id), None)


def test_a_user_is_listed_with_state_and_mfa_and_without_secrets(cloud: CloudProcess, user_id: str) -> None:
    user = find_user(cloud, user_id)
    assert user is not None
    assert (user["status"], user["emailVerified"], user["mfa"], user["signIns"]) == ("UNCONFIRMED", False, False, 0)
    assert not {"password", "attributes"} & user.keys()


def test_confirming_a_user_runs_the_trigger_as_cognito_does(cloud: CloudProcess, user_id: str) -> None:
    assert post(cloud, "/_cloud/users/confirm", id=user_id)[0] == 204
    user = find_user(cloud, user_id)
    assert user is not None
    assert user["status"] == "CONFIRMED"
    query = urlencode({"table": environment(cloud)["DYNAMODB_TABLE_USERS"], "hash": user_id})
    _, found = cloud.request("GET", f"/_cloud/items?{query}")
    assert [item["userId"] for item in found["items"]] == [{"S": user_id}]
    status, refusal = post(cloud, "/_cloud/users/confirm", id=user_id)
    assert (status, refusal["code"]) == (400, "NotAuthorizedException")


def test_tokens_are_given_for_a_confirmed_user_only(cloud: CloudProcess, user_id: str) -> None:
    assert post(cloud, "/_cloud/users/tokens", id=user_id)[1]["code"] == "NotAuthorizedException"
    post(cloud, "/_cloud/users/confirm", id=user_id)
    status, told = post(cloud, "/_cloud/users/tokens", id=user_id)
    cognito = cloud.client("cognito-idp")
    assert (status, cognito.get_user(AccessToken=told["accessToken"])["Username"]) == (200, user_id)

    assert post(cloud, "/_cloud/users/sign-out", id=user_id)[0] == 204
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.get_user(AccessToken=told["accessToken"])
    cognito.close()


def test_a_deleted_user_is_gone(cloud: CloudProcess, user_id: str) -> None:
    assert post(cloud, "/_cloud/users/delete", id=user_id)[0] == 204
    assert find_user(cloud, user_id) is None
    assert post(cloud, "/_cloud/users/delete", id=user_id)[0] == 404


def test_a_table_is_read_page_by_page_and_by_the_key_of_an_index(cloud: CloudProcess) -> None:
    table, owner = environment(cloud)["DYNAMODB_TABLE_GUITARS"], secrets.token_hex(6)
    dynamodb = cloud.client("dynamodb")
    _, told = cloud.request("GET", "/_cloud/tables")
    [described] = [one for one in told["tables"] if one["name"] == table]
    assert [key["name"] for key in described["key"]] == ["userId", "guitarId"]
    for number in range(60):
        item = {"userId": {"S": owner}, "guitarId": {"S": f"g{number:02}"}, "blob": {"B": b"\x00"}}
        dynamodb.put_item(TableName=table, Item=item)
    dynamodb.close()

    query = {"table": table, "hash": owner}
    _, first = cloud.request("GET", f"/_cloud/items?{urlencode(query)}")
    _, second = cloud.request("GET", f"/_cloud/items?{urlencode({**query, 'start': json.dumps(first['next'])})}")
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 10, None)
    assert first["items"][0]["blob"] == {"B": base64.b64encode(b"\x00").decode()}
    _, begun = cloud.request("GET", f"/_cloud/items?{urlencode({**query, 'range': 'g3'})}")
    assert len(begun["items"]) == 10


@pytest.mark.parametrize(
    "query",
    [{"table": "none"}, {"index": "none"}, {"start": "{"}, {"start": '{"a": 1}'}, {"index": "none", "hash": "a"}],
)
def test_a_question_that_makes_no_sense_is_a_400(cloud: CloudProcess, query: dict[str, str]) -> None:
    table = environment(cloud)["DYNAMODB_TABLE_GUITARS"]
    status, told = cloud.request("GET", f"/_cloud/items?{urlencode({'table': table, **query})}")
    assert status == 400
    assert told["message"]


def test_an_object_shows_its_metadata_its_tags_and_its_end(cloud: CloudProcess) -> None:
    bucket, key = environment(cloud)["S3_BUCKET_IMAGES"], f"images/u/{secrets.token_hex(6)}"
    s3 = cloud.client("s3")
    s3.put_object(
        Bucket=bucket, Key=key, Body=b"<svg/>", ContentType="image/svg+xml", Metadata={"By": "Ada"}, Tagging="a=b"
    )
    place = f"bucket={bucket}&prefix={quote(key)}"
    [shown] = cloud.request("GET", f"/_cloud/objects?{place}")[1]["objects"]
    assert (shown["size"], shown["metadata"], shown["tags"], shown["isDeleted"]) == (
        6,
        {"by": "Ada"},
        {"a": "b"},
        False,
    )

    s3.delete_object(Bucket=bucket, Key=key)
    s3.close()
    [shown] = cloud.request("GET", f"/_cloud/objects?{place}")[1]["objects"]
    assert (shown["isDeleted"], shown["versions"]) == (True, 2)
    assert shown["expiresInSeconds"] > 0
    # Script that came in an upload is never shown as a page.
    status, headers = cloud_headers(cloud, f"/_cloud/object?bucket={bucket}&key={quote(key)}")
    assert (status, headers["Content-Type"], headers["Content-Disposition"]) == (
        200,
        "application/octet-stream",
        "attachment",
    )


def test_an_object_that_is_deleted_twice_ends_by_its_first_deletion(cloud: CloudProcess) -> None:
    bucket, key = environment(cloud)["S3_BUCKET_IMAGES"], f"images/u/{secrets.token_hex(6)}"
    place = f"bucket={bucket}&prefix={quote(key)}"
    s3 = cloud.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=b"picture")
    s3.delete_object(Bucket=bucket, Key=key)
    [after_one] = cloud.request("GET", f"/_cloud/objects?{place}")[1]["objects"]
    post(cloud, "/_cloud/clock", advanceSeconds=2 * ONE_DAY_SECONDS)
    s3.delete_object(Bucket=bucket, Key=key)
    s3.close()
    [after_two] = cloud.request("GET", f"/_cloud/objects?{place}")[1]["objects"]
    cloud.request("DELETE", "/_cloud/clock")
    assert (after_two["isDeleted"], after_two["versions"]) == (True, 3)
    assert after_two["expiresInSeconds"] <= after_one["expiresInSeconds"] - 2 * ONE_DAY_SECONDS


def cloud_headers(cloud: CloudProcess, path: str) -> tuple[int, dict[str, str]]:
    with urllib.request.urlopen(cloud.url + path) as answer:  # noqa: S310 - loopback
        return answer.status, dict(answer.headers)


def test_a_snapshot_has_a_name_once_and_a_name_is_no_path(cloud: CloudProcess) -> None:
    name = f"s-{secrets.token_hex(4)}"
    status, told = post(cloud, "/_cloud/snapshots", name=name)
    assert (status, told["name"]) == (201, name)
    assert post(cloud, "/_cloud/snapshots", name=name)[0] == 409
    assert post(cloud, "/_cloud/snapshots", name="../x")[0] == 400
    assert post(cloud, "/_cloud/snapshots/restore", name="../x")[0] == 404
    [listed] = [one for one in cloud.request("GET", "/_cloud/snapshots")[1]["snapshots"] if one["name"] == name]
    assert listed["counts"].keys() >= {"users", "items", "objects"}
    assert cloud.request("DELETE", "/_cloud/snapshots", json.dumps({"name": name}).encode())[0] == 204
    assert cloud.request("DELETE", "/_cloud/snapshots", json.dumps({"name": name}).encode())[0] == 404
