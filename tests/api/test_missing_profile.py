"""A profile that is missing, as when the function that writes it has failed, is made when it is first needed."""

import asyncio

from tests.api.client import Api, User
from tests.aws_clients import open_client


async def remove_profile(api: Api, user: User) -> None:
    """Delete the item as an administrator would; no route does."""
    environment = (await api.fetch("GET", f"{api.target.aws_url}/_cloud/environment")).json
    dynamodb = await asyncio.to_thread(open_client, api.target.aws_url, "dynamodb")
    key = {"userId": {"S": user.user_id}}
    await asyncio.to_thread(dynamodb.delete_item, TableName=environment["DYNAMODB_TABLE_USERS"], Key=key)


async def test_a_profile_that_is_missing_is_made_when_it_is_read(api: Api, user: User) -> None:
    await remove_profile(api, user)

    profile = (await api.call("GET", "/user/profile", user=user)).data

    assert (profile["userId"], profile["email"], profile["name"]) == (user.user_id, user.email, user.name)


async def test_a_guitar_finds_an_owner_whose_profile_is_missing(api: Api, user: User) -> None:
    await remove_profile(api, user)

    answer = await api.call("POST", "/guitars", {"brand": "Fender", "model": "Jaguar"}, user=user)

    assert answer.status == 201
    assert (await api.call("GET", "/user/profile", user=user)).data["email"] == user.email
