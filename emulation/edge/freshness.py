"""For how long an answer is kept.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from emulation.edge.policies import CachePolicy

ERROR_TTL = 10
CACHED_ERRORS = frozenset((404, 414, 500, 501, 502, 503, 504))
# Kept only if the origin says for how long: a missing object behind origin access control is a 403, and is not.
ERRORS_CACHED_BY_HEADER = frozenset((400, 403, 405, 412, 415))
REDIRECTS_CACHED_BY_HEADER = frozenset((307, 308))
NEVER_CACHED = frozenset((206, 304))
FORBIDDING = frozenset(("no-cache", "no-store", "private"))


def lifetime_seconds(policy: CachePolicy, status: int, headers: Mapping[str, str], now: datetime) -> float:
    """The time to live of an origin's answer; 0 when it is not kept."""
    if not policy.caches or status in NEVER_CACHED:
        return 0
    directives = _directives(headers.get("Cache-Control", ""))
    if status >= 400:
        return _error_lifetime(status, _max_age(directives))
    if status in REDIRECTS_CACHED_BY_HEADER and not directives:
        return 0
    if FORBIDDING & directives.keys():
        return policy.min_ttl
    named = _max_age(directives)
    if named is None and "Expires" in headers:
        named = _seconds_until(headers["Expires"], now)
    if named is None:
        return max(policy.min_ttl, policy.default_ttl)
    return min(max(named, policy.min_ttl), policy.max_ttl)


def _error_lifetime(status: int, named: float | None) -> float:
    if status in CACHED_ERRORS or (status in ERRORS_CACHED_BY_HEADER and named is not None):
        return max(ERROR_TTL, named or 0)
    return 0


def _directives(cache_control: str) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in cache_control.split(","))
    return {name.lower(): value.strip('"') for name, _, value in parts if name}


def _max_age(directives: Mapping[str, str]) -> float | None:
    said = directives.get("s-maxage", directives.get("max-age", ""))
    return int(said) if said.isdecimal() else None


def _seconds_until(date: str, now: datetime) -> float:
    """Seconds until a date of HTTP; one that cannot be read is past."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return 0
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
