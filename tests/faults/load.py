"""Clients that write without end, what each of their writes was answered, and what must be there because of it."""

import asyncio
import math
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

from tests.api.client import Api, User
from tests.eventually import eventually
from tests.faults.record import Record
from tests.faults.stack import Stack

# CloudFront waits 30 s for an origin; whoever waits longer than this was not answered at all.
PATIENCE_SECONDS = 40.0
# No limit of the product: the tests' own, so that none hangs.
WAIT_SECONDS = 240.0
GONE = None
# Of the short form and of the full one.
CLIENTS = {False: 4, True: 20}
# Requests before the fault, during it and after it.
REQUESTS = {False: 20, True: 300}
_CODE = re.compile(rb'"code":"([A-Z_]+)"')


@dataclass
class History:
    """What was written of one guitar, oldest first: its year (None: deleted), and when that was acknowledged, if it
    was."""

    user: User
    writes: list[tuple[int | None, float | None]] = field(default_factory=list)
    guitar_id: str = ""

    def allowed(self, horizon: float) -> set[int | None]:
        """What may be found: the last state that was acknowledged before the horizon, or any that was tried since."""
        certain = [place for place, (_, at) in enumerate(self.writes) if at is not None and at <= horizon]
        if not certain:
            return {GONE, *(state for state, _ in self.writes)}
        return {state for state, _ in self.writes[certain[-1] :]}


class Load:
    """Some clients of one user each; run it as a task, and `stop` it."""

    def __init__(self, api: Api, users: list[User]) -> None:
        self._api = api
        self._users = users
        self._stopped = asyncio.Event()
        self.histories: dict[str, History] = {}
        self.answers: Counter[str] = Counter()
        self.longest_seconds = 0.0

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self.answers.total()

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged."""
        return sum(at is not None for history in self.histories.values() for _, at in history.writes)

    def stop(self) -> None:
        """Let each client end after its request."""
        self._stopped.set()

    async def run(self) -> None:
        """Write until stopped."""
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(self._run_client(session, user) for user in self._users))

    async def wait_for(self, requests: int, kind: str = "") -> None:
        """Return when so many more were answered, of a kind if one is named."""
        wanted = self._count(kind) + requests

        async def look() -> bool:
            return self._count(kind) >= wanted

        await eventually(look, within_seconds=WAIT_SECONDS)

    def _count(self, kind: str) -> int:
        return self.answers[kind] if kind else self.requests

    async def _run_client(self, session: aiohttp.ClientSession, user: User) -> None:
        number = 0
        while not self._stopped.is_set():
            number += 1
            model = uuid4().hex
            history = self.histories[model] = History(user)
            body = {"brand": "Fender", "model": model, "year": 1950}
            created = await self._call(session, user, history, 1950, "POST", "/guitars", body)
            if created is None:
                # Whether it is there is not known, and nothing else is done to it.
                await asyncio.sleep(0.05)
                continue
            history.guitar_id = created["guitarId"]
            path = f"/guitars/{history.guitar_id}"
            if await self._call(session, user, history, 1951, "PUT", path, {"year": 1951}) and number % 3 == 0:
                await self._call(session, user, history, GONE, "DELETE", path)
            await self._call(session, user, None, None, "GET", "/guitars?limit=5")

    async def _call(
        self,
        session: aiohttp.ClientSession,
        user: User,
        history: History | None,
        state: int | None,
        method: str,
        path: str,
        body: Any = None,
    ) -> dict[str, Any] | None:
        """What a success holds; None for everything else."""
        started_at = time.monotonic()
        headers = {"Authorization": f"Bearer {user.access_token}"}
        url = f"{self._api.target.front_door_url}/api{path}"
        data = None
        try:
            async with session.request(method, url, json=body, headers=headers) as answer:
                content = await answer.read()
                kind = classify(answer, content)
                if kind == "success":
                    data = (await answer.json())["data"]
        except aiohttp.ClientError:
            kind = "not connected"
        except TimeoutError:
            kind = "unanswered"
        now = time.monotonic()
        self.answers[kind] += 1
        self.longest_seconds = max(self.longest_seconds, now - started_at)
        if history is not None:
            history.writes.append((state, now if kind == "success" else None))
        return data

    async def check(self, kept_at: float | None = None, restarted_at: float = math.inf) -> tuple[int, int]:
        """How many acknowledged writes are lost, and how many were carried out twice.

        Of a local AWS that was killed: what was acknowledged before `kept_at` was kept by then, and `restarted_at` is
        just before it was started again, when all that it had acknowledged was noted.
        """
        horizon = time.monotonic() if kept_at is None else kept_at
        after = {model: self._allowed(history, horizon, restarted_at) for model, history in self.histories.items()}
        found: dict[str, list[int]] = {}
        for user in self._users:
            for guitar in await list_all(self._api, user):
                found.setdefault(guitar["model"], []).append(guitar["year"])
        duplicated = sum(len(years) > 1 for years in found.values())
        lost = sum(found.get(model, [GONE])[0] not in allowed for model, allowed in after.items())
        return lost, duplicated

    def _allowed(self, history: History, horizon: float, restarted_at: float) -> set[int | None]:
        state, acknowledged_at = history.writes[-1] if history.writes else (GONE, None)
        if acknowledged_at is not None and acknowledged_at > restarted_at:
            return {state}
        return history.allowed(horizon)

    def record(self, section: str, name: str, lost: int, duplicated: int, **figures: str) -> Record:
        """The line of the page."""
        return Record(
            section,
            name,
            self.requests,
            dict(self.answers),
            self.acknowledged,
            lost,
            duplicated,
            round(self.longest_seconds, 1),
            figures,
        )


@asynccontextmanager
async def under_load(stack: Stack, is_full: bool) -> AsyncIterator[Load]:
    """Clients that write while the context lasts."""
    users = [await stack.api.new_user() for _ in range(CLIENTS[is_full])]
    # A client without its account would write nothing after a crash.
    await stack.wait_until_kept()
    load = Load(stack.api, users)
    running = asyncio.create_task(load.run())
    try:
        await load.wait_for(REQUESTS[is_full])
        yield load
    finally:
        load.stop()
        await running


def classify(answer: aiohttp.ClientResponse, content: bytes) -> str:
    """Of which kind an answer is."""
    if answer.status < 300:
        return "success"
    if answer.status == 503 and b"SERVICE_UNAVAILABLE" in content:
        return "503" if "Retry-After" in answer.headers else "503 without Retry-After"
    if "cloudfront" in answer.headers.get("X-Cache", "") and answer.headers.get("Content-Type", "").startswith("text/"):
        return f"{answer.status} of the front door"
    if answer.status == 500 and content == b'{"message":"Internal Server Error"}':
        return "500 of API Gateway"
    code = _CODE.search(content)
    return f"{answer.status} {code[1].decode() if code else content[:80].decode(errors='replace')}"


async def list_all(api: Api, user: User) -> list[dict[str, Any]]:
    """All guitars of a user, page after page."""
    guitars: list[dict[str, Any]] = []
    token = ""
    while True:
        page = (await api.call("GET", f"/guitars?limit=100{f'&nextToken={token}' if token else ''}", user=user)).data
        guitars += page["guitars"]
        if not page.get("nextToken"):
            return guitars
        token = page["nextToken"]
