"""What schemathesis loads: who signs its cases in, and a line for each answer. Used by tests/hostile/fuzzing.py."""

import os
from pathlib import Path
from typing import Any

import requests
import schemathesis

_FRONT_DOOR_URL = os.environ["FRONT_DOOR_URL"]
_ANSWERS = Path(os.environ["HOSTILE_ANSWERS"])
# Well below the hour that an access token lives.
_TOKEN_SECONDS = 600


def _new_token() -> str:
    answer = requests.post(f"{_FRONT_DOOR_URL}/_local/users", json={}, timeout=60)
    answer.raise_for_status()
    return str(answer.json()["accessToken"])


class _Bearer:
    """A user's token as the Authorization header."""

    def get(self, _case: Any, _context: Any) -> str:
        return _new_token()

    def set(self, case: Any, token: str, _context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


schemathesis.auth(refresh_interval=_TOKEN_SECONDS).skip_for(operation_id="delete_user")(_Bearer)
# Each time another user: this one is gone afterwards.
schemathesis.auth(refresh_interval=None).apply_to(operation_id="delete_user")(_Bearer)


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Note what was answered, and after how many seconds."""
    operation = case.operation.definition.raw["operationId"]
    with _ANSWERS.open("a") as file:
        file.write(f"{operation} {response.status_code} {response.elapsed:.3f}\n")
