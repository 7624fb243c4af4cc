"""The workload's steps, as a browser takes them: one user with a whole collection, and some new ones."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from deploy.cost.consumption import (
    AUTHORIZE,
    CONFIRM,
    PICTURE,
    PICTURE_HIT,
    SITE_FILE,
    THUMBNAIL,
    THUMBNAIL_HIT,
    UPLOAD,
    authorizer_rows,
)
from deploy.cost.workload import Workload
from emulation.cost.metering import Metering
from emulation.cost.picture import draw_photo
from emulation.seed.account import new_password
from emulation.seed.collection import COLLECTION
from emulation.seed.front_door import FrontDoor

TIMES = 10
NEW_USERS = 3


class Journey:
    """Takes every step. `door` is signed in as the collector once there is one."""

    def __init__(
        self, session: aiohttp.ClientSession, front_door_url: str, metering: Metering, workload: Workload
    ) -> None:
        self._session = session
        self._url = front_door_url
        self._door = FrontDoor(session, front_door_url)
        self._metering = metering
        self._workload = workload
        self._user = {"email": "", "password": ""}
        self._guitars: list[str] = []

    async def take_all(self, measure_stored: Callable[[], None]) -> None:
        """Take all steps; `measure_stored` is called while the collection is whole."""
        await self._join()
        await self._sign_in()
        await self._collect()
        await self._look()
        measure_stored()
        await self._change()
        await self._look_at_pictures()
        await self._authorize()

    async def _step(self, step: str, times: int, take: Callable[[int], Awaitable[Any]]) -> None:
        await self._metering.measure(step, times, take)

    async def _call(self, step: str, times: int = TIMES, body: Any = None, path: str = "") -> None:
        method, _, route = step.partition(" ")
        await self._step(step, times, lambda _: self._door.call(method, path or route, body))

    async def _join(self) -> None:
        people = [
            {"email": f"user-{secrets.token_hex(8)}@example.com", "password": new_password(), "name": "Ada Player"}
            for _ in range(NEW_USERS)
        ]
        await self._step(
            "POST /auth/register", NEW_USERS, lambda n: self._door.call("POST", "/auth/register", people[n])
        )
        mails = [await self._door.wait_for_mail(one["email"], 0) for one in people]
        links = [self._url + URL(mail["links"][0]).raw_path_qs for mail in mails]
        await self._step(CONFIRM, NEW_USERS, lambda n: self._door.open_link(links[n]))
        self._user = {"email": people[0]["email"], "password": people[0]["password"]}

    async def _sign_in(self) -> None:
        signed_in: list[dict[str, Any]] = []

        async def log_in(_: int) -> None:
            signed_in.append(await self._door.call("POST", "/auth/login", self._user))

        await self._step("POST /auth/login", TIMES, log_in)
        tokens = [{"refreshToken": one["refreshToken"]} for one in signed_in]
        fresh: list[dict[str, Any]] = []

        async def refresh(number: int) -> None:
            fresh.append(await self._door.call("POST", "/auth/refresh", tokens[number]))

        await self._step("POST /auth/refresh", TIMES, refresh)
        last = [{"refreshToken": one["refreshToken"]} for one in fresh]
        await self._step("POST /auth/logout", TIMES, lambda n: self._door.call("POST", "/auth/logout", last[n]))
        await self._reset_password()
        self._door.token = (await self._door.call("POST", "/auth/login", self._user))["accessToken"]

    async def _reset_password(self) -> None:
        email = {"email": self._user["email"]}
        seen = await self._door.count_mails(email["email"])
        await self._call("POST /auth/forgot-password", 1, email)
        mail = await self._door.wait_for_mail(email["email"], seen)
        self._user["password"] = new_password()
        await self._call(
            "POST /auth/reset-password",
            1,
            {**email, "code": mail["codes"][0], "newPassword": self._user["password"]},
        )

    async def _collect(self) -> None:
        count = self._workload.guitars_per_user

        async def create(number: int) -> None:
            attributes = COLLECTION[number % len(COLLECTION)].attributes
            self._guitars.append((await self._door.call("POST", "/guitars", attributes))["guitarId"])

        await self._step("POST /guitars", count, create)
        photo = draw_photo(self._workload.picture_bytes)
        pictures = self._workload.pictures_per_user
        tickets: list[dict[str, Any]] = []
        asked = {"fileName": "guitar.jpg", "fileType": "image/jpeg", "fileSize": len(photo)}

        async def ask(_: int) -> None:
            tickets.append(await self._door.call("POST", "/images/upload-url", asked))

        async def upload(number: int) -> None:
            ticket = tickets[number]
            async with self._session.put(ticket["uploadUrl"], data=photo, headers=ticket["headers"]) as answer:
                answer.raise_for_status()

        async def complete(number: int) -> None:
            body = {"imageKey": tickets[number]["imageKey"], "guitarId": self._guitars[number % count]}
            await self._door.call("POST", "/images/upload-complete", {**body, "caption": "The body, from the side"})

        await self._step("POST /images/upload-url", pictures, ask)
        await self._step(UPLOAD, pictures, upload)
        await self._step("POST /images/upload-complete", pictures, complete)

    async def _look(self) -> None:
        await self._call("GET /user/profile")
        await self._call("GET /guitars")
        brand = quote(COLLECTION[0].attributes["brand"])
        await self._call("GET /guitars?brand", path=f"/guitars?brand={brand}")
        await self._call("GET /guitars/brands")
        paths = [f"/guitars/{guitar}" for guitar in self._guitars]
        await self._step("GET /guitars/{id}", TIMES, lambda n: self._door.call("GET", paths[n % len(paths)]))
        for path in ("/", "/js/main.js"):
            await self._fetch(self._url + path)
        await self._step(SITE_FILE, TIMES, lambda n: self._fetch(self._url + ("/", "/js/main.js")[n % 2]))

    async def _change(self) -> None:
        await self._call("PUT /user/profile", body={"preferences": {"theme": "dark"}})
        await self._call("PUT /user/name", body={"name": "Ada Collector"})

        async def change(number: int) -> None:
            path = f"/guitars/{self._guitars[number % len(self._guitars)]}"
            await self._door.call("PUT", path, {"color": f"Blue {number}"})

        await self._step("PUT /guitars/{id}", TIMES, change)

    async def _look_at_pictures(self) -> None:
        page = await self._door.call("GET", "/guitars?limit=100")
        images = [image for guitar in page["guitars"] for image in guitar["images"]][:TIMES]
        for step, hit, name in ((PICTURE, PICTURE_HIT, "url"), (THUMBNAIL, THUMBNAIL_HIT, "thumbnailUrl")):
            # A page may have been drawn of a picture already, never fetched: the first time is a miss.
            urls = [self._url + URL(image[name]).raw_path_qs for image in images]
            for one in (step, hit):
                await self._step(one, len(urls), lambda n, urls=urls: self._fetch(urls[n]))  # type: ignore[misc]
        doomed = self._guitars[:NEW_USERS]
        await self._step(
            "DELETE /guitars/{id}", len(doomed), lambda n: self._door.call("DELETE", f"/guitars/{doomed[n]}")
        )

    async def _authorize(self) -> None:
        tokens = [(await self._door.call("POST", "/auth/login", self._user))["accessToken"] for _ in range(TIMES)]

        async def come_anew(number: int) -> None:
            self._door.token = tokens[number]
            await self._door.call("GET", "/guitars/brands")

        await self._step(AUTHORIZE, TIMES, come_anew)
        steps = self._metering.steps
        for step, rows in steps.items():
            decided = authorizer_rows(rows)
            # A decision that was forgotten during another step is not that step's.
            steps[step] = decided if step == AUTHORIZE else tuple(row for row in rows if row not in decided)

    async def _fetch(self, url: str) -> None:
        async with self._session.get(url) as answer:
            answer.raise_for_status()
            await answer.read()
