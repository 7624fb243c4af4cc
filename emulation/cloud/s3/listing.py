"""Pages of a listing, in place of moto's, which forgets its tokens when it is restarted.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from moto.s3.models import FakeBucket, FakeKey, S3Backend

MOST_KEYS = 1000

Entry = FakeKey | str
_list_objects = S3Backend.list_objects


def list_objects(
    backend: S3Backend,
    bucket: FakeBucket,
    prefix: str | None,
    delimiter: str | None,
    marker: str | None,
    max_keys: int | None,
) -> tuple[list[FakeKey], list[str], bool, str | None]:
    """Keys and common prefixes, whether there are more, and, of a listing with a delimiter, behind what."""
    keys, prefixes, _, _ = _list_objects(backend, bucket, prefix, delimiter, None, None)
    if max_keys is None:
        return list(keys), list(prefixes), False, None
    page, following = _page([*keys, *prefixes], marker, max_keys)
    found = [one for one in page if isinstance(one, FakeKey)]
    common = [one for one in page if isinstance(one, str)]
    return found, common, bool(following), following if delimiter else None


def list_objects_v2(
    backend: S3Backend,
    bucket: FakeBucket,
    prefix: str | None,
    delimiter: str | None,
    continuation_token: str | None,
    start_after: str | None,
    max_keys: int,
) -> tuple[list[Entry], bool, str | None]:
    """Keys and common prefixes in one order, whether there are more, and the token of what follows."""
    keys, prefixes, _, _ = _list_objects(backend, bucket, prefix, delimiter, None, None)
    after = read_token(continuation_token) if continuation_token else start_after
    page, following = _page([*keys, *prefixes], after, max_keys)
    return page, bool(following), urlsafe_b64encode(following.encode()).decode() if following else None


def read_token(token: str) -> str:
    """The name behind which a page begins; raises ValueError."""
    return urlsafe_b64decode(token.encode()).decode()


def _page(entries: Iterable[Entry], after: str | None, max_keys: int) -> tuple[list[Entry], str | None]:
    """The entries behind a name, and the last name if more follow."""
    rest = sorted((one for one in entries if after is None or _name(one) > after), key=_name)
    page = rest[: min(max_keys, MOST_KEYS)]
    return page, _name(page[-1]) if page and len(page) < len(rest) else None


def _name(entry: Entry) -> str:
    return entry if isinstance(entry, str) else str(entry.name)
