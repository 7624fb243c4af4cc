"""What the bill would be with one thing changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from deploy.cost.bill import Bill, bill_users
from deploy.cost.consumption import AUTHORIZE, THUMBNAIL, THUMBNAIL_HIT
from deploy.cost.measured import Measured, Row
from deploy.cost.prices import PriceTable
from deploy.cost.workload import Workload


@dataclass(frozen=True)
class Inputs:
    """What a bill follows from."""

    measured: Measured
    workload: Workload
    prices: PriceTable

    def bill(self, users: float) -> Bill:
        """The bill of so many users."""
        return bill_users(self.measured, self.workload, self.prices, users)


Change = Callable[[Inputs], Inputs]
# All 33 fields of a standard log's record, in JSON.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
ALL_EDGE_FIELDS_BYTES = 1150


def _with_workload(inputs: Inputs, **changes: object) -> Inputs:
    return replace(inputs, workload=replace(inputs.workload, **changes))  # type: ignore[arg-type]


def _all_edge_fields(inputs: Inputs) -> Inputs:
    return _with_workload(inputs, log_bytes={**inputs.workload.log_bytes, "edge": ALL_EDGE_FIELDS_BYTES})


def _list_each_object(inputs: Inputs) -> Inputs:
    """A picture has two objects, and each was listed and deleted by itself."""

    def apart(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        once = ("ListObjectVersions", "DeleteObjects")
        return tuple(replace(row, count=row.count * 2) if row.action in once else row for row in rows)

    return _map_rows(inputs, "DELETE /guitars/{id}", apart)


def _no_trail(inputs: Inputs) -> Inputs:
    left_out = {name: price for name, price in inputs.prices.prices.items() if name != "trail_events"}
    free = replace(inputs.prices.prices["trail_events"], free=float("inf"))
    quiet = _with_workload(inputs, log_bytes={**inputs.workload.log_bytes, "trail": 0.0})
    return replace(quiet, prices=replace(inputs.prices, prices={**left_out, "trail_events": free}))


def _compress_answers(inputs: Inputs) -> Inputs:
    def smaller(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(
            replace(row, response_bytes=row.response_bytes / 4) if row.action == "/api/*" else row for row in rows
        )

    changed = inputs
    for step in inputs.measured.steps:
        changed = _map_rows(changed, step, smaller)
    return changed


def _quiet_functions(inputs: Inputs) -> Inputs:
    return _with_workload(inputs, log_bytes={**inputs.workload.log_bytes, "function": 0.0})


def _lite(inputs: Inputs) -> Inputs:
    prices = inputs.prices.prices
    lite = replace(prices["active_users_lite"], name="active_users")
    return replace(inputs, prices=replace(inputs.prices, prices={**prices, "active_users": lite}))


def _no_get_user(inputs: Inputs) -> Inputs:
    return _map_rows(inputs, AUTHORIZE, lambda rows: tuple(row for row in rows if row.action != "GetUser"))


def _keep_decisions(inputs: Inputs) -> Inputs:
    return _with_workload(inputs, authorizer={"misses_per_session": 1})


def _no_index_writes(inputs: Inputs) -> Inputs:
    def without(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(
            replace(row, write_units={name: units for name, units in row.write_units.items() if "/" not in name})
            for row in rows
        )

    changed = inputs
    for step in inputs.measured.steps:
        changed = _map_rows(changed, step, without)
    return changed


def _halve_pictures(inputs: Inputs) -> Inputs:
    stored = inputs.measured.stored
    return replace(
        inputs, measured=replace(inputs.measured, stored=replace(stored, picture_bytes=stored.picture_bytes / 2))
    )


def _standard_class(inputs: Inputs) -> Inputs:
    prices = dict(inputs.prices.prices)
    for name in ("s3_infrequent", "s3_archive_instant"):
        prices[name] = replace(prices["s3_standard"], name=name)
    for name in ("s3_monitoring", "s3_transitions"):
        prices[name] = replace(prices[name], free=float("inf"))
    return replace(inputs, prices=replace(inputs.prices, prices=prices))


def _no_thumbnails(inputs: Inputs) -> Inputs:
    """Whoever lists guitars would fetch the pictures themselves."""
    steps = inputs.measured.steps
    larger = inputs.measured.stored.picture_bytes - inputs.measured.stored.thumbnail_bytes

    def grown(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(
            replace(row, response_bytes=row.response_bytes + row.count * larger) if row.service == "cloudfront" else row
            for row in rows
        )

    assert {THUMBNAIL, THUMBNAIL_HIT} <= steps.keys()  # noqa: S101 - every run takes them
    return _map_rows(_map_rows(inputs, THUMBNAIL, grown), THUMBNAIL_HIT, grown)


def _map_rows(inputs: Inputs, step: str, change: Callable[[tuple[Row, ...]], tuple[Row, ...]]) -> Inputs:
    steps: Mapping[str, tuple[Row, ...]] = inputs.measured.steps
    return replace(inputs, measured=replace(inputs.measured, steps={**steps, step: change(steps[step])}))


# Before a change that was made.
MADE: dict[str, Change] = {
    "log 12 fields of a request at the edge, not 33": _all_edge_fields,
    "list a deleted picture once, not each of its objects": _list_each_object,
}
# After one that was not, and why it was not.
CONSIDERED: dict[str, tuple[Change, str]] = {
    "Lambda's own lines for failures alone": (
        _quiet_functions,
        "`SystemLogLevel: WARN`; the runbook reads the reports' memory and starts",
    ),
    "Cognito's Lite plan": (_lite, "it has, as last known, no rotation of refresh tokens, which the design rests on"),
    "pictures of half the size": (_halve_pictures, "they are the users' own; a frontend may shrink before it uploads"),
    "pictures in S3 Standard": (_standard_class, "Intelligent-Tiering is what saves; its fee is the smaller part"),
    "no thumbnails": (_no_thumbnails, "they are what keeps the transfer small"),
    "answers of the API compressed to a quarter": (
        _compress_answers,
        "CloudFront compresses only what it may keep; the functions would spend CPU on it",
    ),
    "no trail of object calls": (_no_trail, "the specification asks for an alarm on refused access"),
    "nothing written to the brand index": (_no_index_writes, "the specification names the index"),
    "one decision of the authorizer a session": (
        _keep_decisions,
        "an hour in its cache would let a revoked token in for an hour",
    ),
    "an authorizer that does not ask Cognito": (
        _no_get_user,
        "the parameter AuthorizerAsksCognito; it is for the request quota, not for the bill",
    ),
}
