"""The If-Match header (RFC 9110, 13.1.1)."""

import re
from dataclasses import dataclass

_ETAG = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')


@dataclass(frozen=True)
class Precondition:
    """Which versions a write may meet; `versions` is None for `*`, which any existing guitar satisfies."""

    versions: frozenset[str] | None

    def holds_for(self, version: int) -> bool:
        """Whether a guitar of that version may be written."""
        return self.versions is None or str(version) in self.versions


def read_precondition(header: str | None) -> Precondition | None:
    """The header's meaning; None when there is none. A weak tag never matches, and neither does what is no tag."""
    if header is None:
        return None
    if header.strip() == "*":
        return Precondition(None)
    return Precondition(frozenset(tag for weak, tag in _ETAG.findall(header) if not weak))
