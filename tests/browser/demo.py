"""The demo collection behind the pages."""

from pathlib import Path

from emulation.seed import fill_collection
from emulation.seed.collection import COLLECTION
from tests.api.client import Api, User
from tests.photographs import encode, marked

SHOWN = "Les Paul Standard '60s"


async def seed(api: Api, folder: Path) -> User:
    """The account of `just seed` with all its drawings, for pictures that somebody looks at."""
    filled = await fill_collection(api.target.front_door_url, folder)
    return User(filled.account.email, filled.account.password, "Demo Collector")


async def imitate(api: Api) -> User:
    """The same guitars without what takes long to draw: one of them has two plain photos."""
    user = await api.new_user(name="Demo Collector")
    for demo in COLLECTION:
        guitar = await api.new_guitar(user, **demo.attributes)
        for caption in ("The whole guitar", "The body") if guitar["model"] == SHOWN else ():
            key = await api.upload(user, encode(marked(), "JPEG"), "image/jpeg")
            assert (await api.complete(user, key, guitarId=guitar["guitarId"], caption=caption)).status == 200
    return user
