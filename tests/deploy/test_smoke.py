"""The smoke test, taken on the local stack: it sees what works and what does not, and leaves nothing behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from deploy.commands.errors import CommandError
from deploy.commands.journey import Clients
from deploy.commands.smoke import STEPS, smoke
from tests.aws_clients import open_client
from tests.deploy.local_stack import LocalStack
from tests.eventually import eventually
from tests.ports import bound_socket, free_port, port_of


@asynccontextmanager
async def run_distribution(api_url: str) -> AsyncIterator[str]:
    """A distribution that passes on what comes, and whose function does not count."""

    async def pass_on(request: web.Request) -> web.Response:
        url = api_url + request.raw_path.removeprefix("/api")
        async with aiohttp.ClientSession() as session, session.request(request.method, url) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", pass_on)
    runner = web.AppRunner(app)
    await runner.setup()
    own = bound_socket()
    await web.SockSite(runner, own).start()
    try:
        yield f"http://127.0.0.1:{port_of(own)}"
    finally:
        await runner.cleanup()


def left_behind(stack: LocalStack) -> list[object]:
    """Accounts, profiles, guitars and pictures."""
    dynamodb, s3 = stack.client("dynamodb"), stack.client("s3")
    deployment = stack.deployment
    return [
        *stack.client("cognito-idp").list_users(UserPoolId=deployment.user_pool_id)["Users"],
        *dynamodb.scan(TableName=deployment.users_table)["Items"],
        *dynamodb.scan(TableName=deployment.guitars_table)["Items"],
        *s3.list_object_versions(Bucket=deployment.images_bucket).get("Versions", []),
    ]


async def test_a_stack_that_works_passes_every_step_and_keeps_nothing(stack: LocalStack) -> None:
    said: list[str] = []
    await smoke(stack.deployment, stack.clients, said.append)
    assert said == [f"ok  {step}" for step in STEPS]

    # What belonged to the account goes with it by the function on the tables' streams.
    async def is_nothing_left() -> bool:
        return left_behind(stack) == []

    await eventually(is_nothing_left)


async def test_a_distribution_that_drops_the_added_header_is_found_first(stack: LocalStack) -> None:
    said: list[str] = []
    async with run_distribution(stack.deployment.api_url) as url:
        with pytest.raises(CommandError, match="the header that its function adds does not reach the API"):
            await smoke(replace(stack.deployment, cdn_url=url), stack.clients, said.append)
    assert said == []


async def test_an_api_that_is_not_there_is_told_with_its_address(stack: LocalStack) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match=f"GET {url}/api/guitars got no answer"):
        await smoke(replace(stack.deployment, cdn_url=url), stack.clients, lambda _: None)


async def test_a_journey_that_breaks_off_removes_its_account(stack: LocalStack) -> None:
    # The pictures cannot be looked for, so that the journey ends while there is an account.
    nowhere = open_client(f"http://127.0.0.1:{free_port()}", "s3")
    clients = Clients(stack.clients.cognito, stack.clients.dynamodb, nowhere)
    said: list[str] = []
    with pytest.raises(CommandError, match="AWS refused what the journey needs"):
        await smoke(stack.deployment, clients, said.append)
    assert said[-1] == "ok  uploads a picture and sees its thumbnail"
    users = stack.client("cognito-idp").list_users(UserPoolId=stack.deployment.user_pool_id)["Users"]
    assert users == []
    assert stack.client("dynamodb").scan(TableName=stack.deployment.users_table)["Items"] == []
