"""Cognito on a free port: our part of it in front, moto behind. Only this file knows that no process is started."""

import asyncio
import contextlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from emulation.clock import Ageing, AgeingClock
from emulation.cloud.cognito import Cognito, CognitoState
from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import JSON_TYPE, Answer, Request, html_answer, json_answer, json_error
from emulation.cloud.front import Front, listen
from emulation.cloud.mailbox import Mailbox
from emulation.cloud.moto_services import MotoServices
from emulation.cloud.operations import read_operation
from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION

DOMAIN_PATH = "/domain"


class CognitoEndpoint:
    """What tests see: an address, a mailbox, a clock that ages, and the trigger events that were sent."""

    def __init__(self) -> None:
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
        self.cognito = Cognito(
            self.state, self.mailbox, self._run_trigger, self.clock, secrets.token_bytes, self.url + DOMAIN_PATH
        )

    async def _listen(self) -> Any:
        front = Front()
        front.open(self._answer)
        return await listen(front, "127.0.0.1", 0)

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
        if request.path == f"{DOMAIN_PATH}/confirmUser":
            return html_answer(*await self.cognito.confirm_user_page(request.query))
        if request.path.endswith("/jwks.json"):
            return self._keys(request.path.split("/")[1])
        operation = read_operation(request)
        if operation.action not in Cognito.ACTIONS:
            return self._moto.answer(operation, request)
        try:
            result = await self.cognito.call(operation.action, json.loads(request.body), operation.region)
        except AwsError as error:
            return json_error(error.status, error.code, error.message)
        return json_answer(200, result, JSON_TYPE)

    def _keys(self, pool_id: str) -> Answer:
        try:
            return json_answer(200, self.cognito.jwks(pool_id))
        except AwsError as error:
            return json_answer(error.status, {"message": error.message})

    def client(self) -> Any:
        return boto3.client(
            "cognito-idp",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=DEVELOPER_ACCESS_KEY,
            aws_secret_access_key=DEVELOPER_SECRET_KEY,
            config=Config(retries={"max_attempts": 0}),
        )

    def mails(self, to: str) -> list[dict[str, Any]]:
        return [mail.to_json() for mail in self.mailbox.list_mails(to)]

    def advance(self, seconds: int) -> None:
        """Let everything issued until now be older."""
        # AgeingClock.advance counts from the next whole second, for the sake of who reads times out of tokens.
        self.clock.replace([*self.clock.events, Ageing(self.clock.now(), seconds)])

    def events_of(self, user_id: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["userName"] == user_id]


def open_page(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


@contextlib.contextmanager
def refused(code: str, message: str | None = None) -> Iterator[None]:
    """The call inside is refused with this code and, if given, exactly this message."""
    with pytest.raises(ClientError) as raised:
        yield
    error = raised.value.response["Error"]
    assert error["Code"] == code, error
    assert message is None or error["Message"] == message
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
