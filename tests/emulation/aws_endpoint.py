"""What the tests of documented AWS behaviour talk to: the local AWS, or a stock moto_server to compare with."""

import contextlib
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest

from emulation.applier import apply_stack
from emulation.local_template import read_local_template
from emulation.settings import REGION, read_local_settings
from tests.aws_clients import open_client
from tests.emulation.cloud_process import CloudProcess
from tests.eventually import wait_until
from tests.ports import free_port

MOTO_START_SECONDS = 30.0
NO_CLOCK = "stock moto has no clock that could be advanced"


class AwsEndpoint(Protocol):
    """An AWS endpoint with the stack of deploy/template.yaml."""

    url: str
    environment: dict[str, str]

    def client(self, service: str, **config: Any) -> Any:
        """A boto3 client that does not retry; `config` are arguments of botocore's Config."""

    def advance(self, seconds: int) -> None:
        """Let everything issued until now be older; what is issued from now on is fresh."""

    def mails(self, to: str) -> list[dict[str, Any]]:
        """The mails to an address, oldest first: to, subject, text, html, links, codes, sentAt."""

    def open_domain_page(self, query: str) -> tuple[int, str]:
        """Status and text of the page /confirmUser at the user pool's domain."""


class LocalAws:
    """The local AWS, a process of its own."""

    def __init__(self, process: CloudProcess) -> None:
        self._process = process
        self._is_aged = False
        self.url = process.url
        self.environment: dict[str, str] = process.request("GET", "/_cloud/environment")[1]

    def client(self, service: str, **config: Any) -> Any:
        """A client signed in as the developer."""
        return open_client(self.url, service, **config)

    def advance(self, seconds: int) -> None:
        """Advance the cloud's clock; returns with the next whole second."""
        self._is_aged = True
        status, answer = self._process.request(
            "POST", "/_cloud/clock", b'{"advanceSeconds": %d}' % seconds, {"Content-Type": "application/json"}
        )
        assert status == 200, answer

    def forget_ageings(self) -> None:
        """Let everything have its real age again."""
        if self._is_aged:
            self._is_aged = False
            self._process.request("DELETE", "/_cloud/clock")

    def mails(self, to: str) -> list[dict[str, Any]]:
        """The mailbox."""
        found: list[dict[str, Any]] = self._process.request("GET", f"/_cloud/mail?to={to}")[1]
        return found

    def open_domain_page(self, query: str) -> tuple[int, str]:
        """The page, which the front door shows under /_local/auth/."""
        return open_page(f"{self.url}/_cloud/domain/confirmUser?{query}")


class StockMoto:
    """moto_server as it is installed, nothing changed: no mail, no clock, no page behind a link."""

    def __init__(self, url: str) -> None:
        self.url = url
        template = read_local_template(read_local_settings({}))
        self.environment = {"AWS_REGION": REGION, **apply_stack(template, url).environment}

    def client(self, service: str, **config: Any) -> Any:
        """A client with the same credentials as for the local AWS."""
        return open_client(self.url, service, **config)

    def advance(self, seconds: int) -> None:
        """Cannot be; says so."""
        pytest.fail(f"{NO_CLOCK} by {seconds} s")

    def mails(self, to: str) -> list[dict[str, Any]]:  # noqa: ARG002
        """None ever comes."""
        return []

    def open_domain_page(self, query: str) -> tuple[int, str]:
        """Whatever is found at the domain's path."""
        return open_page(f"{self.url}/confirmUser?{query}")


def open_page(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


@contextlib.contextmanager
def run_local_aws(folder: Path) -> Iterator[LocalAws]:
    """The local AWS with its state in a folder, until the end of the block."""
    process = CloudProcess(folder)
    try:
        yield LocalAws(process.wait_until_ready())
    finally:
        process.stop()


@contextlib.contextmanager
def run_moto_server() -> Iterator[str]:
    """The address of a stock moto_server, which runs until the end of the block."""
    # A setting of whoever runs the tests must not make it less stock.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_", "S3_"))}
    url = f"http://127.0.0.1:{free_port()}"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", url.rpartition(":")[2]],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(partial(_is_ready, url, process), MOTO_START_SECONDS)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _is_ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "moto_server did not start"
    with contextlib.suppress(urllib.error.URLError):
        return open_page(f"{url}/moto-api/")[0] == 200
    return False
