"""An authenticator app."""

import base64
import hmac
import struct
import time


def totp(secret: str, step_offset: int = 0) -> str:
    """RFC 6238 with Cognito's parameters: SHA-1, 30 seconds, six digits."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step_offset)
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def wrong_totp(secret: str) -> str:
    """Six digits that are no code of now, nor of the steps around it, which are taken too."""
    right = {totp(secret, offset) for offset in range(-2, 4)}
    return next(code for number in range(1_000_000) if (code := f"{number:06}") not in right)
