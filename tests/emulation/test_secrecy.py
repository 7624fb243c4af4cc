"""What no log may hold, and no stranger reach: a journey through everything secret, on a stack of its own."""

import json
import os
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from emulation.commands.ports import find_stack_ports
from emulation.settings import ROOT
from tests.api.client import Api, Target, User
from tests.api.request_log import recorded
from tests.authenticator import totp
from tests.emulation.command_stack import Stack
from tests.photographs import encode, marked

LISTEN = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A stack of processes that is up."""
    folder = tmp_path_factory.mktemp("secrecy")
    own = {**find_stack_ports(), "LOCAL_DIR": str(folder), "STACK": "processes"}
    stack = Stack(folder, {"PATH": os.environ["PATH"], **own})
    try:
        for _ in range(3):
            # A busy machine may start it too slowly for the command's patience; what has started stays up.
            if (await stack.run("up")).code == 0:
                break
        yield stack
    finally:
        await stack.run("down")


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[Api]:
    ports = [stack.environ[name] for name in ("API_PORT", "FRONT_DOOR_PORT", "AWS_PORT")]
    async with aiohttp.ClientSession() as session:
        yield Api(session, Target(*(f"http://localhost:{port}" for port in ports)))


@dataclass
class Secrets:
    """Values that are there once in the world, by what they are."""

    known: dict[str, str] = field(default_factory=dict)

    def keep(self, what: str, value: str) -> str:
        assert len(value) >= 6, what
        self.known[what] = value
        return value

    def mark(self, what: str) -> str:
        """A value of our own."""
        return self.keep(what, f"mark{secrets.token_hex(10)}")


async def go_everywhere(api: Api, marks: Secrets) -> None:
    """Each request that carries something secret, as it should be and as it should not."""
    user = await api.register()
    user.password = marks.keep("password", user.password)
    mail = await api.last_mail(user.email)
    marks.keep("link of a mail", mail["links"][0].partition("confirmation_code=")[2].partition("&")[0])
    marks.keep("text of a mail", mail["text"][:60])
    await api.verify(user)
    await api.login(user)
    keep_tokens(marks, "first", user)
    wrong = marks.mark("wrong password")
    for body in (
        {"email": user.email, "password": wrong},
        {"email": user.email, "password": [marks.mark("password in a list")]},
        {"email": "no address", "password": marks.mark("password of nobody"), "x": 1},
    ):
        for base in (api.target.api_url, f"{api.target.front_door_url}/api"):
            assert (await api.call("POST", "/auth/login", body, base=base)).status in (400, 401)
    refreshed = (await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})).data
    api.keep_tokens(user, refreshed)
    keep_tokens(marks, "second", user)
    made_up = f"Bearer {marks.mark('made-up token')}"
    assert (await api.call("GET", "/guitars", headers={"Authorization": made_up})).status == 401
    assert (await api.call("GET", f"/guitars?token={marks.mark('token in a query')}", user=user)).status == 400
    await reset_password(api, marks, user)
    await use_mfa(api, marks, user)
    await keep_private(api, marks, user)
    assert (await api.call("POST", "/auth/logout", {"refreshToken": user.refresh_token})).status == 200


def keep_tokens(marks: Secrets, which: str, user: User) -> None:
    for kind, token in (("access", user.access_token), ("id", user.id_token), ("refresh", user.refresh_token)):
        # A token's head is the same for all; its end is its own.
        marks.keep(f"{which} {kind} token", token[-60:])


async def reset_password(api: Api, marks: Secrets, user: User) -> None:
    await api.call("POST", "/auth/forgot-password", {"email": user.email})
    code = (await api.last_mail(user.email, 2))["codes"][0]
    user.password = f"Aa1!{marks.mark('new password')}"
    body = {"email": user.email, "code": code, "newPassword": user.password}
    wrong = {**body, "code": "000000" if code != "000000" else "111111"}
    assert (await api.call("POST", "/auth/reset-password", wrong)).status == 400
    assert (await api.call("POST", "/auth/reset-password", body)).status == 200
    # Six digits may stand in a time by chance: in quotes, as a value, they would not.
    marks.keep("code of a mail", f'"{code}"')
    await api.login(user)
    keep_tokens(marks, "third", user)


async def use_mfa(api: Api, marks: Secrets, user: User) -> None:
    setup = (await api.call("POST", "/user/mfa", user=user)).data
    marks.keep("secret of an authenticator", setup["secret"])
    code = totp(setup["secret"])
    marks.keep("code of an authenticator", f'"{code}"')
    assert (await api.call("PUT", "/user/mfa", {"code": code}, user=user)).status == 200
    challenge = (await api.call("POST", "/auth/login", {"email": user.email, "password": user.password})).data
    marks.keep("session of a challenge", challenge["session"][-40:])
    body = {"email": user.email, "session": challenge["session"], "mfaCode": "000000"}
    assert (await api.call("POST", "/auth/login", body)).status in (400, 401)
    assert (await api.call("DELETE", "/user/mfa", user=user)).status == 200


async def keep_private(api: Api, marks: Secrets, user: User) -> None:
    price = marks.keep("price", str(10**11 + secrets.randbelow(10**10)))
    private: dict[str, Any] = {
        "serialNumber": marks.mark("serial number"),
        "purchasePrice": int(price),
        "currentValue": int(marks.keep("value", str(10**11 + secrets.randbelow(10**10)))),
        "insuranceInfo": marks.mark("insurance"),
        "purchaseLocation": marks.mark("place"),
    }
    guitar = await api.new_guitar(user, privateInfo=private)
    path = f"/guitars/{guitar['guitarId']}"
    for base in (api.target.api_url, f"{api.target.front_door_url}/api"):
        change = {"privateInfo": {"serialNumber": marks.mark(f"new serial number by {base}")}}
        assert (await api.call("PUT", path, change, user=user, base=base)).status == 200
        wrong: Any = {"privateInfo": {"purchasePrice": marks.mark(f"price as text by {base}")}}
        assert (await api.call("PUT", path, wrong, user=user, base=base)).status == 400
    for method in ("PUT", "POST"):
        request = {"fileName": "a.jpg", "fileType": "image/jpeg", "purpose": "receipt", "method": method}
        ticket = (await api.call("POST", "/images/upload-url", request, user=user)).data
        signature = ticket["uploadUrl"].partition("X-Amz-Signature=")[2].partition("&")[0]
        signature = signature or ticket["fields"]["x-amz-signature"]
        marks.keep(f"signature of a {method}", signature)
        photo = encode(marked((64, 48)), "JPEG")
        if method == "PUT":
            await api.fetch("PUT", ticket["uploadUrl"], data=photo, headers=ticket["headers"])
        else:
            form = aiohttp.FormData(ticket["fields"])
            form.add_field("file", photo, filename="a.jpg")
            await api.fetch("POST", ticket["uploadUrl"], data=form)
        done = (await api.complete(user, ticket["imageKey"], guitarId=guitar["guitarId"])).data
        marks.keep(
            f"signature of a receipt after {method}",
            done["imageUrl"].partition("X-Amz-Signature=")[2].partition("&")[0],
        )
        assert (await api.fetch("GET", done["imageUrl"])).status == 200
        assert (await api.fetch("GET", f"{done['imageUrl']}x")).status == 403


async def test_nothing_secret_is_in_any_log_of_any_part(stack: Stack, api: Api) -> None:
    marks = Secrets()
    await go_everywhere(api, marks)
    requests = await read_request_log(api)
    shown = json.loads(requests)["requests"]
    logs = {"the request log": requests.decode(), "just logs": (await stack.run("logs")).out}
    logs |= {path.name: path.read_text() for path in (stack.folder / "logs").iterdir()}

    assert len(shown) > 30
    assert {"api.log", "cloud.log", "edge.log"} <= logs.keys()
    found = [(what, where) for what, value in marks.known.items() for where, text in logs.items() if value in text]
    assert found == []


async def read_request_log(api: Api) -> bytes:
    """All of it, once every part has told of the last request: a part tells later than it answers, and in order."""
    url = f"{api.target.front_door_url}/_local/requests"
    path = f"/health?last={secrets.token_hex(4)}"
    await api.fetch("GET", f"{api.target.front_door_url}/api{path}")
    await recorded(api, "edge", "api", path=path)
    return (await api.fetch("GET", url, params={"limit": "1000"})).body


async def test_no_answer_to_a_mistake_repeats_a_secret(api: Api) -> None:
    user = await api.new_user()
    secret = f"mark{secrets.token_hex(10)}"
    for method, path, body in (
        ("POST", "/auth/login", {"email": user.email, "password": [secret]}),
        ("POST", "/auth/register", {"email": user.email, "password": secret, "name": 1}),
        ("POST", "/auth/reset-password", {"email": user.email, "code": secret, "newPassword": secret}),
        ("POST", "/auth/refresh", {"refreshToken": secret}),
        ("PUT", "/user/mfa", {"code": secret}),
        ("POST", "/guitars", {"brand": "a", "model": "b", "privateInfo": {"purchasePrice": secret}}),
        ("POST", "/guitars", {"brand": "a", "model": "b", "privateInfo": {"serialNumber": [secret]}}),
    ):
        answer = await api.call(method, path, body, user=user)
        assert answer.status in (400, 401), path
        assert secret.encode() not in answer.body, path


async def test_every_port_of_the_stack_listens_on_loopback_only(stack: Stack) -> None:
    ports = {int(stack.environ[name]) for name in ("FRONT_DOOR_PORT", "API_PORT", "AWS_PORT")}

    found = [listener for pid in stack.pids() for listener in _listeners_of(pid)]

    assert {port for _, port in found} == ports
    assert {address for address, _ in found} <= LOOPBACK


def test_containers_publish_their_ports_on_loopback_only() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    published = [port for service in services.values() for port in service.get("ports", [])]

    assert len(published) == 3
    assert all(port.startswith("127.0.0.1:") for port in published)


def _listeners_of(pid: int) -> list[tuple[str, int]]:
    """The addresses, as Linux writes them, and ports on which a process listens."""
    inodes = _sockets_of(pid)
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    local = [row[1].split(":") for row in rows if row[3] == LISTEN and row[9] in inodes]
    return [(address, int(port, 16)) for address, port in local]


def _sockets_of(pid: int) -> set[str]:
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        # A file may be closed between the two looks.
        with suppress(FileNotFoundError):
            match = re.fullmatch(r"socket:\[(\d+)\]", str(link.readlink()))
            inodes |= {match[1]} if match else set()
    return inodes
