"""`just cost`: measure the workload on a stack of its own, and write docs/cost.md, cost.svg and scale.md.

With --measured, and for one route, what was measured last is priced again and nothing is run.
"""

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime

import aiohttp

from deploy.build.errors import BuildError
from deploy.cost.bill import bill_route
from deploy.cost.measured import Function, Measured, Stored, read_measured, write_measured
from deploy.cost.page import render_pages, render_route, render_summary
from deploy.cost.prices import read_prices
from deploy.cost.scale import read_limits
from deploy.cost.workload import Workload, WorkloadError, read_workload
from emulation.api.app import read_functions
from emulation.commands.errors import CommandError
from emulation.commands.output import complain, say
from emulation.cost.journey import Journey
from emulation.cost.metering import Metering
from emulation.cost.stack import measure_stored, run_stack
from emulation.cost.template import count_template
from emulation.following import ask_cloud
from emulation.local_template import read_template_of
from emulation.settings import ROOT, LocalSettings

# The environment that is billed, and a site of its own, which it wants.
BILLED, SITE = "prod", "https://guitars.example.com"


async def measure(settings: LocalSettings, workload: Workload) -> Measured:
    """Take every step on a running stack."""
    template = count_template(read_template_of(BILLED, [SITE]))
    kept: list[Stored] = []
    async with aiohttp.ClientSession() as session:
        environment = await ask_cloud(session, f"{settings.aws_url}/_cloud/environment")
        metering = Metering(session, settings.aws_url, settings.local_dir / "logs")
        journey = Journey(session, settings.front_door_url, metering, workload)
        await journey.take_all(lambda: kept.append(measure_stored(settings, environment)))
        functions = await read_functions(session, settings)
    starts = metering.init_milliseconds
    return Measured(
        measured_on=f"{datetime.now(UTC):%Y-%m-%d}",
        samples=metering.samples,
        steps=metering.steps,
        functions={
            one.name: Function(one.memory_megabytes, starts[one.name]) for one in functions if one.name in starts
        },
        stored=kept[0],
        template=template,
    )


def main() -> int:
    """The process's exit code."""
    parser = argparse.ArgumentParser(prog="just cost", description=__doc__)
    parser.add_argument("--route", metavar="ROUTE", help='price a million calls of one, such as "GET /guitars"')
    parser.add_argument("--measured", action="store_true", help="price what was measured last; run nothing")
    options = parser.parse_args()
    try:
        workload, prices = read_workload(), read_prices()
        if options.route:
            return _price_route(options.route, workload)
        if not options.measured:
            with run_stack(os.environ) as settings:
                write_measured(asyncio.run(measure(settings, workload)))
        measured = read_measured()
        for name, text in render_pages(measured, workload, prices, read_limits()).items():
            (ROOT / "docs" / name).write_text(text, "utf-8")
        say(render_summary(measured, workload, prices))
    except (BuildError, CommandError, WorkloadError) as error:
        complain(str(error))
        return 1
    return 0


def _price_route(route: str, workload: Workload) -> int:
    measured = read_measured()
    if route not in measured.steps:
        complain(f"{route} was not measured. There are: {', '.join(sorted(measured.steps))}")
        return 1
    say(render_route(route, bill_route(measured, workload, read_prices(), route)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
