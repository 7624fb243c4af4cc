"""The health of the stack's resources while they are made anew."""

import asyncio
from dataclasses import replace

from aiohttp import web

from emulation.applier import AppliedStack
from emulation.applier.stack import AppliedResource
from emulation.cloud.stack import Stack
from emulation.settings import read_local_settings
from tests.emulation.front_door import serving
from tests.ports import bound_socket, port_of

TABLE = AppliedResource("AWS::DynamoDB::Table", "table", {})


async def test_a_check_that_began_before_a_reset_says_nothing_of_what_is_there_since() -> None:
    asked, is_reset, own = asyncio.Event(), asyncio.Event(), bound_socket()

    async def miss_the_table(_request: web.BaseRequest) -> web.StreamResponse:
        asked.set()
        await is_reset.wait()
        return web.json_response({"__type": "ResourceNotFoundException"}, status=400)

    async with serving(miss_the_table, own):
        stack = Stack(read_local_settings({}), f"http://127.0.0.1:{port_of(own)}")
        before = stack.applied = AppliedStack({}, {}, {"Table": TABLE}, (), (), (), (), ())
        checking = asyncio.create_task(stack.check())
        await asked.wait()
        stack.applied = replace(before)
        is_reset.set()
        assert (await checking, stack.failure) == ("", "")
        assert "Table" in await stack.check()
