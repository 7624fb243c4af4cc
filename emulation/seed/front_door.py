"""The running stack as a frontend sees it: the API, the storage it names, and the mailbox."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from server.exact_json import encode

_MAIL_ATTEMPTS = 50
_MAIL_PAUSE_SECONDS = 0.1
# What the front door and the API answer for a part that does not.
AWAY = frozenset((HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT))


class SeedError(Exception):
    """The stack did not answer as it should; the text says to what, and how."""


class SeedAbsentError(SeedError):
    """Nobody is there, or not everybody."""

    def __init__(self, url: str) -> None:
        super().__init__(f"The stack does not answer at {url}: uv run just up")


@dataclass(frozen=True)
class Answer:
    """An answer of the API: `data` of a success, `code` of an error."""

    status: int
    data: Any
    code: str = ""


class FrontDoor:
    """Calls the stack; after `token` is set, as its user."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self.token: str | None = None

    async def try_call(self, method: str, path: str, body: Any = None) -> Answer:
        """Any answer of the API; raises SeedError when it is none of the API's, or says that a part is away."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else encode(body)
        async with self._session.request(method, f"{self._url}/api{path}", data=data, headers=headers) as response:
            self._check_presence(response)
            text = await response.text()
        try:
            envelope = json.loads(text)
            if envelope["success"]:
                return Answer(response.status, envelope["data"])
            return Answer(response.status, None, envelope["error"]["code"])
        except (ValueError, KeyError, TypeError) as error:
            told = f"{response.status} with {response.content_type} that is not the API's"
            raise SeedError(f"{method} {path} answered {told}.") from error

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The data of a success; raises SeedError on every other answer."""
        answer = await self.try_call(method, path, body)
        if answer.code:
            raise SeedError(f"{method} {path} answered {answer.status} {answer.code}")
        return answer.data

    async def upload(self, file_name: str, content_type: str, content: bytes, purpose: str) -> str:
        """Upload a file as a browser does; returns its key."""
        asked = {"fileName": file_name, "fileType": content_type, "fileSize": len(content), "purpose": purpose}
        ticket = await self.call("POST", "/images/upload-url", asked)
        headers: Mapping[str, str] = ticket["headers"]
        async with self._session.put(ticket["uploadUrl"], data=content, headers=headers) as response:
            if response.status != HTTPStatus.OK:
                raise SeedError(f"The upload of {file_name} answered {response.status}: {await response.text()}")
        return str(ticket["imageKey"])

    async def open_link(self, url: str) -> None:
        """Follow a link of a mail."""
        async with self._session.get(url) as response:
            if response.status != HTTPStatus.OK:
                raise SeedError(f"The link of the mail answered {response.status}")

    async def count_mails(self, email: str) -> int:
        """How many mails the address has got."""
        return len(await self._mails(email))

    async def wait_for_mail(self, email: str, seen: int) -> Any:
        """The last mail to an address, once it has more than `seen`; raises SeedError when none comes."""
        for _ in range(_MAIL_ATTEMPTS):
            mails = await self._mails(email)
            if len(mails) > seen:
                return mails[-1]
            await asyncio.sleep(_MAIL_PAUSE_SECONDS)
        raise SeedError(f"No mail came for {email}")

    async def _mails(self, email: str) -> list[Any]:
        async with self._session.get(f"{self._url}/_local/mail", params={"to": email}) as response:
            self._check_presence(response)
            if response.status != HTTPStatus.OK:
                raise SeedError(f"The mailbox answered {response.status}")
            return list(await response.json())

    def _check_presence(self, response: aiohttp.ClientResponse) -> None:
        if response.status in AWAY:
            raise SeedAbsentError(self._url)
