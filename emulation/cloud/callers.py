"""Who has signed a request, as it says itself; whether that is true is the services' to check."""

import re
from urllib.parse import unquote

from emulation.cloud.exchange import Request
from emulation.settings import DEVELOPER_ACCESS_KEY

_ACCESS_KEY = re.compile(r"Credential=([^/%&]+)")


def access_key_of(request: Request) -> str:
    """The access key; empty for Cognito's calls that nobody signs, and for forms, which come from browsers."""
    found = _ACCESS_KEY.search(request.headers.get("Authorization", "")) or _ACCESS_KEY.search(unquote(request.target))
    return found[1] if found else ""


def is_developer(request: Request) -> bool:
    """Whether the request is signed with the developer's own key."""
    return access_key_of(request) == DEVELOPER_ACCESS_KEY
