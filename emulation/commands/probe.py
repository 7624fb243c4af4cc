"""Asks a part of this machine over HTTP, without any library that is slow to load."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

from emulation.commands.errors import CommandError
from emulation.commands.parts import CLOUD, Part
from emulation.settings import LocalSettings

PATIENCE_SECONDS = 6.0
RESET_SECONDS = 60.0


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
    try:
        status, told = _request("POST", CLOUD.port(settings), "/_cloud/reset", RESET_SECONDS)
    except (OSError, http.client.HTTPException) as error:
        raise CommandError(f"The local AWS does not answer ({error}); see `just logs cloud`.") from error
    if status != 200:
        raise CommandError(f"The local AWS could not be reset: {_reason(told) or status}; see `just logs cloud`.")


def _reason(told: dict[str, Any]) -> str:
    if "reason" in told:
        return str(told["reason"])
    parts = told.get("parts", {}).items()
    return " ".join(f"{name}: {part.get('reason', '')}" for name, part in parts if part.get("status") != "ok")


def _request(method: str, port: int, path: str, seconds: float) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    return answer.status, told if isinstance(told, dict) else {}
