"""The bill for people, docs/cost.md with its picture, and docs/scale.md: drawn up from the data files alone."""

from collections.abc import Iterator

from deploy.cost.bill import Bill, bill_route, bill_users
from deploy.cost.chart import TOTAL, draw_chart
from deploy.cost.figures import draw_table, show_all, show_amount, show_difference, show_usd
from deploy.cost.measured import Measured
from deploy.cost.prices import PriceTable
from deploy.cost.scale import PAGE as SCALE
from deploy.cost.scale import Limits, render_scale
from deploy.cost.variants import CONSIDERED, MADE, Inputs
from deploy.cost.workload import Workload

PAGE, CHART = "cost.md", "cost.svg"
USERS = (1_000, 10_000, 1_000_000, 100_000_000)
CHART_TITLE = "What a month costs on AWS, by service"
EXPLAINED_USERS = 1_000_000
EXPLAINED_LINES = 8
SHOWN_CAUSES = 3
# Why the bill differs from the specification's table, by service.
DIFFERENCES = {
    "API Gateway": "The price is the specification's. Its free million was for the first year; accounts made since "
    "July 2025 get credits instead.",
    "Lambda": "The specification counts calls and leaves out, at 10,000 users, the time that they take, and at both "
    "the authorizer. Most of it stays within what is free.",
    "DynamoDB": "Requests cost half of what they did then. Left out were the brand index, whose entries are written "
    "along, transactions, which cost double, and point-in-time recovery; the 25 free units are of provisioned tables.",
    "S3": "Left out were requests, the monitoring fee, transitions and thumbnails; Intelligent-Tiering is cheaper "
    "than the price of Standard that was used. Its GB of site files is a few hundred KB here.",
    "CloudFront": "The free terabyte and ten million requests hold at 10,000 users too.",
    "Cognito": "Free to 10,000 active users now, not to 50,000, and USD 0.015 for each further one on the plan that "
    "the template uses, not 0.0055: the largest line of all, later.",
    "CloudWatch": "Left out: alarms, the distribution's metrics, and logs, all of which the specification asks for.",
    "CloudTrail": "Left out: what the alarm on refused access to the buckets, which it asks for, needs.",
    "SES": "Left out: Cognito itself sends 50 mails a day; those of real users come from SES.",
}


def render_pages(measured: Measured, workload: Workload, prices: PriceTable, limits: Limits) -> dict[str, str]:
    """The files of docs/ by their names."""
    return {
        PAGE: render_page(measured, workload, prices),
        CHART: render_chart(measured, workload, prices),
        SCALE: render_scale(measured, workload, limits),
    }


def render_chart(measured: Measured, workload: Workload, prices: PriceTable) -> str:
    """The picture."""
    points: dict[str, list[tuple[float, float]]] = {}
    for quarter in range(12, 33):
        users = 10 ** (quarter / 4)
        bill = bill_users(measured, workload, prices, users)
        for name, usd in (*bill.by_service().items(), (TOTAL, bill.total)):
            points.setdefault(name, []).append((users, usd))
    return draw_chart(points, CHART_TITLE)


def render_page(measured: Measured, workload: Workload, prices: PriceTable) -> str:
    """The page."""
    sections = [
        _render_head(measured, prices),
        *_render_bill(measured, workload, prices),
        *_render_differences(measured, workload, prices),
        *_render_largest(measured, workload, prices),
        *_render_routes(measured, workload, prices),
        *_render_variants(Inputs(measured, workload, prices)),
        *_render_assumptions(measured, workload),
        *_render_prices(prices),
    ]
    return "\n".join(sections) + "\n"


def render_summary(measured: Measured, workload: Workload, prices: PriceTable) -> str:
    """The bill for the terminal."""
    return "\n".join(_render_bill(measured, workload, prices))


def render_route(route: str, bill: Bill) -> str:
    """A million calls of one route, for the terminal."""
    lines = [f"A million calls of {route}: {show_usd(bill.total)}, without free tiers"]
    lines += [
        f"  {show_usd(line.usd):>10}  {show_amount(line.amount)} x {line.price.unit}" for line in bill.lines if line.usd
    ]
    lines += [f"  unpriced    {show_amount(amount)} x {what}" for what, amount in bill.unpriced.items()]
    return "\n".join(lines)


def _render_head(measured: Measured, prices: PriceTable) -> str:
    return (
        "# What it costs\n\n"
        "`just cost` writes this page: it drives the specification's workload on a local stack whose functions run as "
        "they are built, meters each call of AWS, and prices what that comes to. Whoever changes a share of the mix or "
        "a price (`deploy/cost/workload.toml`, `deploy/cost/prices.toml`) gets another page with "
        '`just cost --measured`, without a run; `just cost --route "GET /guitars"` prices one route.\n\n'
        f"Prices of {prices.region}, read on {prices.read_on}; usage measured on {measured.measured_on}. "
        "It is an estimate: what could not be measured is [stated](#what-is-stated-and-not-measured).\n\n"
        f"![{CHART_TITLE}]({CHART})\n"
    )


def _render_bill(measured: Measured, workload: Workload, prices: PriceTable) -> Iterator[str]:
    yield "## The bill\n\nUSD a month, for so many active users; *spec* is the specification's own table.\n"
    bills = {users: bill_users(measured, workload, prices, users) for users in USERS}
    columns: list[str] = []
    for users in USERS:
        columns += [f"{users:,}", *(["*spec*"] if users in workload.specification else [])]
    services = sorted(bills[USERS[0]].by_service(), key=lambda one: -bills[USERS[-1]].by_service()[one])
    rows = [[service, *_cells(service, bills, workload)] for service in services]
    rows.append(["**all**", *(f"**{cell}**" for cell in _cells(None, bills, workload))])
    bare = {users: bill_users(measured, workload, prices, users, free_tier=False) for users in USERS}
    rows.append(["without free tiers", *_cells(None, bare, workload, with_specification=False)])
    rows.append(["for each user", *_cells_per_user(bills, workload)])
    yield draw_table(["service", *columns], rows)
    unpriced = {what for bill in bills.values() for what in bill.unpriced}
    yield "Unpriced, and in no sum: " + (", ".join(sorted(unpriced)) or "nothing") + ".\n"


def _cells(
    service: str | None, bills: dict[int, Bill], workload: Workload, *, with_specification: bool = True
) -> Iterator[str]:
    for users, bill in bills.items():
        yield show_usd(bill.total if service is None else bill.by_service().get(service, 0.0))
        told = workload.specification.get(users)
        if told is not None:
            said = sum(told.values()) if service is None else told.get(service)
            yield show_usd(said) if said is not None and with_specification else "-"


def _cells_per_user(bills: dict[int, Bill], workload: Workload) -> Iterator[str]:
    for users, bill in bills.items():
        yield f"{bill.total / users:.4f}"
        if users in workload.specification:
            yield f"{sum(workload.specification[users].values()) / users:.4f}"


def _render_differences(measured: Measured, workload: Workload, prices: PriceTable) -> Iterator[str]:
    yield "## Why it is not the specification's table\n"
    specified = workload.specification
    bills = {users: bill_users(measured, workload, prices, users).by_service() for users in specified}
    rows = []
    for service, reason in DIFFERENCES.items():
        moved = [bills[users].get(service, 0.0) - told.get(service, 0.0) for users, told in specified.items()]
        rows.append([service, *map(show_difference, moved), reason])
    yield draw_table(["service", *(f"at {users:,}" for users in specified), "why"], rows)


def _render_largest(measured: Measured, workload: Workload, prices: PriceTable) -> Iterator[str]:
    bill = bill_users(measured, workload, prices, EXPLAINED_USERS)
    yield f"## The largest lines, at {EXPLAINED_USERS:,} users\n"
    rows = []
    for line in bill.lines[:EXPLAINED_LINES]:
        causes = [f"{name} {share:.0%}" for name, share in line.largest_causes[:SHOWN_CAUSES] if share >= 0.005]
        share = f"{line.usd / bill.total:.0%}"
        rows.append([show_usd(line.usd), share, f"{show_amount(line.amount)} x {line.price.unit}", ", ".join(causes)])
    yield draw_table(["USD", "of all", "for", "mostly of"], rows)


def _render_routes(measured: Measured, workload: Workload, prices: PriceTable) -> Iterator[str]:
    yield "## A million calls of each route\n\nUSD without free tiers, with its share of the authorizer's decisions.\n"
    bills = {step: bill_route(measured, workload, prices, step) for step in workload.mix}
    services = sorted({service for bill in bills.values() for service in bill.by_service()})
    rows = [
        [f"`{step}`", show_usd(bill.total), *(show_usd(bill.by_service().get(service, 0.0)) for service in services)]
        for step, bill in sorted(bills.items(), key=lambda one: -one[1].total)
    ]
    yield draw_table(["route", "all", *services], rows)


def _render_variants(inputs: Inputs) -> Iterator[str]:
    yield (
        "## What the bill teaches\n\nUSD a month that each change makes, for so many users. In no column is that "
        "CloudFront's additional metrics are prod's alone now: `dev` and `staging` cost 2.40 less each.\n"
    )
    users = USERS[1:]
    before = {count: inputs.bill(count).total for count in users}
    rows = []
    for name, undo in MADE.items():
        saved = [show_difference(before[count] - undo(inputs).bill(count).total) for count in users]
        rows.append([name, *saved, "made"])
    for name, (change, reason) in CONSIDERED.items():
        saved = [show_difference(change(inputs).bill(count).total - before[count]) for count in users]
        rows.append([name, *saved, f"not made: {reason}"])
    yield draw_table(["change", *(f"{count:,}" for count in users), ""], rows)


def _render_assumptions(measured: Measured, workload: Workload) -> Iterator[str]:
    stored, rare = measured.stored, ", ".join(f"`{route}`" for route in workload.rare)
    yield "## What is stated, and not measured\n"
    yield (
        f"- **CPU.** Measured in the function's process under Lambda's runtime emulator, and multiplied by "
        f"{workload.megabytes_of_one_cpu:g} MB over the function's memory. The machine's core stands for Lambda's.\n"
        f"- **Waiting.** {show_all(workload.wait_milliseconds, ' ms')} for each call, billed as the function's time.\n"
        f"- **Starts.** {workload.cold_share:.0%} of the invocations, which are billed since August 2025.\n"
        f"- **The authorizer** is asked {workload.authorizer['misses_per_session']:g} times in each of "
        f"{workload.visits['sessions']:g} sessions a month; its cache is kept for five minutes.\n"
        f"- **The edge** has {workload.visits['edge_hits']:.0%} of the pictures that are asked for.\n"
        f"- **Tiers of pictures.** {show_all({name: share * 100 for name, share in workload.tiering.items()}, ' %')}.\n"
        f"- **Logs.** {show_all(workload.log_bytes, ' bytes')} an entry, compressed to "
        f"{workload.log_retention['compression']:.0%}.\n"
        f"- **In no mix** are routes that a user calls once in years ({rare}), refused "
        "requests, preflights, retries and attacks. Nor is the data transfer of receipts, which S3 serves itself, nor "
        "AWS Support and taxes.\n"
    )
    yield "Measured, on average: " + (
        f"a guitar with {workload.pictures_per_guitar} pictures takes {stored.guitar_bytes:,.0f} bytes of table and "
        f"index, a profile {stored.profile_bytes:,.0f}, a picture {stored.picture_bytes:,.0f} and its thumbnail "
        f"{stored.thumbnail_bytes:,.0f}. CPU of a start: "
        + ", ".join(f"{name} {one.init_milliseconds:,.0f} ms" for name, one in sorted(measured.functions.items()))
        + ".\n"
    )
    yield "| step | samples | reads | writes | S3 | CPU ms |\n|---|--:|--:|--:|--:|--:|"
    for step, rows in measured.steps.items():
        reads = sum(sum(row.read_units.values()) for row in rows)
        writes = sum(sum(row.write_units.values()) for row in rows)
        s3 = sum(row.count for row in rows if row.service == "s3")
        cpu = sum(row.cpu_milliseconds or 0.0 for row in rows)
        yield f"| {step} | {measured.samples[step]} | {reads:.1f} | {writes:.1f} | {s3:.1f} | {cpu:.1f} |"
    yield ""


def _render_prices(prices: PriceTable) -> Iterator[str]:
    yield "## The prices\n\nThose with ✓ were read in a copy of the page; the others are as last known.\n"
    rows = []
    for price in prices.prices.values():
        steps = ", ".join(
            f"{step.usd:g}" + (f" to {show_amount(step.up_to)}" if step.up_to is not None else "")
            for step in price.steps
        )
        free = show_amount(price.free) if price.free else ""
        seen = "✓" if price.seen else ""
        rows.append([f"[{price.service}]({price.source})", price.unit, f"{steps} for {price.per:,}", free, seen])
    yield draw_table(["service", "unit", "USD", "free a month", ""], rows)
