"""`up`: from stopped to healthy."""

import time
from collections.abc import Mapping

from emulation.commands.choice import asked_form, choose, find_running
from emulation.commands.errors import CommandError
from emulation.commands.form import Form
from emulation.commands.interrupting import uninterrupted
from emulation.commands.lock import locked
from emulation.commands.output import say
from emulation.commands.parts import EDGE, PARTS, Part
from emulation.commands.ports import check_ports
from emulation.commands.probe import ask_health
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, LocalSettings


def up(settings: LocalSettings, environ: Mapping[str, str]) -> int:
    """Start what does not run yet and wait until all is healthy; raises CommandError, with nothing left running."""
    with locked(settings.local_dir):
        form = find_running(settings, environ)
        if form is not None:
            asked = asked_form(environ)
            if asked not in (None, form.name):
                raise CommandError(f"The stack is up as {form.name}; `uv run just down` first.")
            running = form.running()
            if len(running) == len(PARTS) and ask_health(EDGE, form.settings).state == "ok":
                say(f"Already up, as {form.name}.")
                show_addresses(form.settings)
                return 0
            say(f"Up as {form.name}, but not healthy; these run: {', '.join(running)}.")
        else:
            choice = choose(settings, environ)
            form = choice.form
            say(f"Starting as {form.name}.{f' {choice.reason}' if choice.reason else ''}")
        form.prepare()
        started_at = time.monotonic()
        start(form, started_at)
    say(f"Up in {time.monotonic() - started_at:.1f} s, as {form.name}.")
    show_addresses(form.settings)
    return 0


def start(form: Form, started_at: float) -> None:
    """Start the parts that do not run, and stop all again when one of them does not get healthy."""
    running = form.running()
    missing = [part for part in PARTS if part.name not in running]
    check_ports(missing, form.settings)

    def tell(part: Part) -> None:
        say(f"  {part.name:<6} healthy after {time.monotonic() - started_at:.1f} s")

    try:
        if missing:
            form.start(missing)
        wait_until_healthy(form, PARTS, form.settings, tell)
    except BaseException as error:
        with uninterrupted():
            if not isinstance(error, CommandError):
                say("Interrupted; stopping what was started.")
            form.stop()
        raise


def show_addresses(settings: LocalSettings) -> None:
    """Tell where everything is."""
    front_door = settings.front_door_url
    keys = f"access key {DEVELOPER_ACCESS_KEY}, secret {DEVELOPER_SECRET_KEY}"
    for what, where in (
        ("Front door", front_door),
        ("Console", f"{front_door}/_local/"),
        ("API docs", f"{front_door}/_local/docs"),
        ("API", f"{front_door}/api, itself at {settings.public_api_url}"),
        ("AWS endpoint", f"{settings.public_aws_url} ({keys})"),
    ):
        say(f"  {what:<13} {where}")
