"""Services of AWS that throttle, fail, are slow, or lose their answers: under load, and between every two steps."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import pytest

from emulation.commands.parts import CLOUD
from tests.api.client import Answer, User
from tests.eventually import eventually
from tests.faults.load import REQUESTS, under_load
from tests.faults.record import Record, write_record
from tests.faults.stack import Stack
from tests.photographs import marked, phone_jpeg

# More steps than any flow has: it ends when a fault finds nothing left to hit.
MOST_STEPS = 40
# One failure more than the SDK tries.
IN_A_ROW = 2
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"

LOADS = {
    "DynamoDB throttles a third of the calls": {"kind": "throttle", "service": "dynamodb", "share": 0.33},
    "DynamoDB fails a third of the calls": {"kind": "error", "service": "dynamodb", "share": 0.33},
    "DynamoDB loses a tenth of its answers": {"kind": "lost", "service": "dynamodb", "share": 0.1},
    "DynamoDB takes a fifth of the calls too long": {
        "kind": "latency",
        "service": "dynamodb",
        "share": 0.2,
        "milliseconds": 2000,
    },
    "DynamoDB drops a third of the connections": {"kind": "drop", "service": "dynamodb", "share": 0.33},
}


@pytest.mark.parametrize("name", LOADS)
async def test_a_service_in_trouble_loses_nothing_under_load(
    stack: Stack, name: str, is_full: bool, records: Path | None
) -> None:
    async with under_load(stack, is_full) as load:
        await stack.add_fault(**LOADS[name])
        await load.wait_for(2 * REQUESTS[is_full])
        await stack.wait_for_hits()
        hits = await stack.end_faults()
        await load.wait_for(REQUESTS[is_full], "success")
    lost, duplicated = await load.check()
    write_record(records, load.record("faults", name, lost, duplicated, hits=str(hits)))
    assert hits > 0
    assert (lost, duplicated) == (0, 0)
    assert set(load.answers) <= {"success", "503"}
    assert await stack.problems() == []


class Steps:
    """Does the same thing again and again, each time with a fault one step later, until the fault hits nothing."""

    def __init__(self, stack: Stack, service: str, kind: str, stride: int) -> None:
        """`stride` is how many steps later the fault comes each time."""
        self._stack = stack
        self._fault = {"service": service, "kind": kind, "times": IN_A_ROW}
        self._stride = stride
        self.answers: Counter[str] = Counter()
        self.longest_seconds = 0.0
        self.steps = 0

    async def before_each(self) -> AsyncIterator[int]:
        """How many steps to let pass before the fault, until the flow is left; fails for a flow that has no end."""
        for skip in range(0, MOST_STEPS, self._stride):
            await self._stack.end_faults()
            self.steps = skip
            yield skip
        raise AssertionError(f"the fault still finds something to hit after {MOST_STEPS} steps")

    async def add(self, skip: int) -> None:
        await self._stack.add_fault(**self._fault, skip=skip)

    async def end(self) -> bool:
        """End the fault; whether it has hit nothing: there were fewer steps."""
        return await self._stack.end_faults() == 0

    async def take(self, call: Awaitable[Answer]) -> bool:
        """Count the answer of a call, which has to be a success or a 503; whether it was a success."""
        started_at = time.monotonic()
        answer = await call
        self.longest_seconds = max(self.longest_seconds, time.monotonic() - started_at)
        kind = "success" if answer.status < 300 else str(answer.status)
        self.answers[kind] += 1
        if kind == "503":
            assert answer.error["code"] == "SERVICE_UNAVAILABLE"
            assert "Retry-After" in answer.headers
        return kind == "success"

    def record(self, name: str) -> Record:
        """The line of the page."""
        count = self.answers.total()
        longest, figures = round(self.longest_seconds, 1), {"steps": str(self.steps)}
        return Record("faults", name, count, dict(self.answers), count, longest_seconds=longest, figures=figures)


async def objects_of(stack: Stack, user: User) -> list[str]:
    """The keys of a user in the images bucket, deleted ones whose versions are left included."""
    environment = await stack.ask("GET", "environment")
    found: list[str] = []
    for kind in ("images", "receipts"):
        query = f"objects?bucket={environment['S3_BUCKET_IMAGES']}&prefix={kind}/{user.user_id}/"
        found += [one["key"] for one in (await stack.ask("GET", query))["objects"]]
    return found


async def wait_until_gone(stack: Stack, user: User) -> None:
    """Return when no version of any object of a user is left."""

    async def look() -> bool:
        return await objects_of(stack, user) == []

    await eventually(look, within_seconds=60)


async def fill(stack: Stack, user: User) -> str:
    """A guitar with an image and a receipt; its id."""
    guitar = await stack.api.new_guitar(user)
    for content, file_type, purpose in (
        (phone_jpeg(marked((64, 48))), "image/jpeg", "image"),
        (PDF, "application/pdf", "receipt"),
    ):
        key = await stack.api.upload(user, content, file_type, purpose=purpose)
        assert (await stack.api.complete(user, key, guitarId=guitar["guitarId"])).status == 200
    guitar_id: str = guitar["guitarId"]
    return guitar_id


@pytest.mark.parametrize("kind", ["error", "lost"])
async def test_a_completion_that_fails_between_any_two_steps_is_mended_by_calling_again(
    stack: Stack, kind: str, is_full: bool, records: Path | None
) -> None:
    user = await stack.api.new_user()
    steps = Steps(stack, "s3", kind, 1 if is_full else 2)
    async for skip in steps.before_each():
        guitar = await stack.api.new_guitar(user)
        key = await stack.api.upload(user, phone_jpeg(marked((64, 48))), "image/jpeg")
        await steps.add(skip)
        done = await steps.take(stack.api.complete(user, key, guitarId=guitar["guitarId"]))
        is_over = await steps.end()
        again = await stack.api.complete(user, key, guitarId=guitar["guitarId"])
        assert again.status == 200, (skip, done, again.body)
        images = (await stack.api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data["images"]
        assert [image["id"] for image in images] == [again.data["id"]]
        if is_over:
            break
    assert await stack.problems() == []
    name = f"upload-complete, S3 {'fails' if kind == 'error' else 'loses its answer'} at every step"
    write_record(records, steps.record(name))


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
async def test_the_deletion_of_a_guitar_finishes_whatever_fails(
    stack: Stack, service: str, is_full: bool, records: Path | None
) -> None:
    user = await stack.api.new_user()
    steps = Steps(stack, service, "error", 1 if is_full else 3)
    async for skip in steps.before_each():
        guitar_id = await fill(stack, user)
        assert await stack.problems() == []
        await steps.add(skip)
        done = await steps.take(stack.api.call("DELETE", f"/guitars/{guitar_id}", user=user))
        if not done:
            await stack.end_faults()
            assert (await stack.api.call("DELETE", f"/guitars/{guitar_id}", user=user)).status in (200, 404)
        await wait_until_gone(stack, user)
        assert await stack.problems() == []
        if await steps.end() and done:
            break
    name = f"deletion of a guitar, {service} fails at every step"
    write_record(records, steps.record(name))


async def test_the_deletion_of_an_account_finishes_whatever_fails(
    stack: Stack, is_full: bool, records: Path | None
) -> None:
    steps = Steps(stack, "*", "error", 1 if is_full else 5)
    async for skip in steps.before_each():
        user = await stack.api.new_user()
        await fill(stack, user)
        # The authorizer's own question is not a step of the deletion.
        assert (await stack.api.call("GET", "/user/profile", user=user)).status == 200
        assert await stack.problems() == []
        await steps.add(skip)
        done = await steps.take(stack.api.call("DELETE", "/user", user=user))
        if not done:
            await stack.end_faults()
            assert (await stack.api.call("DELETE", "/user", user=user)).status in (200, 401)
        await wait_until_gone(stack, user)
        assert await stack.problems() == []
        if await steps.end() and done:
            break
    name = "deletion of an account, any service fails at every step"
    write_record(records, steps.record(name))


async def test_a_deletion_survives_the_death_of_the_function(stack: Stack, records: Path | None) -> None:
    user = await stack.api.new_user()
    guitar_id = await fill(stack, user)
    await stack.add_fault(kind="latency", service="s3", action="DeleteObjects", milliseconds=20_000)
    assert (await stack.api.call("DELETE", f"/guitars/{guitar_id}", user=user)).status == 200
    await stack.wait_until_kept()
    stack.surgeon.kill(CLOUD)
    await asyncio.to_thread(stack.surgeon.start, CLOUD)
    await stack.wait_until_healthy()
    await wait_until_gone(stack, user)
    assert await stack.problems() == []
    write_record(records, Record("faults", "deletion of a guitar, its function is killed", 1, {"success": 1}, 1))


async def test_what_cannot_be_deleted_is_a_dead_letter_until_it_is_mended(
    stack: Stack, long_form: None, records: Path | None
) -> None:
    user = await stack.api.new_user()
    guitar_id = await fill(stack, user)
    await stack.add_fault(kind="error", service="s3", action="DeleteObjects")
    assert (await stack.api.call("DELETE", f"/guitars/{guitar_id}", user=user)).status == 200

    async def look() -> Any:
        return await stack.ask("GET", "dead-letters")

    await eventually(look, within_seconds=180)
    await stack.end_faults()
    kinds = {finding["kind"] for finding in await stack.problems()}
    assert kinds == {"dead-letter", "object-without-guitar", "claim-without-guitar"}
    await stack.ask("POST", "doctor")
    assert await stack.problems() == []
    await wait_until_gone(stack, user)
    write_record(
        records,
        Record("faults", "deletion of a guitar, S3 never deletes: dead letter, then mended", 1, {"success": 1}, 1),
    )


async def test_services_that_are_slow_one_after_the_other_are_a_503_before_the_function_is_ended(
    stack: Stack, records: Path | None
) -> None:
    user = await stack.api.new_user()
    guitar = await stack.api.new_guitar(user)
    key = await stack.api.upload(user, phone_jpeg(marked((64, 48))), "image/jpeg")
    await stack.add_fault(kind="latency", service="s3", milliseconds=2500)
    started_at = time.monotonic()
    answer = await stack.api.complete(user, key, guitarId=guitar["guitarId"])
    longest = round(time.monotonic() - started_at, 1)
    await stack.end_faults()
    assert answer.status == 503
    assert answer.error["code"] == "SERVICE_UNAVAILABLE"
    assert (await stack.api.complete(user, key, guitarId=guitar["guitarId"])).status == 200
    images = (await stack.api.call("GET", f"/guitars/{guitar['guitarId']}", user=user)).data["images"]
    assert len(images) == 1
    assert await stack.problems() == []
    write_record(
        records,
        Record("faults", "every call of S3 takes 2.5 s", 2, {"503": 1, "success": 1}, 1, longest_seconds=longest),
    )


async def test_time_that_passes_under_load_expires_tokens_and_nothing_else(
    stack: Stack, is_full: bool, records: Path | None
) -> None:
    async with under_load(stack, is_full) as load:
        await stack.ask("POST", "clock", json={"advanceSeconds": 61 * 60})
        await load.wait_for(REQUESTS[is_full])
    await stack.ask("DELETE", "clock")
    for user in {history.user.user_id: history.user for history in load.histories.values()}.values():
        await stack.api.login(user)
    lost, duplicated = await load.check()
    write_record(records, load.record("faults", "the clock moves by 61 minutes", lost, duplicated))
    assert (lost, duplicated) == (0, 0)
    assert set(load.answers) <= {"success", "401 AUTH_TOKEN_EXPIRED"}
    assert await stack.problems() == []
