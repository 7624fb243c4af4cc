"""`test-stack` and `test-docker`: tests/api against a stack of its own, beside the developer's."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from emulation.commands.containers import Containers, check_compose, connect_engine
from emulation.commands.errors import CommandError
from emulation.commands.form import Form
from emulation.commands.output import say
from emulation.commands.parts import PARTS
from emulation.commands.ports import find_stack_ports
from emulation.commands.processes import Processes
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import ROOT, LocalSettings, read_local_settings

# A little below what tests/api has.
LEAST_TESTS = 220
# Addresses of the developer's own stack mean nothing to this one: it has ports of its own.
OWN_ADDRESSES = ("FRONT_DOOR_URL", "API_URL", "AWS_URL", "PUBLIC_API_URL", "PUBLIC_AWS_URL", "BIND_HOST")


def stack_of_its_own(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a stack that shares neither ports nor data nor containers with another."""
    kept = {name: value for name, value in environ.items() if name not in OWN_ADDRESSES}
    own = {"LOCAL_DIR": str(folder), "COMPOSE_PROJECT_NAME": f"guitar-collection-test-{os.getpid()}"}
    return {**kept, **find_stack_ports(), **own}


def run_on_processes(environ: Mapping[str, str], options: Sequence[str]) -> int:
    """Run tests/api against processes; pytest's exit code."""
    with _own_settings(environ) as (settings, own):
        form = Processes(settings, own, attached=True)
        try:
            _start(form, settings)
            return _run_tests(settings, own, options)
        finally:
            form.stop()


def run_on_containers(environ: Mapping[str, str], options: Sequence[str]) -> int:
    """Build the image, run tests/api against containers; pytest's exit code. Raises CommandError without an engine."""
    engine = connect_engine(environ)
    check_compose(environ)
    with _own_settings(environ) as (settings, own):
        form = Containers(settings, own, engine)
        try:
            _start(form, settings)
            return _run_tests(settings, own, options)
        finally:
            form.remove()


@contextmanager
def _own_settings(environ: Mapping[str, str]) -> Iterator[tuple[LocalSettings, dict[str, str]]]:
    """The settings of a stack of its own, and its environment; its folder goes with the context."""
    with tempfile.TemporaryDirectory(prefix="guitar-collection-") as folder:
        own = stack_of_its_own(environ, Path(folder))
        yield read_local_settings(own), own


def _start(form: Form, settings: LocalSettings) -> None:
    form.prepare()
    started_at = time.monotonic()
    form.start(PARTS)
    try:
        wait_until_healthy(form, PARTS, settings, lambda _: None)
    except CommandError:
        # The logs go with the stack: they are shown while they are there.
        form.show_logs(PARTS, follow=False)
        raise
    say(f"A stack for the tests is up as {form.name} after {time.monotonic() - started_at:.1f} s.")


def _run_tests(settings: LocalSettings, environ: Mapping[str, str], options: Sequence[str]) -> int:
    addresses = {
        "FRONT_DOOR_URL": settings.front_door_url,
        "API_URL": settings.public_api_url,
        "PUBLIC_AWS_URL": settings.public_aws_url,
    }
    # The whole suite unless somebody chose; then it must not be silently empty.
    chosen = [] if options else ["tests/api", f"--at-least={LEAST_TESTS}"]
    command = [sys.executable, "-m", "pytest", "--target=stack", *chosen, *options]
    return subprocess.run(command, cwd=ROOT, env={**environ, **addresses}, check=False).returncode  # noqa: S603
