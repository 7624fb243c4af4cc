"""`doctor`."""

import time
from collections.abc import Mapping
from typing import Any

from emulation.commands.choice import find_running
from emulation.commands.errors import CommandError
from emulation.commands.output import say
from emulation.commands.probe import ask_doctor
from emulation.settings import LocalSettings

# What is being deleted is no finding: its functions have this long, which is a retry or two.
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.2


def doctor(settings: LocalSettings, environ: Mapping[str, str], is_to_mend: bool) -> int:
    """Say what has come apart in the running stack: 0 when nothing has, else 1. Changes nothing unless told to mend."""
    running = find_running(settings, environ)
    if running is None:
        raise CommandError("Nothing is up to be examined; `uv run just up` first.")
    told = _wait_for_deliveries(running.settings)
    if is_to_mend and told["findings"]:
        for mended in ask_doctor(running.settings, "POST")["mended"]:
            say(f"mended: {mended['kind']}: {mended['subject']}: {mended['mend']}")
        told = _wait_for_deliveries(running.settings)
    for finding in told["findings"]:
        detail = f" ({finding['detail']})" if finding["detail"] else ""
        mend = f"; --mend: {finding['mend']}" if finding["mend"] else ""
        say(f"{finding['kind']}: {finding['subject']}{detail}{mend}")
    if told["undelivered"]:
        say(f"undelivered: {told['undelivered']} records of the tables' streams wait for their function.")
    problems = sum(finding["isProblem"] for finding in told["findings"]) + (told["undelivered"] > 0)
    say("All is well." if not problems else f"Problems: {problems}.")
    return 1 if problems else 0


def _wait_for_deliveries(settings: LocalSettings) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (told := ask_doctor(settings, "GET"))["undelivered"] and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    return told
