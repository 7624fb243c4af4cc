"""What AWS refuses."""

import contextlib
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError


@contextlib.contextmanager
def refused(code: str, message: str | None = None, status: int = 400) -> Iterator[None]:
    """The call inside is refused with this code and status and, if given, exactly this message."""
    with pytest.raises(ClientError) as raised:
        yield
    error = raised.value.response["Error"]
    found = raised.value.response["ResponseMetadata"]["HTTPStatusCode"]
    # The first line says in short what differs: docs/fidelity.md shows it.
    assert found < 500, f"HTTP {found}"
    assert error["Code"] == code, f"refused with {error['Code']}"
    assert message in (None, error["Message"]), f"refused in other words\n{error['Message']!r}, not {message!r}"
    assert found == status, f"refused with HTTP {found}"
