"""`seed`."""

from collections.abc import Mapping

from emulation.commands.choice import find_running
from emulation.commands.errors import CommandError
from emulation.commands.output import say
from emulation.settings import LocalSettings


def seed_stack(settings: LocalSettings, environ: Mapping[str, str]) -> int:
    """Fill the running stack; raises CommandError when none runs, or it answers wrongly."""
    running = find_running(settings, environ)
    if running is None:
        raise CommandError("Nothing is up to be filled; `uv run just up` first.")
    # Imported now: its libraries are slow to load, and no other command needs them.
    from emulation.seed import SeedError, seed

    try:
        say(seed(running.settings, say))
    except SeedError as error:
        raise CommandError(str(error)) from error
    return 0
