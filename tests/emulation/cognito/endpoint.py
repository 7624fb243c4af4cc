"""Cognito within the tests' own process, for what cannot be seen from outside: trigger events and kept state."""

import asyncio
import json
import secrets
import threading
from typing import Any
from urllib.parse import parse_qsl

from emulation.clock import Ageing, AgeingClock
from emulation.cloud.cognito import Cognito, CognitoState
from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import JSON_TYPE, Answer, Request, json_answer, json_error
from emulation.cloud.front import Front, open_front
from emulation.cloud.mailbox import Mailbox
from emulation.cloud.moto_services import MotoServices
from emulation.cloud.operations import read_operation
from tests.aws_clients import open_client


class CognitoEndpoint:
    """An AwsEndpoint without a stack, and beside it the trigger events that were sent and the state."""

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}
        self.clock = AgeingClock()
        self.mailbox = Mailbox()
        self.state = CognitoState()
        self.events: list[dict[str, Any]] = []
        self.trigger_failure: AwsError | None = None
        self._moto = MotoServices()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._runner, port = self._wait_for(self._listen())
        self.url = f"http://127.0.0.1:{port}"
        self.cognito = Cognito(self.state, self.mailbox, self._run_trigger, self.clock, secrets.token_bytes, self.url)

    async def _listen(self) -> Any:
        front = Front()
        front.open(self._answer)
        return await open_front(front, "127.0.0.1", 0)

    def _wait_for(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        self._wait_for(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _run_trigger(self, pool_id: str, name: str, event: dict[str, Any]) -> dict[str, Any]:
        self.events.append({"pool": pool_id, "name": name, **event})
        if self.trigger_failure:
            raise self.trigger_failure
        return event

    async def _answer(self, request: Request) -> Answer:
        operation = read_operation(request)
        if operation.action not in Cognito.ACTIONS:
            return self._moto.answer(operation, request)
        try:
            result = await self.cognito.call(operation.action, json.loads(request.body), operation.region)
        except AwsError as error:
            return json_error(error.status, error.code, error.message)
        return json_answer(200, result, JSON_TYPE)

    def client(self, service: str, **config: Any) -> Any:
        return open_client(self.url, service, **config)

    def mails(self, to: str) -> list[dict[str, Any]]:
        return [mail.to_json() for mail in self.mailbox.list_mails(to)]

    def advance(self, seconds: int) -> None:
        """Let everything issued until now be older."""
        # AgeingClock.advance counts from the next whole second, for the sake of who reads times out of tokens.
        self.clock.replace([*self.clock.events, Ageing(self.clock.now(), seconds)])

    def open_domain_page(self, query: str) -> tuple[int, str]:
        page: tuple[int, str] = self._wait_for(self.cognito.confirm_user_page(dict(parse_qsl(query))))
        return page

    def events_of(self, user_id: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["userName"] == user_id]
