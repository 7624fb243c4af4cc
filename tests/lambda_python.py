"""Tests of built functions need an interpreter of Lambda's version, and the emulator one platform.

A machine without them leaves these tests out by name; `just build` and `just parity`, and so CI, refuse there.
"""

import platform
import sys

import pytest

from deploy.build.errors import BuildError
from deploy.build.tools import find_python


def _why_not() -> str:
    try:
        find_python()
    except BuildError as error:
        return str(error)
    return ""


_REASON = _why_not()
needs_lambda_python = pytest.mark.skipif(bool(_REASON), reason=_REASON or "there is one")
needs_emulator = pytest.mark.skipif(
    bool(_REASON) or sys.platform != "linux" or platform.machine() != "x86_64",
    reason=_REASON or "Lambda's runtime emulator runs on Linux with x86_64 only.",
)
