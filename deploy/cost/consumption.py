"""What so many users use of AWS in a month: the amounts of each price, by what caused them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.cost.counting import AUTHORIZER, GIGABYTE, Count, count_rows
from deploy.cost.measured import Measured, Row
from deploy.cost.workload import Workload
from server.routes import ROUTES

# Steps of a run that are no calls of the API: what a browser does beside, and what a decision of the authorizer takes.
CONFIRM, UPLOAD, AUTHORIZE, SITE_FILE = "confirm the address", "upload a picture", "authorize", "a file of the site"
PICTURE, PICTURE_HIT = "a picture", "a picture that the edge has"
THUMBNAIL, THUMBNAIL_HIT = "a thumbnail", "a thumbnail that the edge has"
STORAGE, TEMPLATE, ACCOUNTS = "what is kept", "the template itself", "active users"
# DynamoDB adds so much to an item, and to its entry in an index, when it bills storage.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
ITEM_OVERHEAD_BYTES = 100
# Intelligent-Tiering leaves what is smaller.
SMALLEST_TIERED_BYTES = 128 * 1024
NO_TOKEN = frozenset(route.key for route in ROUTES if not route.auth)


@dataclass
class Consumption:
    """Units by price and cause; `unpriced` are calls by what they were."""

    amounts: dict[str, dict[str, float]] = field(default_factory=dict)
    unpriced: dict[str, float] = field(default_factory=dict)

    def add(self, cause: str, count: Count, times: float = 1.0) -> None:
        """Count what happened `times`."""
        if count.price is None:
            self.unpriced[count.what] = self.unpriced.get(count.what, 0.0) + count.amount * times
        elif count.amount:
            causes = self.amounts.setdefault(count.price, {})
            causes[cause] = causes.get(cause, 0.0) + count.amount * times


def consume(measured: Measured, workload: Workload, users: float) -> Consumption:
    """A month of so many users; raises KeyError for a step of the mix that was not measured."""
    used = Consumption()
    for step, times in steps_of_a_user(workload):
        consume_step(used, measured, workload, step, times * users)
    for price, amount in (*_storage(measured, workload, users), *_logs(used, workload)):
        used.add(STORAGE, Count(price, amount))
    for price, amount in measured.template.items():
        used.add(TEMPLATE, Count(price, amount))
    used.add(ACCOUNTS, Count("active_users", users))
    return used


def consume_step(used: Consumption, measured: Measured, workload: Workload, step: str, times: float) -> None:
    """A step, so many times."""
    for count in count_rows(measured.steps[step], workload, measured.functions):
        used.add(step, count, times)


def steps_of_a_user(workload: Workload) -> Iterator[tuple[str, float]]:
    """What a user does in a month, and how often."""
    visits = workload.visits
    for step, share in workload.mix.items():
        yield step, share / 100 * workload.calls_per_user
    yield AUTHORIZE, visits["sessions"] * workload.authorizer["misses_per_session"]
    yield SITE_FILE, visits["sessions"] * visits["site_files_per_session"]
    yield CONFIRM, workload.mix.get("POST /auth/register", 0.0) / 100 * workload.calls_per_user
    yield UPLOAD, workload.mix.get("POST /images/upload-url", 0.0) / 100 * workload.calls_per_user
    for step, hit, times in (
        (PICTURE, PICTURE_HIT, visits["pictures"]),
        (THUMBNAIL, THUMBNAIL_HIT, visits["thumbnails"]),
    ):
        yield step, times * (1 - visits["edge_hits"])
        yield hit, times * visits["edge_hits"]


def _storage(measured: Measured, workload: Workload, users: float) -> Iterator[tuple[str, float]]:
    stored, pictures = measured.stored, workload.pictures_per_user * users
    # A guitar lies in the table and, whole, in its index.
    items = workload.guitars_per_user * (stored.guitar_bytes + ITEM_OVERHEAD_BYTES)
    items += stored.profile_bytes + ITEM_OVERHEAD_BYTES
    yield "dynamodb_storage", users * items / GIGABYTE
    yield "dynamodb_recovery", users * items / GIGABYTE
    completed = workload.mix.get("POST /images/upload-complete", 0.0) / 100 * workload.calls_per_user * users
    for size in (stored.picture_bytes, stored.thumbnail_bytes):
        gigabytes = pictures * size / GIGABYTE
        if size < SMALLEST_TIERED_BYTES:
            yield "s3_standard", gigabytes
            continue
        for tier, share in workload.tiering.items():
            yield f"s3_{tier}", gigabytes * share
        yield "s3_monitoring", pictures
        yield "s3_transitions", completed


def _logs(used: Consumption, workload: Workload) -> Iterator[tuple[str, float]]:
    taken_in = sum(used.amounts.get("log_ingestion", {}).values())
    yield "log_storage", taken_in * workload.log_retention["months"] * workload.log_retention["compression"]


def authorizer_rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Of a call whose token was new, what the authorizer used."""
    return tuple(
        row
        for row in rows
        if (row.service, row.action) == ("lambda", AUTHORIZER)
        or (row.service == "cognito-idp" and row.action in ("GetUser", "jwks.json"))
    )
