"""Asks a part of this machine over HTTP, without any library that is slow to load."""

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from emulation.commands.errors import CommandError
from emulation.commands.parts import CLOUD, Part
from emulation.settings import LocalSettings

PATIENCE_SECONDS = 6.0
WORK_SECONDS = 60.0
SNAPSHOT_SECONDS = 300.0


@dataclass(frozen=True)
class Health:
    """`state`: ok, starting, failed or down; `reason` says why it is not ok."""

    state: str
    reason: str = ""


def ask_health(part: Part, settings: LocalSettings) -> Health:
    """How a part does, by its own health answer."""
    try:
        status, told = _request("GET", part.port(settings), part.health_path, PATIENCE_SECONDS)
    except (OSError, http.client.HTTPException):
        return Health("down", "It does not answer.")
    if status == 200:
        return Health("ok")
    return Health(told.get("status", "failed"), _reason(told) or f"It answers {status}.")


def check_health(part: Part, settings: LocalSettings) -> int:
    """`healthcheck`: 0 when a part is healthy; raises CommandError with the reason when it is not."""
    health = ask_health(part, settings)
    if health.state != "ok":
        raise CommandError(f"{part.name}: {health.reason}")
    return 0


def ask_reset(settings: LocalSettings) -> None:
    """Let the running local AWS delete all data and create the stack anew; raises CommandError."""
    status, told = _ask_cloud(settings, "POST", "/_cloud/reset", WORK_SECONDS)
    if status != 200:
        raise CommandError(
            f"The local AWS could not be reset: {_reason(told) or status}; see `uv run just logs cloud`."
        )


def ask_renewal(settings: LocalSettings) -> None:
    """Let the running local AWS run its functions' code as it is now; raises CommandError."""
    status, told = _ask_cloud(settings, "POST", "/_cloud/functions/renew", WORK_SECONDS)
    if status != 204:
        raise CommandError(
            f"The local AWS could not renew its functions: {_reason(told) or status}; see `uv run just logs cloud`."
        )


def ask_doctor(settings: LocalSettings, method: str) -> dict[str, Any]:
    """What the running local AWS finds (GET), or has put right (POST); raises CommandError."""
    status, told = _ask_cloud(settings, method, "/_cloud/doctor", WORK_SECONDS)
    if status != 200:
        raise CommandError(f"The local AWS could not be examined: {_reason(told) or status}.")
    return told


def fetch_snapshot(settings: LocalSettings, path: Path) -> None:
    """Write what the running local AWS sends as its snapshot into a file; raises CommandError."""
    try:
        with _answering("GET", CLOUD.port(settings), "/_cloud/snapshot", SNAPSHOT_SECONDS) as answer:
            if answer.status != 200:
                told = _reason(_read_object(answer.read())) or f"it answers {answer.status}"
                raise CommandError(f"The local AWS could not take a snapshot: {told}; see `uv run just logs cloud`.")
            with path.open("wb") as file:
                shutil.copyfileobj(answer, file)
                if answer.length:
                    raise CommandError("The local AWS did not send the whole snapshot; see `uv run just logs cloud`.")
    except (OSError, http.client.HTTPException) as error:
        raise CommandError(f"The snapshot could not be fetched ({error}); see `uv run just logs cloud`.") from error


def send_snapshot(settings: LocalSettings, path: Path) -> None:
    """Let the running local AWS replace all data by that of a snapshot; raises CommandError."""
    with path.open("rb") as file:
        status, told = _ask_cloud(settings, "POST", "/_cloud/restore", SNAPSHOT_SECONDS, file)
    if status in (400, 409):
        raise CommandError(_reason(told))
    if status != 200:
        raise CommandError(
            f"The snapshot could not be restored: {_reason(told) or status}; see `uv run just logs cloud`."
        )


def _ask_cloud(
    settings: LocalSettings, method: str, path: str, seconds: float, body: IO[bytes] | None = None
) -> tuple[int, dict[str, Any]]:
    """What the running local AWS answers, whatever it is; raises CommandError when it does not."""
    try:
        return _request(method, CLOUD.port(settings), path, seconds, body)
    except (OSError, http.client.HTTPException) as error:
        raise CommandError(f"The local AWS does not answer ({error}); see `uv run just logs cloud`.") from error


def _reason(told: dict[str, Any]) -> str:
    if "reason" in told:
        return str(told["reason"])
    parts = told.get("parts", {}).items()
    return " ".join(f"{name}: {part.get('reason', '')}" for name, part in parts if part.get("status") != "ok")


def _request(
    method: str, port: int, path: str, seconds: float, body: IO[bytes] | None = None
) -> tuple[int, dict[str, Any]]:
    with _answering(method, port, path, seconds, body) as answer:
        return answer.status, _read_object(answer.read())


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        told = {}
    return told if isinstance(told, dict) else {}


@contextmanager
def _answering(
    method: str, port: int, path: str, seconds: float, body: IO[bytes] | None = None
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path, body)
        yield connection.getresponse()
    finally:
        connection.close()
