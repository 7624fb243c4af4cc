"""Which behaviour a path belongs to."""

import posixpath
import re

_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def normal_path(path: str) -> str:
    """A raw path as RFC 3986 normalizes it: no needless escapes, no dot segments; slashes merged."""

    def unescape(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    plain = _ESCAPED.sub(unescape, path)
    normal = "/" + posixpath.normpath(plain).lstrip("/")
    return normal + "/" if plain.endswith("/") and normal != "/" else normal


def matches(path: str, prefix: str) -> bool:
    """Whether a raw path belongs to the behaviour of `prefix` + `*`.

    CloudFront normalizes a path before it looks for the behaviour, sends the raw one to the origin, and takes the
    default behaviour when the two disagree: `/images/../receipts/x` is no image.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    """
    return path.startswith(prefix) and normal_path(path).startswith(prefix)
