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
    """Return when all are healthy, each told as it is. Raises CommandError when one ends, fails or takes too long.

    Each part rests on those before it: it fails for as long as they start, and is not blamed for that.
    """
    given_up = Event()
    healthy = {part.name: Event() for part in parts}
    with ThreadPoolExecutor(len(parts)) as threads:

        def wait_for(number: int, part: Part) -> None:
            beneath = [healthy[other.name] for other in parts[:number]]
            _wait_for(form, part, settings, given_up, beneath, impatient_seconds)
            healthy[part.name].set()

        waits = {threads.submit(wait_for, number, part): part for number, part in enumerate(parts)}
        try:
            for wait in as_completed(waits):
                wait.result()
                tell(waits[wait])
        finally:
            given_up.set()


def _wait_for(
    form: Form,
    part: Part,
    settings: LocalSettings,
    given_up: Event,
    beneath: Sequence[Event],
    impatient_seconds: float,
) -> None:
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
        # The front door only tells of others, which answer for themselves.
        is_failed = health.state == "failed" and part is not EDGE and all(one.is_set() for one in beneath)
        # On a busy machine a part may start late, and its first look at another take too long.
        failed_at = (failed_at or now) if is_failed else None
        if waited > PATIENCE_SECONDS or (failed_at is not None and now - failed_at > impatient_seconds):
            raise CommandError(f"The {part.name} is not healthy after {waited:.0f} s: {health.reason} {see}")
