"""Requests of a page that are sent late, and answers that come late, as on a slow line."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import APIResponse, Page, Route

from tests.eventually import until


@dataclass
class _Held:
    routes: list[Route] = field(default_factory=list)
    released: bool = False

    async def wait_for_one(self) -> None:
        """Return when there is one."""
        await until(lambda: bool(self.routes))


@dataclass
class HeldRequests(_Held):
    """Requests that wait."""

    async def take(self, route: Route) -> None:
        if self.released:
            await route.continue_()
        else:
            self.routes.append(route)

    async def release(self) -> None:
        """Let them go, and those that follow."""
        self.released = True
        for route in self.routes:
            await route.continue_()

    async def refuse(self, status: int, body: Any) -> None:
        """Answer them, once there is one, and have those that follow go on."""
        await self.wait_for_one()
        self.released = True
        for route in self.routes:
            async with _taken(route):
                await route.fulfill(status=status, json=body)


async def hold_requests(page: Page, pattern: str) -> HeldRequests:
    """Keep the requests of a pattern from being sent."""
    held = HeldRequests()
    await page.route(pattern, held.take)
    return held


@dataclass
class HeldAnswers(_Held):
    """Answers that the page has not got yet, though what was asked for is done."""

    answers: list[APIResponse] = field(default_factory=list)
    is_meant: Callable[[Route], bool] = lambda _: True

    async def take(self, route: Route) -> None:
        if not self.is_meant(route):
            return await route.continue_()
        answer = await route.fetch()
        if self.released:
            return await route.fulfill(response=answer)
        self.answers.append(answer)
        return self.routes.append(route)

    async def release(self) -> None:
        """Let the page have the first, and those that follow as they come."""
        await self.wait_for_one()
        self.released = True
        for route, answer in zip(self.routes, self.answers, strict=True):
            async with _taken(route):
                await route.fulfill(response=answer)


async def hold_answers(page: Page, pattern: str, is_meant: Callable[[Route], bool] = lambda _: True) -> HeldAnswers:
    """Keep the answers to the requests of a pattern, those that are meant, from the page."""
    held = HeldAnswers(is_meant=is_meant)
    await page.route(pattern, held.take)
    return held


@asynccontextmanager
async def _taken(route: Route) -> AsyncIterator[None]:
    """Wait at the end until the page has taken the answer to a request."""
    page = route.request.frame.page
    async with page.expect_event("requestfinished", lambda done: done == route.request):
        yield
    await page.evaluate("new Promise((resolve) => setTimeout(resolve))")
