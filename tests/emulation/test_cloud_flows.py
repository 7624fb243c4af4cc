"""What runs through several parts of the local AWS, with the functions of deploy/functions/."""

import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.emulation.cloud_process import CloudProcess
from tests.eventually import wait_until

PASSWORD = "Corr3ct-horse!"


def environment(cloud: CloudProcess) -> dict[str, str]:
    variables: dict[str, str] = cloud.request("GET", "/_cloud/environment")[1]
    return variables


def sign_up(cloud: CloudProcess, email: str) -> str:
    answer = cloud.client("cognito-idp").sign_up(
        ClientId=environment(cloud)["COGNITO_CLIENT_ID"],
        Username=email,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada"}],
    )
    return str(answer["UserSub"])


def open_mailed_link(cloud: CloudProcess, email: str) -> tuple[int, Any]:
    (mail,) = cloud.request("GET", f"/_cloud/mail?to={email}")[1]
    (link,) = mail["links"]
    parts = urlsplit(link)
    assert parts.path == "/_local/auth/confirmUser"
    return cloud.request("GET", f"/_cloud/domain/confirmUser?{parts.query}")


def user_item(cloud: CloudProcess, user_id: str) -> dict[str, Any] | None:
    table = environment(cloud)["DYNAMODB_TABLE_USERS"]
    answer = cloud.client("dynamodb").get_item(TableName=table, Key={"userId": {"S": user_id}})
    item: dict[str, Any] | None = answer.get("Item")
    return item


def test_the_mailed_link_confirms_the_user_and_writes_the_users_item(cloud: CloudProcess) -> None:
    email = f"{uuid4()}@example.com"
    user_id = sign_up(cloud, email)
    assert user_item(cloud, user_id) is None
    assert open_mailed_link(cloud, email)[0] == 200
    item = user_item(cloud, user_id)
    assert item is not None
    assert (item["email"]["S"], item["name"]["S"]) == (email, "Ada")


def test_the_cleanup_function_deletes_what_a_removed_user_leaves_behind(cloud: CloudProcess) -> None:
    names, user_id = environment(cloud), str(uuid4())
    dynamodb, s3 = cloud.client("dynamodb"), cloud.client("s3")
    table, bucket, prefix = names["DYNAMODB_TABLE_GUITARS"], names["S3_BUCKET_IMAGES"], f"images/{user_id}/"
    key = {"userId": {"S": user_id}, "guitarId": {"S": str(uuid4())}}
    for body in (b"old", b"new"):
        s3.put_object(Bucket=bucket, Key=f"{prefix}one/original.jpg", Body=body)
    dynamodb.put_item(TableName=table, Item={**key, "brand": {"S": "Fender"}, "model": {"S": "Jaguar"}})
    dynamodb.put_item(TableName=names["DYNAMODB_TABLE_USERS"], Item={"userId": {"S": user_id}})
    dynamodb.delete_item(TableName=names["DYNAMODB_TABLE_USERS"], Key={"userId": {"S": user_id}})
    wait_until(lambda: "Item" not in dynamodb.get_item(TableName=table, Key=key))
    wait_until(lambda: "Versions" not in s3.list_object_versions(Bucket=bucket, Prefix=prefix))


def test_mails_and_tokens_survive_a_kill(tmp_path: Path) -> None:
    cloud = CloudProcess(tmp_path).wait_until_ready()
    try:
        email = f"{uuid4()}@example.com"
        user_id = sign_up(cloud, email)
        assert open_mailed_link(cloud, email)[0] == 200
        client_id = environment(cloud)["COGNITO_CLIENT_ID"]
        tokens = cloud.client("cognito-idp").initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]
        state = tmp_path / "state" / "state.pickle"
        wait_until(lambda: tokens["RefreshToken"].encode() in state.read_bytes())
        cloud.stop(signal.SIGKILL)
        cloud = CloudProcess(tmp_path).wait_until_ready()
        cognito = cloud.client("cognito-idp")
        assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == user_id
        rotated = cognito.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=tokens["RefreshToken"])
        assert rotated["AuthenticationResult"]["AccessToken"]
        assert len(cloud.request("GET", f"/_cloud/mail?to={email}")[1]) == 1
        pool_id = environment(cloud)["COGNITO_USER_POOL_ID"]
        assert cloud.request("GET", f"/{pool_id}/.well-known/jwks.json")[1]["keys"]
        assert cloud.request("GET", "/us-east-1_nobody/.well-known/jwks.json")[0] in (400, 404)
        assert cloud.request("GET", "/_cloud/dead-letters")[1] == []
    finally:
        cloud.stop()
