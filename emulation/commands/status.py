"""`status` and `logs`."""

from collections.abc import Mapping, Sequence

from emulation.commands.choice import choose, find_running
from emulation.commands.output import say
from emulation.commands.parts import PARTS, Part
from emulation.commands.probe import ask_health
from emulation.settings import LocalSettings

_ROW = "{:<6} {:<9} {:<24} {:<21} {}"


def status(settings: LocalSettings, environ: Mapping[str, str]) -> int:
    """A line for each part; 0 when all are healthy, else 1."""
    form = find_running(settings, environ)
    settings = form.settings if form is not None else settings
    running = form.running() if form is not None else {}
    say(f"Up as {form.name}." if form is not None else "Nothing is up; `uv run just up` starts the stack.")
    rows = [("PART", "STATE", "ADDRESS", "SINCE", "")]
    for part in PARTS:
        if part.name not in running:
            rows.append((part.name, "stopped", part.address(settings), "-", ""))
            continue
        health = ask_health(part, settings)
        state = "healthy" if health.state == "ok" else health.state
        rows.append((part.name, state, part.address(settings), running[part.name], health.reason))
    for row in rows:
        say(_ROW.format(*row).rstrip())
    return 0 if all(state == "healthy" for _, state, *_ in rows[1:]) else 1


def logs(settings: LocalSettings, environ: Mapping[str, str], parts: Sequence[Part], follow: bool) -> int:
    """Print the logs of the form that runs, or would."""
    form = find_running(settings, environ) or choose(settings, environ).form
    form.show_logs(parts, follow)
    return 0
