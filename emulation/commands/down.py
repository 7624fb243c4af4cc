"""`down` and `reset`."""

import time
from collections.abc import Mapping

from emulation.commands.choice import find_running, known_forms
from emulation.commands.lock import locked
from emulation.commands.output import say
from emulation.commands.probe import ask_reset
from emulation.settings import LocalSettings


def down(settings: LocalSettings, environ: Mapping[str, str]) -> int:
    """Stop whatever runs, in whichever form; the data stays."""
    started_at = time.monotonic()
    with locked(settings.local_dir):
        running = [form for form in known_forms(settings, environ) if form.running()]
        for form in running:
            form.stop()
            say(f"Down in {time.monotonic() - started_at:.1f} s ({form.name}); the data is kept.")
    if not running:
        say("Nothing is up.")
    return 0


def reset(settings: LocalSettings, environ: Mapping[str, str]) -> int:
    """Delete all data; a running stack goes on with an empty one."""
    with locked(settings.local_dir):
        running = find_running(settings, environ)
        if running is not None:
            ask_reset(running.settings)
            say("All data is deleted; the stack runs on, empty.")
            return 0
        for form in known_forms(settings, environ):
            form.delete_data()
    say("All data is deleted.")
    return 0
