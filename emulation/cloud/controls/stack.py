"""The stack: whether it is there, what it is made of, and all of it anew."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import starting
from emulation.cloud.exchange import Answer, Request, json_answer

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud


class StackControl:
    """`/_cloud/health`, `/_cloud/environment`, `/_cloud/functions` and `/_cloud/reset`."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/health"): self.get_health,
            ("GET", "/_cloud/environment"): self.get_environment,
            ("GET", "/_cloud/functions"): self.list_functions,
            ("POST", "/_cloud/functions/renew"): self.renew_functions,
            ("POST", "/_cloud/reset"): self.reset,
        }

    async def get_health(self, _request: Request) -> Answer:
        """200 when the stack's resources are there.

        `state` says how often something has changed, and up to which of the changes all are kept.
        """
        stack, keeper = self._cloud.stack, self._cloud.keeper
        reason = await stack.check() or keeper.failure
        if reason:
            return json_answer(503, {"status": "failed", "reason": reason})
        if stack.applied is None:
            return starting()
        state = {"revision": keeper.revision, "savedRevision": keeper.saved_revision}
        return json_answer(200, {"status": "ok", "resources": dict(stack.applied.physical_ids), "state": state})

    async def get_environment(self, _request: Request) -> Answer:
        """What the server is told about the resources."""
        stack = self._cloud.stack
        if stack.applied is None:
            return starting(stack.failure)
        return json_answer(200, dict(stack.environment))

    async def list_functions(self, _request: Request) -> Answer:
        """The functions of the template, each as Lambda would hold it."""
        stack = self._cloud.stack
        if stack.applied is None:
            return starting(stack.failure)
        return json_answer(200, {"functions": [asdict(function) for function in stack.applied.functions]})

    async def renew_functions(self, _request: Request) -> Answer:
        """From the next event on the functions run the code that lies there now."""
        await self._cloud.functions.renew()
        return Answer(204)

    async def reset(self, _request: Request) -> Answer:
        """Delete all data and create the stack anew."""
        if not await self._cloud.reset():
            return json_answer(500, {"status": "failed", "reason": self._cloud.stack.failure})
        return json_answer(200, {"status": "ok"})
