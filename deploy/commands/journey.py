"""A journey through a deployment, as a user takes it, and what it needs of AWS beside the API."""

import asyncio
import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from botocore.exceptions import ClientError
from PIL import Image

from deploy.commands.errors import CommandError
from deploy.commands.stack import Deployment

# The mailbox simulator of AWS takes what is sent to it, and nobody reads it; what follows the plus is free.
# https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
ADDRESS = "success+{label}@simulator.amazonses.com"
CLEANED_WITHIN_SECONDS = 120.0
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Clients:
    """Synchronous clients of AWS, with the deployer's rights."""

    cognito: Any
    dynamodb: Any
    s3: Any


@dataclass(frozen=True)
class Answer:
    """An answer; `json` is None when the body is none."""

    status: int
    headers: Mapping[str, str]
    json: Any


class Journey:
    """One user's journey. Each step raises CommandError when it does not go as it should."""

    def __init__(self, session: aiohttp.ClientSession, deployment: Deployment, clients: Clients) -> None:
        self._session = session
        self._deployment = deployment
        self._clients = clients
        self._email = ADDRESS.format(label=f"smoke-{secrets.token_hex(6)}")
        self._password = f"Aa1!{secrets.token_urlsafe(16)}"
        self._user_id = ""
        self._token = ""
        self._guitar_id = ""

    async def is_refused_in_the_envelope(self) -> None:
        """A request without a token gets our words through the distribution: its function added the header."""
        answer = await self._fetch("GET", f"{self._deployment.cdn_url}/api/guitars")
        if answer.json == {"message": "Unauthorized"}:
            raise CommandError(
                "Without a token, the distribution answers in API Gateway's words: "
                "the header that its function adds does not reach the API."
            )
        _expect(answer, 401, "a request without a token through the distribution")
        if (answer.json or {}).get("error", {}).get("code") != "AUTH_UNAUTHORIZED":
            raise CommandError(f"Without a token, the distribution answers {answer.json!r}, not AUTH_UNAUTHORIZED.")

    async def is_refused_by_the_gateway(self) -> None:
        """Past the distribution, API Gateway refuses a request without a token itself."""
        answer = await self._fetch("GET", f"{self._deployment.api_url}/guitars")
        _expect(answer, 401, "a request without a token at the API")
        if answer.json != {"message": "Unauthorized"}:
            raise CommandError(f"Without a token, the API answers {answer.json!r}, not in API Gateway's words.")

    async def registers(self) -> None:
        """An account, whose address the deployer confirms."""
        body = {"email": self._email, "password": self._password, "name": "Smoke Test"}
        self._user_id = (await self._call("POST", "/auth/register", body, status=201))["userId"]
        await asyncio.to_thread(
            self._clients.cognito.admin_confirm_sign_up,
            UserPoolId=self._deployment.user_pool_id,
            Username=self._email,
        )

    async def signs_in(self) -> None:
        """Tokens."""
        body = {"email": self._email, "password": self._password}
        self._token = (await self._call("POST", "/auth/login", body))["accessToken"]

    async def has_a_profile(self) -> None:
        """The PostConfirmation function, or the first reading, wrote it."""
        profile = await self._call("GET", "/user/profile")
        if (profile["email"], profile["name"]) != (self._email, "Smoke Test"):
            raise CommandError(f"The profile is another one: {profile!r}.")

    async def adds_a_guitar(self) -> None:
        """A guitar that is read back as it was written, its price to the cent."""
        body = {"brand": "Fender", "model": "Telecaster", "privateInfo": {"purchasePrice": 1999.95}}
        self._guitar_id = (await self._call("POST", "/guitars", body, status=201))["guitarId"]
        guitar = await self._call("GET", f"/guitars/{self._guitar_id}")
        if guitar["privateInfo"]["purchasePrice"] != 1999.95:
            raise CommandError(f"The guitar came back changed: {guitar!r}.")

    async def uploads_a_picture(self) -> None:
        """A picture goes straight to S3, is processed, and its thumbnail comes from the distribution."""
        picture = _draw_picture()
        request = {"fileName": "guitar.jpg", "fileType": "image/jpeg", "fileSize": len(picture)}
        ticket = await self._call("POST", "/images/upload-url", request)
        stored = await self._fetch("PUT", ticket["uploadUrl"], data=picture, headers=ticket["headers"])
        _expect(stored, 200, "the upload to S3")
        completion = {"imageKey": ticket["imageKey"], "guitarId": self._guitar_id}
        completed = await self._call("POST", "/images/upload-complete", completion)
        thumbnail = await self._fetch("GET", completed["thumbnailUrl"])
        _expect(thumbnail, 200, "the thumbnail from the distribution")
        kind, cached = thumbnail.headers.get("Content-Type"), thumbnail.headers.get("Cache-Control", "")
        if kind != "image/webp" or "immutable" not in cached:
            raise CommandError(f"The thumbnail came as {kind}, to be cached {cached!r}.")

    async def deletes_the_guitar(self) -> None:
        """The guitar is gone at once, its pictures once the cleanup function has followed the stream."""
        await self._call("DELETE", f"/guitars/{self._guitar_id}")
        if not await self._until(self._has_no_pictures, CLEANED_WITHIN_SECONDS):
            raise CommandError(
                f"The pictures of a deleted guitar are still there after {CLEANED_WITHIN_SECONDS:.0f} s."
            )

    async def leaves(self) -> None:
        """The account is gone: its password opens nothing any more."""
        await self._call("DELETE", "/user")
        body = {"email": self._email, "password": self._password}
        answer = await self._fetch("POST", f"{self._deployment.cdn_url}/api/auth/login", json=body)
        _expect(answer, 401, "signing in to a deleted account")
        self._user_id = ""

    async def clean_up(self) -> None:
        """Remove what a journey that broke off left behind; the cleanup function removes guitars and pictures."""
        if not self._user_id:
            return
        for remove, arguments in (
            (
                self._clients.cognito.admin_delete_user,
                {"UserPoolId": self._deployment.user_pool_id, "Username": self._email},
            ),
            (
                self._clients.dynamodb.delete_item,
                {"TableName": self._deployment.users_table, "Key": {"userId": {"S": self._user_id}}},
            ),
        ):
            try:
                await asyncio.to_thread(remove, **arguments)
            except ClientError as error:
                if error.response["Error"]["Code"] != "UserNotFoundException":
                    raise CommandError(f"The account {self._email} could not be removed: {error}") from error

    async def _has_no_pictures(self) -> bool:
        found = await asyncio.to_thread(
            self._clients.s3.list_object_versions,
            Bucket=self._deployment.images_bucket,
            Prefix=f"images/{self._user_id}/",
        )
        return not found.get("Versions") and not found.get("DeleteMarkers")

    async def _until(self, holds: Callable[[], Any], seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not await holds():
            if loop.time() > deadline:
                return False
            await asyncio.sleep(_PAUSE_SECONDS)
        return True

    async def _call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The data of a successful answer of the API, through the distribution."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = f"{self._deployment.cdn_url}/api{path}"
        answer = await self._fetch(method, url, headers=headers, **({} if body is None else {"json": body}))
        _expect(answer, status, f"{method} {path}")
        return answer.json["data"]

    async def _fetch(self, method: str, url: str, **options: Any) -> Answer:
        try:
            async with self._session.request(method, url, allow_redirects=False, **options) as answer:
                is_json = answer.content_type == "application/json"
                body = await answer.read()
                return Answer(answer.status, answer.headers, await answer.json() if is_json and body else None)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CommandError(f"{method} {url} got no answer: {type(error).__name__} {error}") from error


def _expect(answer: Answer, status: int, what: str) -> None:
    if answer.status != status:
        told = "" if answer.json is None else f": {answer.json!r}"
        raise CommandError(f"The answer to {what} was {answer.status}, not {status}{told}.")


def _draw_picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "peru").save(content, "JPEG")
    return content.getvalue()
