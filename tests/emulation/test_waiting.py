"""How long the commands wait for a part that does not answer well."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer

import pytest

from emulation.commands.errors import CommandError
from emulation.commands.parts import PARTS_BY_NAME, Part
from emulation.commands.processes import Processes
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import LocalSettings, read_local_settings
from tests.ports import free_port

API = PARTS_BY_NAME["api"]
IMPATIENT_SECONDS = 0.4


@contextmanager
def run_part(settings: LocalSettings, failures: int, after_seconds: float) -> Iterator[None]:
    """A part that listens after a while, and then fails so many times before it is well."""
    left = [failures]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = (503, b'{"status": "failed", "reason": "too slow"}') if left[0] else (200, b"{}")
            left[0] = max(0, left[0] - 1)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    servers: list[TCPServer] = []

    def listen() -> None:
        servers.append(TCPServer(("127.0.0.1", settings.api_port), Handler))
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
    return read_local_settings({"API_PORT": str(free_port())})


class Running(Processes):
    """A form whose parts never end."""

    def last_words(self, part: Part) -> str | None:  # noqa: ARG002
        return None


def wait(settings: LocalSettings) -> None:
    wait_until_healthy(Running(settings, {}), [API], settings, lambda _: None, IMPATIENT_SECONDS)


def test_a_part_that_starts_late_may_fail_at_its_first_look(settings: LocalSettings) -> None:
    with run_part(settings, failures=1, after_seconds=2 * IMPATIENT_SECONDS):
        wait(settings)


def test_a_part_that_goes_on_failing_is_told_with_its_reason(settings: LocalSettings) -> None:
    with run_part(settings, failures=10_000, after_seconds=0.0), pytest.raises(CommandError, match="too slow"):
        wait(settings)
