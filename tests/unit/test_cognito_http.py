"""The authorizer's two questions to Cognito, when it does not answer at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from server.aws.cognito_http import CognitoHttp, CognitoUnreachableError
from tests.emulation.front_door import serving
from tests.ports import bound_socket, port_of

Fail = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
# Of a question that has an answer, on a busy machine too.
PATIENCE_SECONDS = 30.0
# Of two questions that have none.
SHORT_SECONDS = 0.2


async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def fall_silent(_request: web.BaseRequest) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def answer_500(_request: web.BaseRequest) -> web.StreamResponse:
    return web.json_response({"__type": "InternalErrorException"}, status=500)


async def answer_nonsense(_request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(body=b"<html>")


@asynccontextmanager
async def failing_cognito(
    fail: Fail, times: int, timeout_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[tuple[CognitoHttp, list[str]]]:
    """A pool that fails for the first so many questions, and knows every token; what it was asked."""
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.method)
        return await fail(request) if len(asked) <= times else web.json_response({"Username": "ada"})

    own = bound_socket()
    async with serving(answer, own):
        yield CognitoHttp(f"http://127.0.0.1:{port_of(own)}", "pool", timeout_seconds=timeout_seconds), asked


@pytest.mark.parametrize(
    ("fail", "seconds_for_one", "seconds_for_two"),
    [
        (hang_up, PATIENCE_SECONDS, PATIENCE_SECONDS),
        # The first question takes them all, and the second has to be answered within as many.
        (fall_silent, 3.0, SHORT_SECONDS),
        (answer_500, PATIENCE_SECONDS, PATIENCE_SECONDS),
        (answer_nonsense, PATIENCE_SECONDS, PATIENCE_SECONDS),
    ],
)
async def test_one_failure_is_asked_again_and_two_are_an_outage(
    fail: Fail, seconds_for_one: float, seconds_for_two: float
) -> None:
    async with failing_cognito(fail, 1, seconds_for_one) as (cognito, asked):
        assert await asyncio.to_thread(cognito.token_stands, "token")
        assert asked == ["POST", "POST"]
    async with failing_cognito(fail, 2, seconds_for_two) as (cognito, asked):
        with pytest.raises(CognitoUnreachableError):
            await asyncio.to_thread(cognito.token_stands, "token")
        assert asked == ["POST", "POST"]


async def test_a_refusal_is_an_answer_and_not_asked_again() -> None:
    async def refuse(_request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"__type": "NotAuthorizedException"}, status=400)

    async with failing_cognito(refuse, 1) as (cognito, asked):
        assert not await asyncio.to_thread(cognito.token_stands, "token")
        assert asked == ["POST"]
