"""The control plane under /_cloud/. No bucket can be called that: bucket names start with a letter or a digit."""

from pathlib import Path
from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.controls.buckets import BucketsControl
from emulation.cloud.controls.clock import ClockControl
from emulation.cloud.controls.doctor import DoctorControl
from emulation.cloud.controls.faults import FaultsControl
from emulation.cloud.controls.mail import CONFIRM_PATH, MailControl
from emulation.cloud.controls.requests import RequestsControl
from emulation.cloud.controls.rights import RightsControl
from emulation.cloud.controls.snapshots import SnapshotsControl
from emulation.cloud.controls.stack import StackControl
from emulation.cloud.controls.tables import TablesControl
from emulation.cloud.controls.users import UsersControl
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.tracing import TRACE_HEADER, read_trace_id, tracing

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

PREFIX = "/_cloud/"


def refuse_other_sites(request: Request, own_origins: tuple[str, ...]) -> Answer | None:
    """A refusal when another site's page, open in the same browser, tries its hand here."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    if (origin and origin not in own_origins) or site == "cross-site":
        return json_answer(403, {"message": "The local cloud's control plane does not answer other sites."})
    return None


class Control:
    """Answers for one cloud; `controls` has the topics."""

    def __init__(self, cloud: "Cloud", own_origins: tuple[str, ...], local_dir: Path) -> None:
        self._own_origins = own_origins
        self._routes: Routes = {
            **BucketsControl(cloud).routes,
            **ClockControl(cloud).routes,
            **DoctorControl(cloud).routes,
            **FaultsControl(cloud).routes,
            **MailControl(cloud).routes,
            **RequestsControl(cloud).routes,
            **RightsControl(cloud).routes,
            **SnapshotsControl(cloud, local_dir).routes,
            **StackControl(cloud).routes,
            **TablesControl(cloud).routes,
            **UsersControl(cloud).routes,
        }

    async def answer(self, request: Request) -> Answer:
        """The answer of one of the routes; 404 or 405 where there is none."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            known = any(path == request.path for _, path in self._routes)
            return json_answer(405 if known else 404, {"message": f"There is no {request.method} {request.path}."})
        # The page of a mailed link is opened from anywhere, as the Cognito domain's is.
        refusal = None if request.path == CONFIRM_PATH else refuse_other_sites(request, self._own_origins)
        with tracing(read_trace_id(request.headers.get(TRACE_HEADER))):
            return refusal or await route(request)
