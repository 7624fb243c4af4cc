"""Codes of an authenticator app (RFC 6238: HMAC-SHA-1, 30 seconds, six digits)."""

import base64
import hmac
from collections.abc import Callable
from datetime import datetime

STEP_SECONDS = 30
SECRET_BYTES = 32
# One step earlier and one later, for clocks that differ (RFC 6238, 5.2).
WINDOW = (-1, 0, 1)


def new_secret(token_bytes: Callable[[int], bytes]) -> str:
    """A secret in base 32."""
    return base64.b32encode(token_bytes(SECRET_BYTES)).decode().rstrip("=")


def code_at(secret: str, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, if one in the window has it."""
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current + difference for difference in WINDOW):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None
