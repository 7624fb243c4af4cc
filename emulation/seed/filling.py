"""Fills the running stack with the demo collection: what is there stays, what is missing is added."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from emulation.seed.account import Account, read_account, sign_in
from emulation.seed.collection import COLLECTION, DemoGuitar
from emulation.seed.drawing import BODY, WHOLE, View, draw_guitar
from emulation.seed.front_door import FrontDoor, SeedAbsentError
from emulation.seed.receipt import draw_receipt

# Caption -> what is seen. The first one becomes the primary image.
VIEWS = {"The whole guitar": WHOLE, "The body": BODY}


@dataclass(frozen=True)
class SeedResult:
    """Who may look at the collection, and what this run has added to it."""

    account: Account
    guitars: int
    images: int
    receipts: int

    def __str__(self) -> str:
        """For the person at the terminal."""
        added = f"Added {self.guitars} guitars, {self.images} pictures and {self.receipts} receipts."
        return f"{added}\nSign in as {self.account.email} with the password {self.account.password}"


async def fill_collection(
    front_door_url: str, local_dir: Path, tell: Callable[[str], None] = lambda _: None
) -> SeedResult:
    """Add what the demo account lacks of the collection, each guitar told as it is there; raises SeedError."""
    account = read_account(local_dir)
    async with aiohttp.ClientSession() as session:
        door = FrontDoor(session, front_door_url)
        try:
            await sign_in(door, account)
            present = {(guitar["brand"], guitar["model"]): guitar for guitar in await _list_guitars(door)}
            added = []
            for number, demo in enumerate(COLLECTION, 1):
                added.append(await _add_missing(door, demo, present))
                tell(f"  {number:>2}/{len(COLLECTION)} {demo.attributes['brand']} {demo.attributes['model']}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SeedAbsentError(front_door_url) from error
    guitars, images, receipts = (sum(column) for column in zip(*added, strict=True))
    return SeedResult(account, guitars, images, receipts)


async def _list_guitars(door: FrontDoor) -> list[Any]:
    guitars: list[Any] = []
    query = {"limit": "100"}
    while True:
        page = await door.call("GET", f"/guitars?{urlencode(query)}")
        guitars += page["guitars"]
        if not page.get("nextToken"):
            return guitars
        query["nextToken"] = page["nextToken"]


async def _add_missing(door: FrontDoor, demo: DemoGuitar, present: dict[Any, Any]) -> tuple[int, int, int]:
    """How many guitars, images and receipts were missing."""
    guitar = present.get((demo.attributes["brand"], demo.attributes["model"]))
    is_new = guitar is None
    if guitar is None:
        guitar = await door.call("POST", "/guitars", demo.attributes)
    shown = {image.get("caption") for image in guitar["images"]}
    missing = {caption: view for caption, view in VIEWS.items() if caption not in shown}
    for caption, view in missing.items():
        await _add_image(door, guitar["guitarId"], demo, caption, view)
    needs_receipt = demo.receipt is not None and not guitar["privateInfo"].get("receiptUrl")
    if demo.receipt is not None and needs_receipt:
        await _add_receipt(door, guitar["guitarId"], demo, demo.receipt)
    return int(is_new), len(missing), int(needs_receipt)


async def _add_image(door: FrontDoor, guitar_id: str, demo: DemoGuitar, caption: str, view: View) -> None:
    picture = await asyncio.to_thread(draw_guitar, demo.look, view)
    key = await door.upload("guitar.jpg", "image/jpeg", picture, "image")
    completion = {"imageKey": key, "guitarId": guitar_id, "caption": caption, "isPrimary": view is WHOLE}
    await door.call("POST", "/images/upload-complete", completion)


async def _add_receipt(door: FrontDoor, guitar_id: str, demo: DemoGuitar, content_type: str) -> None:
    name = "receipt.pdf" if content_type == "application/pdf" else "receipt.jpg"
    key = await door.upload(name, content_type, draw_receipt(demo.attributes, content_type), "receipt")
    await door.call("POST", "/images/upload-complete", {"imageKey": key, "guitarId": guitar_id})
