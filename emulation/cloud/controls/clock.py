"""The clock: how far the past is aged, and who keeps a copy of it."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

from emulation.cloud.controls import Routes
from emulation.cloud.controls.body import bad_request
from emulation.cloud.exchange import Answer, Request, json_answer
from server.clock import to_iso

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud

LONGEST_ADVANCE_SECONDS = 100 * 365 * 86_400


class ClockControl:
    """`/_cloud/clock`, and `/_cloud/follow` for those who copy it."""

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self.routes: Routes = {
            ("GET", "/_cloud/clock"): self.get_clock,
            ("POST", "/_cloud/clock"): self.advance_clock,
            ("DELETE", "/_cloud/clock"): self.forget_ageings,
            ("GET", "/_cloud/follow"): self.follow,
        }

    async def get_clock(self, _request: Request) -> Answer:
        """The ageing events, oldest first."""
        return json_answer(200, self._shown())

    async def advance_clock(self, request: Request) -> Answer:
        """Make everything that was issued until now older; answers once what is issued next is fresh."""
        try:
            seconds = json.loads(request.body)["advanceSeconds"]
        except (ValueError, KeyError, TypeError):
            seconds = None
        if type(seconds) is not int or not 0 < seconds <= LONGEST_ADVANCE_SECONDS:
            return bad_request('The body must be {"advanceSeconds": N} with a whole N above 0.')
        clock = self._cloud.data.clock
        if sum(event.seconds for event in clock.events) + seconds > LONGEST_ADVANCE_SECONDS:
            # Much more, and a date of today would lie beyond the last one that can be told.
            return bad_request("The clock is a hundred years ahead; DELETE /_cloud/clock sets it back.")
        event = clock.advance(seconds)
        self._cloud.keeper.touch()
        await self._cloud.followers.announce()
        await asyncio.sleep((event.at - clock.now()).total_seconds())
        return json_answer(200, self._shown())

    async def forget_ageings(self, _request: Request) -> Answer:
        """Let everything have its real age again."""
        self._cloud.data.clock.replace(())
        self._cloud.keeper.touch()
        await self._cloud.followers.announce()
        return json_answer(200, self._shown())

    async def follow(self, request: Request) -> Answer:
        """The clock for those who copy it, as soon as it is another than what they have; see Followers."""
        name, revision = request.query.get("as", ""), request.query.get("revision", "")
        if not name or not revision.isdecimal():
            return bad_request("A follower says who it is (as) and what it has (revision).")
        followers = self._cloud.followers
        await followers.wait_for_another(name, int(revision))
        told = {**self._shown(), "generation": followers.generation, "revision": followers.revision}
        return json_answer(200, told)

    def _shown(self) -> dict[str, Any]:
        events = self._cloud.data.clock.events
        return {"events": [{"at": to_iso(one.at), "seconds": one.seconds} for one in events]}
