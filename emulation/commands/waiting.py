"""Waits until the parts of a stack are healthy."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event

from emulation.commands.errors import CommandError
from emulation.commands.form import Form
from emulation.commands.parts import EDGE, Part
from emulation.commands.probe import ask_health
from emulation.settings import LocalSettings

PATIENCE_SECONDS = 90.0
# Often at first, as a start takes a second or two; later without wearing the machine out.
FIRST_POLLS_SECONDS = 0.05
LATER_POLLS_SECONDS = 0.5
IMPATIENT_SECONDS = 5.0


def wait_until_healthy(
    form: Form,
    parts: Sequence[Part],
    settings: LocalSettings,
    tell: Callable[[Part], None],
    impatient_seconds: float = IMPATIENT_SECONDS,
) -> None:
    """Return when all are healthy, each told as it is. Raises CommandError when one ends, fails or takes too long."""
    given_up = Event()
    with ThreadPoolExecutor(len(parts)) as threads:
        waits = {threads.submit(_wait_for, form, part, settings, given_up, impatient_seconds): part for part in parts}
        try:
            for wait in as_completed(waits):
                wait.result()
                tell(waits[wait])
        finally:
            given_up.set()


def _wait_for(form: Form, part: Part, settings: LocalSettings, given_up: Event, impatient_seconds: float) -> None:
    started_at = time.monotonic()
    failed_at: float | None = None
    pause = FIRST_POLLS_SECONDS
    while not given_up.wait(pause):
        health = ask_health(part, settings)
        if health.state == "ok":
            return
        now = time.monotonic()
        waited = now - started_at
        pause = FIRST_POLLS_SECONDS if waited < impatient_seconds else LATER_POLLS_SECONDS
        words = form.last_words(part)
        see = f"(see `uv run just logs {part.name}`)"
        if words is not None:
            raise CommandError(f"The {part.name} has ended: {words or 'without a word'} {see}")
        # The front door counts as failed for as long as another part is starting.
        is_failed = health.state == "failed" and part is not EDGE
        # On a busy machine a part may start late, and its first look at another take too long.
        failed_at = (failed_at or now) if is_failed else None
        if waited > PATIENCE_SECONDS or (failed_at is not None and now - failed_at > impatient_seconds):
            raise CommandError(f"The {part.name} is not healthy after {waited:.0f} s: {health.reason} {see}")
