"""docs/scale.md: which quotas bind at how many users, by what the meter has counted."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.cost.consumption import steps_of_a_user
from deploy.cost.counting import MEGABYTES_OF_A_GIGABYTE, Count, count_rows
from deploy.cost.measured import Measured, Row
from deploy.cost.workload import Workload

LIMITS = Path(__file__).with_name("limits.toml")
PAGE = "scale.md"
USERS = (10_000, 1_000_000, 100_000_000)
SECONDS_OF_A_MONTH = 365 * 86_400 / 12
DAYS_OF_A_MONTH = 365 / 12
# From this share of a quota on, a good day may reach it.
NEAR = 0.5
INDEX = "guitars/brand-userId-index"


@dataclass(frozen=True)
class Limit:
    """A quota, the name of the rate that is held against it, and what moves it."""

    what: str
    rate: str
    unit: str
    quota: float
    moves: str
    source: str


@dataclass(frozen=True)
class Limits:
    """The quotas; `peak` is the busiest second over the average, `largest_brand` a share of all guitars."""

    peak: float
    largest_brand: float
    limits: tuple[Limit, ...]


def read_limits(path: Path = LIMITS) -> Limits:
    """The limits in a file; raises TypeError where one lacks something."""
    told = tomllib.loads(path.read_text("utf-8"))
    return Limits(told["peak"], told["largest_brand"], tuple(Limit(**one) for one in told["limit"]))


def rates_of(measured: Measured, workload: Workload, limits: Limits, users: float) -> dict[str, float]:
    """By name: calls and units a second at peak; functions at once; mails a day, on average; users."""
    month = _month_of_a_user(measured, workload)
    a_second = users / SECONDS_OF_A_MONTH * limits.peak
    rates = {name: amount * a_second for name, amount in month.items()}
    [listing] = [row for row in measured.steps["GET /guitars"] if row.service == "dynamodb"]
    return rates | {
        "brand_writes": rates[INDEX] * limits.largest_brand,
        "lists_of_a_user": sum(listing.read_units.values()),
        "mails_a_day": month["Mail"] * users / DAYS_OF_A_MONTH,
        "users": users,
    }


def _month_of_a_user(measured: Measured, workload: Workload) -> dict[str, float]:
    month: dict[str, float] = {}
    for step, times in steps_of_a_user(workload):
        named = [pair for row in measured.steps[step] for pair in _name_row(row)]
        for count in count_rows(measured.steps[step], workload, measured.functions):
            named += _name_count(count, measured)
        for name, amount in named:
            month[name] = month.get(name, 0.0) + amount * times
    return month


def _name_row(row: Row) -> Iterator[tuple[str, float]]:
    if row.service == "cognito-idp":
        yield row.action, row.count
    if row.service == "s3":
        yield ("s3_gets" if row.tier == "Tier2" else "s3_puts"), row.count
    for table, units in row.read_units.items():
        yield f"{table.partition('/')[0]}_reads", units
    for table, units in row.write_units.items():
        yield (table if "/" in table else f"{table}_writes"), units


def _name_count(count: Count, measured: Measured) -> Iterator[tuple[str, float]]:
    if count.price == "lambda_gb_seconds":
        yield "concurrency", count.amount / measured.functions[count.what].megabytes * MEGABYTES_OF_A_GIGABYTE
    elif count.price in ("api_requests", "edge_requests"):
        yield count.price.partition("_")[0], count.amount


def rate_of(limit: Limit, rates: Mapping[str, float]) -> float:
    """What is held against a quota; a rate may be the sum of several. One that never occurs is nothing."""
    return sum(rates.get(name, 0.0) for name in limit.rate.split("+"))


def render_scale(measured: Measured, workload: Workload, limits: Limits) -> str:
    """The page."""
    rates = {users: rates_of(measured, workload, limits, users) for users in USERS}
    lines = [
        "# How far it goes\n",
        "Which quotas of AWS bind at how many users. `just cost` writes this page of what it has metered "
        "([what it costs](cost.md)) and of `deploy/cost/limits.toml`. The quotas are an account's first ones, "
        f"as documented; the busiest second is taken as {limits.peak:g} times the average one. "
        "**Bold** is over the quota, "
        f"*italics* from {NEAR:.0%} of it on.\n",
        "| | quota | " + " | ".join(f"{users:,} users" for users in USERS) + " | what moves it |",
        "|---|--:|" + "--:|" * len(USERS) + "---|",
    ]
    for limit in limits.limits:
        found = [_show(rate_of(limit, rates[users]), limit.quota) for users in USERS]
        quota = f"[{limit.quota:,}]({limit.source}) {limit.unit}"
        lines.append(f"| {limit.what} | {quota} | {' | '.join(found)} | {limit.moves} |")
    return "\n".join([*lines, "", *_NOTES]) + "\n"


_NOTES = (
    "## What the numbers do not say\n",
    "- **At 10,000 users** nothing of the design binds; the mails do, as [deploy](deploy.md#mails) says. A new "
    "account may run 10 functions at once, and has to ask for the 1,000 that others have.",
    "- **At 1,000,000** what comes near first is what Cognito may be asked, by the authorizer in every session, and "
    "what binds is the price: active users are most of [the bill](cost.md#the-bill). Both say the same: "
    "verify tokens by their signature alone, and choose the issuer by price.",
    "- **At 100,000,000** a user pool does not hold the users, and one region's API, functions and brand partition "
    "are over their quotas. A user's data has the user's id in front everywhere, so users can be spread over regions "
    "and accounts, each as large as the column before; the brand index alone looks across them.",
    "- **The largest brand** is an estimate. Index writes that are refused for a hot partition hold up the table's: "
    "[back-pressure](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html).",
    "- **Cleanup** has one run at a time for each shard of a stream and ten with `ParallelizationFactor`; a table has "
    "more shards as it grows. [CleanupBehindAlarm](deploy.md#cleanupbehindalarm) tells when that is too few.",
)


def _show(rate: float, quota: float) -> str:
    text = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
    if rate > quota:
        return f"**{text}**"
    return f"*{text}*" if rate >= NEAR * quota else text
