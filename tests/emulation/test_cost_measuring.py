"""How `just cost` measures a step."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpServer

from deploy.cost.measured import Row
from emulation.cost.metering import Metering
from emulation.cost.picture import draw_photo
from emulation.runtime.deployed import CPU_REPORT


class CountingMeter:
    """A meter that counts invocations of a function and what they write."""

    def __init__(self) -> None:
        self.count = 0
        self.app = web.Application()
        self.app.router.add_get("/_cloud/meter", self.read)
        self.app.router.add_delete("/_cloud/meter", self.clear)

    async def read(self, _request: web.Request) -> web.Response:
        units = {"guitar-collection-guitars-dev": 3.0 * self.count, "guitar-collection-guitars-dev/by": 1.0}
        row = self.row("dynamodb", "PutItem", units)
        return web.json_response({"usage": [row, self.row("lambda", "PostConfirmationFunction", {})]})

    async def clear(self, _request: web.Request) -> web.Response:
        self.count = 0
        return web.Response(status=204)

    def row(self, service: str, action: str, units: dict[str, float]) -> dict[str, Any]:
        shared = {"route": "POST /guitars", "tier": "", "requestBytes": 10 * self.count, "responseBytes": 0}
        return {
            **shared,
            "service": service,
            "action": action,
            "count": self.count,
            "readUnits": {},
            "writeUnits": units,
        }


def report(milliseconds: float) -> str:
    return json.dumps({"type": CPU_REPORT, "route": "", "initMs": 500.0, "cpuMs": milliseconds}) + "\n"


async def test_a_step_is_what_was_metered_and_reported_divided_by_how_often_it_was_taken(
    aiohttp_server: AiohttpServer, tmp_path: Path
) -> None:
    meter = CountingMeter()
    server = await aiohttp_server(meter.app)
    log = tmp_path / "lambda-post_confirmation.log"
    log.write_text("START RequestId: 1\n" + report(999.0))

    async def take(number: int) -> None:
        meter.count += 1
        with log.open("a") as file:
            file.write(report(10.0 + 10.0 * number) + '{"of": "another kind"}\n')

    async with aiohttp.ClientSession() as session:
        metering = Metering(session, str(server.make_url("")).rstrip("/"), tmp_path, quiet_seconds=0.01)
        await metering.measure("POST /guitars", 2, take)

    written, invoked = metering.steps["POST /guitars"]
    assert written == Row(
        "POST /guitars", "dynamodb", "PutItem", "", 1.0, 10.0, write_units={"guitars": 3.0, "guitars/by": 0.5}
    )
    # What was reported before the step is not the step's.
    assert invoked.cpu_milliseconds == pytest.approx(15.0)
    assert (metering.samples, metering.init_milliseconds) == (
        {"POST /guitars": 2},
        {"PostConfirmationFunction": 500.0},
    )


def test_the_photo_has_the_workloads_size() -> None:
    assert len(draw_photo(2_000_000)) == pytest.approx(2_000_000, rel=0.1)
