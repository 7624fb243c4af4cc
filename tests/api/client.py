"""How the tests talk to a target: plain HTTP, a fresh user whenever one is wanted."""

import io
import json
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from yarl import URL

from emulation.openapi.document import build_document
from server.exact_json import encode
from tests.api.accounts import DeployedAccounts
from tests.api.contract import Contract
from tests.eventually import eventually
from tests.parity.recorder import Recorder


@dataclass(frozen=True)
class Target:
    """Where a stack answers: the API itself, the front door, and the AWS endpoint. No URL ends with a slash.

    `images_bucket` is that of a deployment; a local stack tells it.
    """

    api_url: str
    front_door_url: str
    aws_url: str
    images_bucket: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer; `json` is None when the body is no JSON. Fractions are Decimal."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except ValueError:
            return None

    @property
    def data(self) -> Any:
        """What a successful answer holds; fails on every other answer."""
        assert self.status < 300, f"{self.status}: {self.body[:500]!r}"
        assert self.json["success"] is True
        return self.json["data"]

    @property
    def error(self) -> Any:
        """The error of the envelope; fails when it is none, or disagrees with the status."""
        assert self.json is not None, f"{self.status}: {self.body[:500]!r}"
        assert self.json["success"] is False
        assert self.json["error"]["statusCode"] == self.status
        return self.json["error"]

    @property
    def fields(self) -> set[str]:
        """The fields that an error names."""
        return {detail["field"] for detail in self.error.get("details", [])}


@dataclass
class User:
    """An account of a test. Tokens are empty until it has signed in."""

    email: str
    password: str
    name: str
    user_id: str = ""
    access_token: str = ""
    id_token: str = ""
    refresh_token: str = ""


def new_password() -> str:
    """A password that the policy accepts."""
    return f"Aa1!{secrets.token_hex(8)}"


class Api:
    """Calls a target, and holds what its API answers to the API's document."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        target: Target,
        *,
        accounts: DeployedAccounts | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """`accounts` makes users where no mail can be read; `recorder` writes down every answer."""
        self.session = session
        self.target = target
        self._accounts = accounts
        self.contract = Contract(build_document())
        self._recorder = recorder
        # How often each status was answered, and the longest answer.
        self.answers: Counter[int] = Counter()
        self.longest_seconds = 0.0

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: User | None = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
        base: str | None = None,
    ) -> Answer:
        """Call the API: `body` is sent as JSON, `raw` as it is, with the user's token if one is given."""
        sent = dict(headers or {})
        if user is not None:
            sent.setdefault("Authorization", f"Bearer {user.access_token}")
        data = raw
        if body is not None:
            data = encode(body)
            sent.setdefault("Content-Type", "application/json")
        return await self.fetch(method, f"{base or self.target.api_url}{path}", data=data, headers=sent)

    async def fetch(self, method: str, url: str | URL, **options: Any) -> Answer:
        """Call any URL. A test that calls a local tool is skipped on a deployment, where there is none."""
        if self._accounts is not None and URL(url).path.startswith("/_local/"):
            pytest.skip(f"a deployment has no {URL(url).path}")
        sent = options.get("data")
        if isinstance(sent, bytes):
            # As a stream, so that aiohttp does not warn of large bodies; it has a length all the same.
            options["data"] = io.BytesIO(sent)
        started_at = time.monotonic()
        call = self._recorder.begin() if self._recorder else None
        try:
            async with self.session.request(method, url, allow_redirects=False, **options) as answer:
                received = Answer(answer.status, answer.headers, await answer.read())
                if call:
                    call.answered(answer, options.get("headers") or {}, received.body)
        finally:
            if call:
                call.end()
        self.answers[received.status] += 1
        self.longest_seconds = max(self.longest_seconds, time.monotonic() - started_at)
        self._hold_to_contract(method, URL(url), sent, received)
        return received

    def _hold_to_contract(self, method: str, url: URL, sent: Any, answer: Answer) -> None:
        """Fails when the API answered what its document does not list."""
        origin, path = str(url.origin()), url.raw_path
        if origin == self.target.front_door_url and path.startswith("/api/") and answer.json is not None:
            path = path.removeprefix("/api")
        elif origin != self.target.api_url:
            return
        operation = self.contract.find(method, path)
        if operation is not None:
            self.contract.check(operation, answer.status, answer.headers, answer.body, sent)

    async def mails(self, email: str) -> list[dict[str, Any]]:
        """The mails to an address, oldest first."""
        answer = await self.fetch("GET", f"{self.target.front_door_url}/_local/mail", params={"to": email})
        assert answer.status == 200, answer.body
        return list(answer.json)

    async def last_mail(self, email: str, count: int = 1) -> dict[str, Any]:
        """The last mail to an address, once it has got `count` of them."""

        async def look() -> dict[str, Any] | None:
            mails = await self.mails(email)
            return mails[-1] if len(mails) >= count else None

        return await eventually(look)

    async def register(self, email: str | None = None, name: str = "Test User") -> User:
        """A new account whose address is not verified yet."""
        # On a deployment the mail is really sent; the mailbox simulator of AWS takes it.
        domain = "example.com" if self._accounts is None else "simulator.amazonses.com"
        user = User(email or f"success+{secrets.token_hex(8)}@{domain}", new_password(), name)
        body = {"email": user.email, "password": user.password, "name": user.name}
        user.user_id = (await self.call("POST", "/auth/register", body)).data["userId"]
        return user

    async def verify(self, user: User) -> Answer:
        """Open the mailed link."""
        mail = await self.last_mail(user.email)
        [link] = mail["links"]
        answer = await self.fetch("GET", link)
        assert answer.status == 200, answer.body
        return answer

    async def login(self, user: User) -> User:
        """Sign in; the user has its tokens afterwards."""
        answer = await self.call("POST", "/auth/login", {"email": user.email, "password": user.password})
        self.keep_tokens(user, answer.data)
        return user

    @staticmethod
    def keep_tokens(user: User, tokens: Mapping[str, Any]) -> None:
        """Take over tokens from an answer."""
        user.access_token = tokens["accessToken"]
        user.id_token = tokens["idToken"]
        user.refresh_token = tokens["refreshToken"]

    async def new_user(self, email: str | None = None, name: str = "Test User") -> User:
        """A new account, verified and signed in."""
        if self._accounts is not None:
            user = User(email or f"user-{secrets.token_hex(8)}@example.com", new_password(), name)
            user.user_id = await self._accounts.create(user.email, user.password, user.name)
        else:
            user = await self.register(email, name)
            await self.verify(user)
        return await self.login(user)

    async def new_guitar(self, user: User, **attributes: Any) -> dict[str, Any]:
        """A new guitar of a user."""
        body = {"brand": "Fender", "model": "Telecaster", **attributes}
        guitar: dict[str, Any] = (await self.call("POST", "/guitars", body, user=user)).data
        return guitar

    async def upload(
        self, user: User, content: bytes, file_type: str, file_name: str = "guitar.jpg", **request: Any
    ) -> str:
        """Upload a file; returns its imageKey."""
        body = {"fileName": file_name, "fileType": file_type, **request}
        ticket = (await self.call("POST", "/images/upload-url", body, user=user)).data
        assert ticket["expiresIn"] == 300
        if ticket["method"] == "PUT":
            answer = await self.fetch("PUT", ticket["uploadUrl"], data=content, headers=ticket["headers"])
            assert answer.status == 200, answer.body
        else:
            form = aiohttp.FormData(ticket["fields"])
            form.add_field("file", content, filename=file_name)
            answer = await self.fetch("POST", ticket["uploadUrl"], data=form)
            assert answer.status == 204, answer.body
        key: str = ticket["imageKey"]
        return key

    async def complete(self, user: User, key: str, **body: Any) -> Answer:
        """Complete an upload."""
        return await self.call("POST", "/images/upload-complete", {"imageKey": key, **body}, user=user)
