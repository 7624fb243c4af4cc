"""Which behaviour a path belongs to."""

import posixpath
import re

_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A path pattern with `*` and `?`, its first slash given or not; upper and lower case are different."""
    wildcards = {"*": ".*", "?": "."}
    parts = (wildcards.get(character, re.escape(character)) for character in pattern.removeprefix("/"))
    return re.compile("/" + "".join(parts), re.DOTALL)


def normal_path(path: str) -> str:
    """A raw path as RFC 3986 normalizes it: no needless escapes, no dot segments; slashes merged."""

    def unescape(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    plain = _ESCAPED.sub(unescape, path)
    normal = "/" + posixpath.normpath(plain).lstrip("/")
    return normal + "/" if plain.endswith("/") and normal != "/" else normal


def matches(path: str, pattern: re.Pattern[str]) -> bool:
    """Whether a raw path belongs to a behaviour.

    CloudFront normalizes a path before it looks for the behaviour, sends the raw one to the origin, and takes the
    default behaviour when the two disagree: `/images/../receipts/x` is no image.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    """
    return bool(pattern.fullmatch(path)) and bool(pattern.fullmatch(normal_path(path)))
