"""The names by which this machine may be addressed. Another name may be another site's, rebound to it."""

import re
from urllib.parse import urlsplit

from emulation.settings import LocalSettings

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# A name or an address with a port; whoever writes a user, a path or the like into it is no browser and no SDK.
# https://www.rfc-editor.org/rfc/rfc9110#section-7.2
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::[0-9]{1,5})?", re.ASCII)


def known_hosts(settings: LocalSettings) -> frozenset[str]:
    """The loopback names, and those in the addresses of the stack, such as a container's name."""
    urls = (settings.aws_url, settings.public_aws_url, settings.front_door_url)
    return LOOPBACK_HOSTS | {host for url in urls if (host := urlsplit(url).hostname)}


def read_host(header: str) -> str:
    """The name or address in a Host header, in lower case; empty when there is none."""
    found = _HOST.fullmatch(header)
    return (found[1] or found[2]).lower() if found else ""


def is_known_host(header: str, known: frozenset[str]) -> bool:
    """Whether a Host header has one of the names, or a bucket in front of one that browsers never ask a DNS for."""
    host = read_host(header)
    return not header or host in known or host.endswith(".localhost")
