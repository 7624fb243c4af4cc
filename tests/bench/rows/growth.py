"""`growth` and `growth-units`: what a collection of a hundred guitars costs to read, and one of ten thousand."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.frame import Line, Plan
from tests.bench.processes import Worker, fetch
from tests.bench.rows.loop import services_environment
from tests.emulation.aws_endpoint import LocalAws, run_local_aws

SIZES = (100, 1_000, 10_000)
# A collection that is nothing but the guitars of the rare brand.
MATCHES = 20
_TIMES = 10


@dataclass(frozen=True)
class Collections:
    """Filled collections, each that of the user who is called as its size."""

    aws: LocalAws
    worker: Worker

    def milliseconds(self, what: str, size: int) -> float:
        """Of one reading."""
        return float(self.worker.ask({"read": what, "user": f"user-{size}", "times": _TIMES}))

    def units(self, what: str, size: int) -> float:
        """The read units of one reading, as the meter counted them."""
        meter = f"{self.aws.url}/_cloud/meter"
        fetch("DELETE", meter)
        self.worker.ask({"read": what, "user": f"user-{size}", "times": 1})
        return float(sum(sum(row["readUnits"].values()) for row in fetch("GET", meter)["usage"]))


def open_collections(stack: ExitStack, sizes: tuple[int, ...]) -> Collections:
    """Collections of these sizes in a local AWS of their own."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    aws = stack.enter_context(run_local_aws(folder))
    command = [sys.executable, "-m", "tests.bench.programs.reading"]
    worker = Worker(stack, command, services_environment(aws))
    for size in sizes:
        worker.ask({"fill": [f"user-{size}", size]})
    return Collections(aws, worker)


def growth(stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """Milliseconds against those of the smallest collection."""
    found = open_collections(stack, SIZES)
    smallest = f"{SIZES[0]}"
    for what in ("first page", "brand"):
        for size in SIZES[1:]:
            peers = {smallest: partial(found.milliseconds, what, SIZES[0])}
            yield Line(f"{what} of {size}", partial(found.milliseconds, what, size), peers, {smallest: 1.3})


def growth_units(stack: ExitStack, _plan: Plan) -> Iterator[Line]:
    """Read units: of a page, against the smallest collection; of the brands, against reading everything."""
    found = open_collections(stack, (MATCHES, *SIZES))
    smallest = f"{SIZES[0]}"
    for size in SIZES[1:]:
        first = {smallest: partial(found.units, "first page", SIZES[0])}
        here = partial(found.units, "first page", size)
        yield Line(f"first page of {size}", here, first, {smallest: 1.3}, is_exact=True)
    for size in SIZES:
        matches = {"only the matches": partial(found.units, "brand", MATCHES)}
        here = partial(found.units, "brand", size)
        yield Line(f"{MATCHES} of a brand of {size}", here, matches, {"only the matches": 1.0}, is_exact=True)
    for size in SIZES:
        everything = {"the collection": partial(found.units, "collection", size)}
        here = partial(found.units, "brands", size)
        yield Line(f"brands of {size}", here, everything, {"the collection": 0.2}, is_exact=True)
