"""The least that can be written: one call of DynamoDB, bytes that are ready. `… bare GET_BODY POST_BODY PORT`."""

import asyncio
import sys
from pathlib import Path

import aioboto3
from aiohttp import web
from botocore.config import Config

from emulation.serving import SERVER_OPTIONS
from tests.bench.guitars import GUITARS_TABLE, TRANSACTION, USER_ID

# As the SDK's documentation has it: time limits, retries, and connections enough for the load.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=1.5,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=50,
)


async def main(found: bytes, created: bytes, port: int) -> None:
    """Serve until ended."""
    async with aioboto3.Session().client("dynamodb", config=_CONFIG) as dynamodb:

        async def get_guitar(request: web.Request) -> web.Response:
            key = {"userId": {"S": USER_ID}, "guitarId": {"S": request.match_info["id"]}}
            await dynamodb.get_item(TableName=GUITARS_TABLE, Key=key, ConsistentRead=True)
            return web.Response(body=found, content_type="application/json")

        async def create_guitar(request: web.Request) -> web.Response:
            await request.read()
            await dynamodb.transact_write_items(TransactItems=TRANSACTION)
            return web.Response(body=created, status=201, content_type="application/json")

        app = web.Application()
        app.router.add_get("/guitars/{id}", get_guitar)
        app.router.add_post("/guitars", create_guitar)
        runner = web.AppRunner(app, **SERVER_OPTIONS)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])))
