"""What two targets answered to the same tests, compared. Only ids, times and tokens may differ."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from server.routes import ROUTES
from tests.parity.recorder import Exchange

# Fields whose whole value is made anew each time: tokens, secrets and what is signed.
MADE_ANEW = frozenset(
    {
        "accessToken",
        "idToken",
        "nextToken",
        "policy",
        "refreshToken",
        "secret",
        "session",
        "x-amz-signature",
    }
)
# Parts of texts that are made anew: a pattern and what stands for it. The order counts.
PATTERNS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"https?://(?:localhost|127\.0\.0\.1):\d+", "<address>"),
        (r"(?<=X-Amz-Signature=)[0-9a-f]+", "<signature>"),
        (r"(?<=secret=)[A-Z2-7]+", "<secret>"),
        (r"eyJ[\w-]+\.[\w-]+\.[\w-]*", "<token>"),
        (r"<RequestId>[^<]*</RequestId>|<HostId>[^<]*</HostId>", "<request>"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "<time>"),
        (r"\d{8}T\d{6}Z", "<time>"),
        (r"(?<=/)20\d{6}(?=/us-east-1/)|(?<=%2F)20\d{6}(?=%2Fus-east-1)", "<day>"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
        (r"[0-9a-f]{8,}(?=@example\.com)", "<hex>"),
        # S3 spells out what was asked when a signature does not fit, with the hosts and ids of the way there.
        (r"(?s)<CanonicalRequest>.*?</CanonicalRequestBytes>", "<canonical request>"),
        (r"(?<=Bytes>)(?:[0-9a-f]{2} )+[0-9a-f]{2}(?=</)", "<bytes>"),
        # But not an age in seconds, and not what a picture holds.
        (r"(?<!max-age=)(?<!SHA-256 )\b[0-9a-fA-F]{8,64}\b", "<hex>"),
    )
)
# Of the local tools, which are no part of the product.
TOOLS = ("/_local/", "/_cloud/")


@dataclass(frozen=True)
class Answer:
    """An answer as it is compared. `place` says where it was given: the test, and which of its answers it is."""

    place: str
    route: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True)
class Difference:
    """Two targets that answer otherwise; without an answer, one of them was not asked."""

    place: str
    one: Answer | None
    other: Answer | None

    def __str__(self) -> str:
        return f"{self.place}\n    {_show(self.one)}\n    {_show(self.other)}"


def _show(answer: Answer | None) -> str:
    if answer is None:
        return "not asked"
    return f"{answer.route}: {answer.status} {dict(answer.headers)} {answer.body[:600]}"


def read_answers(exchanges: Iterable[Exchange]) -> dict[str, Answer]:
    """The answers of a run by place.

    Of a question that is asked again before anything was changed, only the last answer counts: tests wait so for what
    comes in time. Of questions that were under way at once, nobody knows which came first: their answers are compared
    by status and headers, and what they have left behind by the questions that the test asks afterwards. Whoever reads
    meanwhile, page after page, may find more or fewer pages: of what is read, each status counts once.
    """
    answers: dict[str, Answer] = {}
    numbers: Counter[str] = Counter()
    for exchange in _in_order(_without_polls(_with_the_last(exchanges))):
        route = route_of(exchange)
        together = " at once" if exchange.at_once else ""
        series = f"{exchange.test} {route}{together}"
        numbers[series] += 1
        is_read_meanwhile = exchange.at_once and exchange.method == "GET"
        place = f"{series} {exchange.status}" if is_read_meanwhile else f"{series} #{numbers[series]}"
        kept = {name: normalize(value) for name, value in exchange.headers.items()}
        body = normalize_body(exchange.body)
        if exchange.at_once and exchange.status < 300:
            body = kept["etag"] = "<in any order>"
        answers[place] = Answer(place, route, exchange.status, tuple(sorted(kept.items())), body)
    return answers


def _with_the_last(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """Of some that ask at once, the last one may be alone at its end: that is chance, and it is one of them."""
    together: set[tuple[str, str]] = set()
    for exchange in sorted(exchanges, key=lambda one: (one.test, one.number)):
        series = exchange.test, route_of(exchange)
        if exchange.at_once:
            together.add(series)
        yield replace(exchange, at_once=series in together)


def _without_polls(exchanges: Iterable[Exchange]) -> list[Exchange]:
    kept: list[Exchange] = []
    # Where a question stands that was asked since the last change.
    asked: dict[tuple[str, ...], int] = {}
    for exchange in exchanges:
        if any(prefix in exchange.url for prefix in TOOLS):
            continue
        if exchange.method != "GET" or exchange.at_once:
            asked.clear()
        elif (question := _question(exchange)) in asked:
            kept[asked[question]] = exchange
            continue
        else:
            asked[question] = len(kept)
        kept.append(exchange)
    return kept


def _question(exchange: Exchange) -> tuple[str, ...]:
    return exchange.test, exchange.url, exchange.asker


def _in_order(exchanges: Iterable[Exchange]) -> list[Exchange]:
    def order(one: Exchange) -> tuple[str, bool, int, int, str]:
        if one.at_once:
            return one.test, True, 0, one.status, normalize_body(one.body)
        return one.test, False, one.number, 0, ""

    return sorted(exchanges, key=order)


def route_of(exchange: Exchange) -> str:
    """The route that was asked for, or which other part of the product answered."""
    path = urlsplit(exchange.url).path
    through_the_edge = path.startswith("/api/")
    path = path.removeprefix("/api") if through_the_edge else path
    for route in ROUTES:
        pattern = re.sub(r"{\w+}", "[^/]+", route.path)
        if route.method == exchange.method and re.fullmatch(pattern, unquote(path)):
            return f"{route.key}, front door" if through_the_edge else route.key
    if "-uploads-" in path or "-images-" in path:
        return f"{exchange.method} to a bucket"
    if path.startswith("/images/"):
        return f"{exchange.method} of a picture, front door"
    return "no route"


def normalize(text: str) -> str:
    """A text without what is made anew each time."""
    for pattern, name in PATTERNS:
        text = pattern.sub(name, text)
    return text


def normalize_body(body: str) -> str:
    """A body without what is made anew each time; JSON in one spelling."""
    try:
        value = json.loads(body)
    except ValueError:
        return normalize(body)
    return json.dumps(_normalize_value(value, ""), ensure_ascii=False, sort_keys=True)


def _normalize_value(value: Any, field: str) -> Any:
    if isinstance(value, dict):
        return {normalize(name): _normalize_value(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_normalize_value(inner, field) for inner in value]
    if isinstance(value, str):
        return "<new>" if field in MADE_ANEW else normalize(value)
    return value


def compare(one: dict[str, Answer], other: dict[str, Answer]) -> Iterator[Difference]:
    """Where two runs differ."""
    for place in sorted(one.keys() | other.keys()):
        if one.get(place) != other.get(place):
            yield Difference(place, one.get(place), other.get(place))
