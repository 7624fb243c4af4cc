"""A demo account with a dozen guitars, their pictures and receipts, made through the front door as a person would."""

import asyncio
from collections.abc import Callable

from emulation.seed.filling import SeedResult, fill_collection
from emulation.seed.front_door import SeedError
from emulation.settings import LocalSettings

__all__ = ["SeedError", "SeedResult", "fill_collection", "seed"]


def seed(settings: LocalSettings, tell: Callable[[str], None]) -> str:
    """Fill the running stack, and tell what was added and who may sign in; raises SeedError.

    `tell` hears of each guitar as it is there: the pictures take their time.
    """
    return str(asyncio.run(fill_collection(settings.front_door_url, settings.local_dir, tell)))
