"""Faults on demand: list them, add one, end them."""

import json
from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import bad_request, not_found
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.cloud.faults import MalformedFaultError, read_fault

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud


class FaultsControl:
    """`/_cloud/faults`."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/faults"): self.list_faults,
            ("POST", "/_cloud/faults"): self.add_fault,
            ("DELETE", "/_cloud/faults"): self.remove_faults,
        }

    async def list_faults(self, _request: Request) -> Answer:
        """The faults that are on, each with how many calls it has met and hit: `{"faults": […]}`."""
        return json_answer(200, {"faults": [fault.to_json() for fault in self._cloud.faults.list_faults()]})

    async def add_fault(self, request: Request) -> Answer:
        """Have a fault happen from now on; the body describes it, see Fault."""
        try:
            fault = read_fault(json.loads(request.body))
        except MalformedFaultError as error:
            return bad_request(str(error))
        except ValueError:
            return bad_request("The body is no JSON.")
        return json_answer(201, self._cloud.faults.add(fault).to_json())

    async def remove_faults(self, request: Request) -> Answer:
        """End the fault of the query's `id`, or all."""
        fault_id = request.query.get("id")
        if fault_id is None:
            self._cloud.faults.clear()
        elif not self._cloud.faults.remove(fault_id):
            return not_found("There is no such fault.")
        return Answer(204)
