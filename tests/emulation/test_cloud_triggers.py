import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from emulation.applier import Trigger
from emulation.cloud.errors import AwsError
from emulation.cloud.functions import Functions
from emulation.cloud.triggers import run_trigger

POOL = "us-east-1_pool"
TRIGGER = Trigger(
    user_pool_id=POOL, name="PostConfirmation", entry="tests.emulation.event_function", timeout_seconds=10
)
Receive = Callable[[dict[str, Any]], Awaitable[Any]]


async def run(receive: Receive, trigger: Trigger = TRIGGER, limit_seconds: float = 5) -> Any:
    @asynccontextmanager
    async def opened(_entry: str) -> AsyncIterator[Receive]:
        yield receive

    functions = Functions(opened, lambda _span: None)
    try:
        return await run_trigger(functions, [trigger], POOL, "PostConfirmation", {"version": "1"}, limit_seconds)
    finally:
        await functions.close()


async def test_the_functions_event_is_returned() -> None:
    async def answer(event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "response": {}}

    assert await run(answer) == {"version": "1", "response": {}}


async def test_a_pool_without_the_trigger_gets_its_event_back() -> None:
    async def fail(_event: dict[str, Any]) -> None:
        raise AssertionError

    other = Trigger(user_pool_id="us-east-1_other", name="PostConfirmation", entry=TRIGGER.entry, timeout_seconds=10)
    assert await run(fail, other) == {"version": "1"}


async def test_a_functions_failure_is_worded_by_cognito() -> None:
    async def fail(_event: dict[str, Any]) -> None:
        raise RuntimeError("no table")

    with pytest.raises(AwsError) as refusal:
        await run(fail)
    assert refusal.value.code == "UserLambdaValidationException"
    assert refusal.value.message == "PostConfirmation failed with error no table."


async def test_a_function_that_hangs_is_called_three_times() -> None:
    calls = []

    async def hang(event: dict[str, Any]) -> None:
        calls.append(event)
        await asyncio.Event().wait()

    with pytest.raises(AwsError) as refusal:
        await run(hang, limit_seconds=0.05)
    assert len(calls) == 3
    assert refusal.value.code == "UnexpectedLambdaException"
    assert (
        refusal.value.message
        == "PostConfirmation invocation failed due to error Socket timeout while invoking Lambda function."
    )


async def test_a_function_that_hangs_once_succeeds_at_the_second_call() -> None:
    calls = []

    async def hang_once(event: dict[str, Any]) -> dict[str, Any]:
        calls.append(event)
        if len(calls) == 1:
            await asyncio.Event().wait()
        return event

    assert await run(hang_once, limit_seconds=0.05) == {"version": "1"}


async def test_what_is_no_event_is_refused() -> None:
    async def answer(_event: dict[str, Any]) -> None:
        return None

    with pytest.raises(AwsError) as refusal:
        await run(answer)
    assert refusal.value.code == "InvalidLambdaResponseException"


async def test_functions_are_renewed_when_nothing_is_under_way_any_more() -> None:
    done: list[str] = []
    goes_on = asyncio.Event()

    async def receive(event: dict[str, Any]) -> dict[str, Any]:
        await goes_on.wait()
        done.append(event["name"])
        return event

    @asynccontextmanager
    async def opened(_entry: str) -> AsyncIterator[Receive]:
        yield receive
        done.append("closed")

    functions = Functions(opened, lambda _span: None, code=[TRIGGER.entry])
    first = asyncio.create_task(functions.invoke(TRIGGER.entry, {"name": "first"}, 5))
    await asyncio.sleep(0)
    await functions.open(TRIGGER.entry)
    renewing = asyncio.create_task(functions.renew())
    await asyncio.sleep(0)
    second = asyncio.create_task(functions.invoke(TRIGGER.entry, {"name": "second"}, 5))
    await asyncio.sleep(0)
    goes_on.set()
    await asyncio.gather(first, renewing, second)
    await functions.close()
    assert done == ["first", "closed", "second", "closed"]
