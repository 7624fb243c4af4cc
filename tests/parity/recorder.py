"""The record of a run of tests/api: every exchange with the target, a line of JSON each."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import aiohttp

# What a header tells the client about the answer. The others are of the connection, or of the server's software.
HEADERS = frozenset(
    {
        "access-control-allow-headers",
        "access-control-allow-methods",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "access-control-max-age",
        "cache-control",
        "content-type",
        "etag",
        "location",
        "retry-after",
        "vary",
    }
)


@dataclass(frozen=True)
class Exchange:
    """A request of a test and its answer. `number` counts the test's requests as they began, `at_once` tells that
    another one was under way, `asker` stands for the request's headers."""

    test: str
    number: int
    at_once: bool
    method: str
    url: str
    asker: str
    status: int
    headers: Mapping[str, str]
    body: str


class Call:
    """A request that is under way."""

    def __init__(self, recorder: "Recorder", test: str, number: int) -> None:
        self._recorder = recorder
        self.test = test
        self.number = number
        self.at_once = False

    def answered(self, answer: aiohttp.ClientResponse, sent: Mapping[str, str], body: bytes) -> None:
        """Write the exchange."""
        self._recorder.write(
            Exchange(
                test=self.test,
                number=self.number,
                at_once=self.at_once,
                method=answer.method,
                url=str(answer.url),
                asker=sha256(repr(sorted(sent.items())).encode()).hexdigest()[:16],
                status=answer.status,
                headers={name.lower(): value for name, value in answer.headers.items() if name.lower() in HEADERS},
                body=to_text(body),
            )
        )

    def end(self) -> None:
        """It is under way no more, answered or not."""
        self._recorder.under_way.discard(self)


class Recorder:
    """Writes a run's exchanges into a file, which is emptied first."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        self._path = path
        self._numbers: dict[str, int] = {}
        self.under_way: set[Call] = set()

    def begin(self) -> Call:
        """A request begins, of the test that runs just now."""
        # https://docs.pytest.org/en/stable/example/simple.html#pytest-current-test-environment-variable
        test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" (")[0]
        number = self._numbers[test] = self._numbers.get(test, 0) + 1
        call = Call(self, test, number)
        self.under_way.add(call)
        if len(self.under_way) > 1:
            for one in self.under_way:
                one.at_once = True
        return call

    def write(self, exchange: Exchange) -> None:
        """Add an exchange to the file."""
        with self._path.open("a") as file:
            file.write(json.dumps(asdict(exchange)) + "\n")


def to_text(body: bytes) -> str:
    """A body as text; what is none is told by its length and hash."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{len(body)} bytes, SHA-256 {sha256(body).hexdigest()}"


def read_exchanges(path: Path) -> list[Exchange]:
    """The exchanges of a run."""
    return [Exchange(**json.loads(line)) for line in path.read_text().splitlines()]
