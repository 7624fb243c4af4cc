"""Fills collections and reads them, for the `growth` row: `python -m tests.bench.programs.reading`.

A job a line: `{"fill": [user, guitars]}`, or `{"read": what, "user": user, "times": n}`, whose answer is the
milliseconds of one reading.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from server.aws.attributes import to_item
from server.aws.clients import Clients, open_clients
from server.aws.guitar_items import dump_guitar, load_guitar
from server.caller import Caller
from server.clock import SystemClock
from server.handlers.guitars import list_brands, list_guitars
from server.ids import Ids
from server.models.guitar import GuitarQuery
from server.services import Services, compose_services
from server.settings import Settings, read_settings
from tests.bench.guitars import ITEM

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
_BATCH = 25
BRANDS = 24
# Few guitars are of this brand, however large the collection.
RARE_BRAND, RARE_GUITARS = "Rarity", 20


async def fill(clients: Clients, table: str, user_id: str, count: int) -> None:
    """A collection of so many guitars, with the tallies of their brands, as the API leaves it behind."""
    ids = Ids(SystemClock(), os.urandom)
    guitar = load_guitar(ITEM).model_copy(update={"user_id": user_id})
    brands = [RARE_BRAND if number < RARE_GUITARS else f"Brand {number % BRANDS:02}" for number in range(count)]
    own = [{"guitar_id": ids.new_id(), "brand": brand} for brand in brands]
    items = [dump_guitar(guitar.model_copy(update=update)) for update in own]
    for brand, guitars in Counter(brands).items():
        items.append(to_item({"userId": user_id, "guitarId": f"tally#{brand}", "guitars": guitars}))
    for begin in range(0, len(items), _BATCH):
        batch: Any = [{"PutRequest": {"Item": item}} for item in items[begin : begin + _BATCH]]
        await clients.dynamodb.batch_write_item(RequestItems={table: batch})


async def _read_first_page(services: Services, caller: Caller) -> None:
    await list_guitars(services, caller, GuitarQuery())


async def _read_brand(services: Services, caller: Caller) -> None:
    page = await list_guitars(services, caller, GuitarQuery(brand=RARE_BRAND))
    assert len(page.guitars) == RARE_GUITARS


async def _read_brands(services: Services, caller: Caller) -> None:
    assert RARE_BRAND in (await list_brands(services, caller)).brands


async def _read_all(services: Services, caller: Caller) -> None:
    """The collection, as `brands` would have to read it."""
    after: str | None = None
    while True:
        found = await services.guitars.find(caller.user_id, GuitarQuery(limit=100), after)
        after = found.more_after
        if after is None:
            return


READINGS: dict[str, Callable[[Services, Caller], Awaitable[None]]] = {
    "first page": _read_first_page,
    "brand": _read_brand,
    "brands": _read_brands,
    "collection": _read_all,
}


async def main(settings: Settings) -> None:
    """Do the jobs, one after the other."""
    async with open_clients(settings) as clients:
        services = compose_services(settings, clients, SystemClock(), os.urandom)
        while line := await asyncio.to_thread(sys.stdin.readline):
            job = json.loads(line)
            if "fill" in job:
                await fill(clients, settings.guitars_table, *job["fill"])
            read, caller = READINGS[job.get("read", "brands")], Caller(user_id=job.get("user", ""), access_token="")
            started = time.perf_counter()
            for _ in range(job.get("times", 0)):
                await read(services, caller)
            sys.stdout.write(f"{(time.perf_counter() - started) * 1000 / job.get('times', 1)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(read_settings(os.environ)))
