"""The names by which this machine may be addressed. Another name may be another site's, rebound to it."""

from urllib.parse import urlsplit

from emulation.settings import LocalSettings

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def known_hosts(settings: LocalSettings) -> frozenset[str]:
    """The loopback names, and those in the addresses of the stack, such as a container's name."""
    urls = (settings.aws_url, settings.public_aws_url, settings.front_door_url)
    return LOOPBACK_HOSTS | {host for url in urls if (host := urlsplit(url).hostname)}


def is_known_host(header: str, known: frozenset[str]) -> bool:
    """Whether a Host header has one of the names, or a bucket in front of one that browsers never ask a DNS for."""
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    return not header or host in known or host.endswith(".localhost")
