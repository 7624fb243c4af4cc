"""What each function may do, and who has asked for which right."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import starting
from emulation.cloud.exchange import Answer, Request, json_answer

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud


class RightsControl:
    """`/_cloud/roles` and `/_cloud/calls`."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/roles"): self.list_roles,
            ("GET", "/_cloud/calls"): self.list_calls,
        }

    async def list_roles(self, _request: Request) -> Answer:
        """What each function's role allows, as it is enforced."""
        stack = self._cloud.stack
        if stack.applied is None:
            return starting(stack.failure)
        return json_answer(200, [asdict(role) for role in stack.applied.roles])

    async def list_calls(self, _request: Request) -> Answer:
        """Who asked for which right, oldest first."""
        return json_answer(200, [call._asdict() for call in self._cloud.calls.list_calls()])
