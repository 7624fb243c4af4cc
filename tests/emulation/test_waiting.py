"""How long the commands wait for a part that does not answer well."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import chain, repeat
from socketserver import TCPServer

import pytest

from emulation.commands.errors import CommandError
from emulation.commands.parts import API, CLOUD, Part
from emulation.commands.ports import find_stack_ports
from emulation.commands.processes import Processes
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import LocalSettings, read_local_settings

IMPATIENT_SECONDS = 0.4


class Listener(TCPServer):
    """Listens on a port that was used a moment ago too, as every part does."""

    allow_reuse_address = True


@contextmanager
def run_part(port: int, is_well: Callable[[], bool], after_seconds: float) -> Iterator[None]:
    """A part that listens after a while, and is asked then whether it is well."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = (200, b"{}") if is_well() else (503, b'{"status": "failed", "reason": "too slow"}')
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    servers: list[Listener] = []

    def listen() -> None:
        servers.append(Listener(("127.0.0.1", port), Handler))
        servers[0].serve_forever(0.05)

    timer = threading.Timer(after_seconds, listen)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        for server in servers:
            server.shutdown()
            server.server_close()
        timer.join()


@pytest.fixture
def settings() -> LocalSettings:
    return read_local_settings(find_stack_ports())


class Running(Processes):
    """A form whose parts never end."""

    def last_words(self, part: Part) -> str | None:  # noqa: ARG002
        return None


def wait(settings: LocalSettings, *parts: Part) -> None:
    wait_until_healthy(Running(settings, {}), parts, settings, lambda _: None, IMPATIENT_SECONDS)


def test_a_part_that_starts_late_may_fail_at_its_first_look(settings: LocalSettings) -> None:
    answers = chain([False], repeat(True))
    with run_part(settings.api_port, lambda: next(answers), 2 * IMPATIENT_SECONDS):
        wait(settings, API)


def test_a_part_that_goes_on_failing_is_told_with_its_reason(settings: LocalSettings) -> None:
    with run_part(settings.api_port, lambda: False, 0.0), pytest.raises(CommandError, match="too slow"):
        wait(settings, API)


def test_a_part_may_fail_for_as_long_as_one_that_it_rests_on_is_starting(settings: LocalSettings) -> None:
    is_up = threading.Event()

    def come_up() -> bool:
        is_up.set()
        return True

    late_cloud = run_part(settings.aws_port, come_up, 4 * IMPATIENT_SECONDS)
    with late_cloud, run_part(settings.api_port, is_up.is_set, 0.0):
        wait(settings, CLOUD, API)
