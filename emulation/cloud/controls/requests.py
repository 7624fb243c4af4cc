"""The request log and the meter: what the parts report, and what is read of it."""

import json
from typing import TYPE_CHECKING, Any

from emulation.cloud.cognito.listing import list_users
from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import bad_request
from emulation.cloud.exchange import Answer, Request, json_answer
from emulation.cloud.requests.log import MalformedSpanError
from emulation.cloud.requests.record import Record

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

DEFAULT_LIMIT = 100
LONGEST_WAIT_SECONDS = 20.0


class RequestsControl:
    """`/_cloud/requests`, `/_cloud/meter`, and `/_cloud/spans`, where the edge and the API report."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/requests"): self.list_requests,
            ("DELETE", "/_cloud/requests"): self.clear_requests,
            ("POST", "/_cloud/spans"): self.record_spans,
            ("GET", "/_cloud/meter"): self.read_meter,
            ("DELETE", "/_cloud/meter"): self.clear_meter,
        }

    async def record_spans(self, request: Request) -> Answer:
        """Take what a part reports."""
        try:
            spans = json.loads(request.body)
            for span in spans:
                self._cloud.requests.record_span(span)
        except (MalformedSpanError, ValueError, TypeError, AttributeError) as error:
            return bad_request(f"These are no spans: {error}")
        return Answer(204)

    async def list_requests(self, request: Request) -> Answer:
        """The requests, newest first: `{"revision": N, "requests": […]}`.

        Query: `path` (part of it), `status` (404, 4xx), `user` (id or address), `kind`, `id`, `limit`; `since` shows
        what has changed after a revision, and `wait` holds the answer back for up to so many seconds until there is
        something.
        """
        query = request.query
        log = self._cloud.requests
        try:
            since, limit = int(query.get("since", 0)), int(query.get("limit", DEFAULT_LIMIT))
            wait_seconds = min(float(query.get("wait", 0)), LONGEST_WAIT_SECONDS)
        except ValueError:
            return bad_request("since, limit and wait are numbers.")
        # After a new start the revisions begin anew.
        since = since if since <= log.revision else 0
        if wait_seconds > 0:
            await log.wait_for_change(since, wait_seconds)
        revision = log.revision
        emails = {user["id"]: user["email"] for user in list_users(self._cloud.services.cognito.pools())}
        found = [record for record in log.list_records(since) if _matches(record, query, emails)]
        shown = [{**one.to_json(), "userEmail": emails.get(one.user_id, "")} for one in found[: max(limit, 0)]]
        return json_answer(200, {"revision": revision, "requests": shown})

    async def clear_requests(self, _request: Request) -> Answer:
        """Forget the requests; the meter stays."""
        self._cloud.requests.clear()
        return Answer(204)

    async def read_meter(self, _request: Request) -> Answer:
        """What was used by route, service and action since the meter was set to zero: `{"usage": […]}`."""
        return json_answer(200, {"usage": self._cloud.requests.read_meter()})

    async def clear_meter(self, _request: Request) -> Answer:
        """Set the meter to zero."""
        self._cloud.requests.clear_meter()
        return Answer(204)


def _matches(record: Record, query: dict[str, str], emails: dict[str, str]) -> bool:
    told: dict[str, Any] = query
    status = told.get("status", "")
    user = told.get("user", "")
    return (
        told.get("path", "") in record.target
        and (not status or _status_fits(record.status, status))
        and (not user or record.user_id == user or emails.get(record.user_id, "").casefold() == user.casefold())
        and told.get("kind", record.kind) == record.kind
        and told.get("id", record.trace_id) == record.trace_id
    )


def _status_fits(status: int | None, wanted: str) -> bool:
    return status is not None and (str(status) == wanted or f"{status // 100}xx" == wanted.lower())
