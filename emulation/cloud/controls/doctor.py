"""The doctor: what has come apart, and putting it right."""

from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.errors import ForeignItemError
from emulation.cloud.exchange import Answer, Request, json_answer

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud
    from emulation.cloud.doctor import Finding


class DoctorControl:
    """`/_cloud/doctor` and `/_cloud/dead-letters`.

    The doctor is imported when it is called: it knows the server's models, which take as long to import as a third of
    all that the local AWS needs to start.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/doctor"): self.list_findings,
            ("POST", "/_cloud/doctor"): self.mend_findings,
            ("GET", "/_cloud/dead-letters"): self.list_dead_letters,
        }

    async def list_findings(self, _request: Request) -> Answer:
        """What was found: `{"findings": […], "undelivered": N}`.

        While records of the tables' streams are still to be delivered, what is found may be put right by them.
        """
        try:
            told = [finding.to_json() for finding in self._examine()]
        except ForeignItemError as error:
            return json_answer(409, {"reason": str(error)})
        return json_answer(200, {"findings": told, "undelivered": self._cloud.count_undelivered()})

    async def mend_findings(self, _request: Request) -> Answer:
        """Put right what can be: `{"mended": […]}`. What the functions make of it comes after."""
        from emulation.cloud.doctor import mend

        try:
            findings = self._examine()
        except ForeignItemError as error:
            return json_answer(409, {"reason": str(error)})
        mended = await mend(self._cloud, findings)
        return json_answer(200, {"mended": [finding.to_json() for finding in mended]})

    async def list_dead_letters(self, _request: Request) -> Answer:
        """The stream records that no attempt could deliver, oldest first."""
        return json_answer(200, [letter for _, letter in self._cloud.data.streams.dead_letters.glance()])

    def _examine(self) -> "list[Finding]":
        from emulation.cloud.doctor import examine, gather_facts

        cloud = self._cloud
        if cloud.stack.applied is None:
            return []
        cloud.services.s3.lifecycle.follow_clock()
        return examine(gather_facts(cloud.services, cloud.data, cloud.stack.environment))
