"""The control plane under /_cloud/. No bucket can be called that: bucket names start with a letter or a digit."""

import asyncio
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from emulation.cloud.controls import Routes
from emulation.cloud.controls.buckets import BucketsControl
from emulation.cloud.controls.doctor import DoctorControl
from emulation.cloud.controls.faults import FaultsControl
from emulation.cloud.controls.requests import RequestsControl
from emulation.cloud.controls.snapshots import SnapshotsControl
from emulation.cloud.controls.tables import TablesControl
from emulation.cloud.controls.users import UsersControl
from emulation.cloud.exchange import Answer, Request, html_answer, json_answer
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.tracing import TRACE_HEADER, read_trace_id, tracing
from server.clock import to_iso

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

PREFIX = "/_cloud/"
CONFIRM_PATH = "/_cloud/domain/confirmUser"
LONGEST_ADVANCE_SECONDS = 100 * 365 * 86_400


def refuse_other_sites(request: Request, own_origins: tuple[str, ...]) -> Answer | None:
    """A refusal when another site's page, open in the same browser, tries its hand here."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    if (origin and origin not in own_origins) or site == "cross-site":
        return json_answer(403, {"message": "The local cloud's control plane does not answer other sites."})
    return None


class Control:
    """Health, mail, clock, dead letters, calls, snapshots and reset of one cloud; `controls` has the other topics."""

    def __init__(self, cloud: "Cloud", own_origins: tuple[str, ...], local_dir: Path) -> None:
        self._cloud = cloud
        self._own_origins = own_origins
        self._routes: Routes = {
            ("GET", "/_cloud/health"): self.get_health,
            ("GET", "/_cloud/environment"): self.get_environment,
            ("GET", "/_cloud/functions"): self.list_functions,
            ("POST", "/_cloud/functions/renew"): self.renew_functions,
            ("GET", "/_cloud/mail"): self.list_mails,
            ("DELETE", "/_cloud/mail"): self.clear_mails,
            ("GET", "/_cloud/clock"): self.get_clock,
            ("POST", "/_cloud/clock"): self.advance_clock,
            ("DELETE", "/_cloud/clock"): self.forget_ageings,
            ("GET", "/_cloud/follow"): self.follow,
            ("POST", "/_cloud/reset"): self.reset,
            ("GET", "/_cloud/snapshot"): self.take_snapshot,
            ("POST", "/_cloud/restore"): self.restore,
            ("GET", "/_cloud/dead-letters"): self.list_dead_letters,
            ("GET", "/_cloud/calls"): self.list_calls,
            ("GET", "/_cloud/roles"): self.list_roles,
            ("GET", CONFIRM_PATH): self.confirm_user,
            **BucketsControl(cloud).routes,
            **DoctorControl(cloud).routes,
            **FaultsControl(cloud).routes,
            **RequestsControl(cloud).routes,
            **SnapshotsControl(cloud, local_dir).routes,
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

    async def get_health(self, _request: Request) -> Answer:
        """200 when the stack's resources are there."""
        stack = self._cloud.stack
        reason = await stack.check() or self._cloud.keeper.failure
        if reason:
            return json_answer(503, {"status": "failed", "reason": reason})
        if stack.applied is None:
            return starting("The stack is being created.")
        return json_answer(200, {"status": "ok", "resources": dict(stack.applied.physical_ids)})

    async def get_environment(self, _request: Request) -> Answer:
        """What the server is told about the resources."""
        stack = self._cloud.stack
        if stack.applied is None:
            return starting(stack.failure or "The stack is being created.")
        return json_answer(200, dict(stack.environment))

    async def list_functions(self, _request: Request) -> Answer:
        """The functions of the template, each as Lambda would hold it."""
        stack = self._cloud.stack
        if stack.applied is None:
            return starting(stack.failure or "The stack is being created.")
        return json_answer(200, {"functions": [asdict(function) for function in stack.applied.functions]})

    async def renew_functions(self, _request: Request) -> Answer:
        """From the next event on the functions run the code that lies there now."""
        await self._cloud.functions.renew()
        return Answer(204)

    async def list_mails(self, request: Request) -> Answer:
        """The mails, oldest first."""
        mails = self._cloud.data.mailbox.list_mails(request.query.get("to"))
        return json_answer(200, [mail.to_json() for mail in mails])

    async def clear_mails(self, request: Request) -> Answer:
        """Delete the mails."""
        self._cloud.data.mailbox.clear(request.query.get("to"))
        self._cloud.keeper.touch()
        return Answer(204)

    async def get_clock(self, _request: Request) -> Answer:
        """The ageing events, oldest first."""
        events = self._cloud.data.clock.events
        return json_answer(200, {"events": [{"at": to_iso(one.at), "seconds": one.seconds} for one in events]})

    async def advance_clock(self, request: Request) -> Answer:
        """Make everything that was issued until now older; answers once what is issued next is fresh."""
        try:
            seconds = json.loads(request.body)["advanceSeconds"]
        except (ValueError, KeyError, TypeError):
            seconds = None
        if type(seconds) is not int or not 0 < seconds <= LONGEST_ADVANCE_SECONDS:
            return json_answer(400, {"message": 'The body must be {"advanceSeconds": N} with a whole N above 0.'})
        clock = self._cloud.data.clock
        if sum(event.seconds for event in clock.events) + seconds > LONGEST_ADVANCE_SECONDS:
            # Much more, and a date of today would lie beyond the last one that can be told.
            return json_answer(
                400, {"message": "The clock is a hundred years ahead; DELETE /_cloud/clock sets it back."}
            )
        event = clock.advance(seconds)
        self._cloud.keeper.touch()
        await self._cloud.followers.announce()
        await asyncio.sleep((event.at - clock.now()).total_seconds())
        return await self.get_clock(request)

    async def forget_ageings(self, request: Request) -> Answer:
        """Let everything have its real age again."""
        self._cloud.data.clock.replace(())
        self._cloud.keeper.touch()
        await self._cloud.followers.announce()
        return await self.get_clock(request)

    async def follow(self, request: Request) -> Answer:
        """The clock for those who copy it, as soon as it is another than what they have; see Followers."""
        name, revision = request.query.get("as", ""), request.query.get("revision", "")
        if not name or not revision.isdecimal():
            return json_answer(400, {"message": "A follower says who it is (as) and what it has (revision)."})
        followers = self._cloud.followers
        await followers.wait_for_another(name, int(revision))
        clock = json.loads((await self.get_clock(request)).body)
        return json_answer(200, {**clock, "generation": followers.generation, "revision": followers.revision})

    async def take_snapshot(self, _request: Request) -> Answer:
        """The state as it is now, as one file."""
        descriptor, name = tempfile.mkstemp(prefix="snapshot-")
        os.close(descriptor)
        try:
            await self._cloud.keeper.write_archive(Path(name))
        except OSError as error:
            Path(name).unlink()  # noqa: ASYNC240 - a moment
            return json_answer(503, {"status": "failed", "reason": str(error)})
        except BaseException:
            Path(name).unlink()  # noqa: ASYNC240 - a moment
            raise
        return Answer(200, headers=[("Content-Type", "application/zip")], download=Path(name))

    async def restore(self, request: Request) -> Answer:
        """Replace all data by that of a snapshot, which is the body."""
        assert request.upload is not None  # noqa: S101 - front.UPLOADS names this route
        try:
            done = await self._cloud.restore(request.upload)
        except StateDamagedError as damage:
            return json_answer(400, {"reason": f"The snapshot is damaged: {damage}."})
        except StateIncompatibleError as mismatch:
            return json_answer(409, {"reason": f"The snapshot was made by another version: {mismatch}."})
        if not done:
            return json_answer(500, {"status": "failed", "reason": self._cloud.stack.failure})
        return json_answer(200, {"status": "ok"})

    async def reset(self, _request: Request) -> Answer:
        """Delete all data and create the stack anew."""
        if not await self._cloud.reset():
            return json_answer(500, {"status": "failed", "reason": self._cloud.stack.failure})
        return json_answer(200, {"status": "ok"})

    async def list_dead_letters(self, _request: Request) -> Answer:
        """The stream records that no attempt could deliver, oldest first."""
        return json_answer(200, [letter for _, letter in self._cloud.data.streams.dead_letters.glance()])

    async def list_calls(self, _request: Request) -> Answer:
        """Who asked for which right, oldest first."""
        return json_answer(200, [call._asdict() for call in self._cloud.calls.list_calls()])

    async def list_roles(self, _request: Request) -> Answer:
        """What each function's role allows, as it is enforced."""
        stack = self._cloud.stack
        if stack.applied is None:
            return starting(stack.failure or "The stack is being created.")
        return json_answer(200, [asdict(role) for role in stack.applied.roles])

    async def confirm_user(self, request: Request) -> Answer:
        """The Cognito domain's page behind a mailed link."""
        answer = html_answer(*await self._cloud.services.cognito.confirm_user_page(request.query))
        self._cloud.keeper.touch()
        return answer


def starting(reason: str) -> Answer:
    """503 while there is nothing to serve yet."""
    return json_answer(503, {"status": "starting", "reason": reason})
