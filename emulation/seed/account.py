"""The demo account: its password is made on the first day and kept beside the stack's state."""

import json
import secrets
import string
from dataclasses import asdict, dataclass
from pathlib import Path

from emulation.seed.front_door import FrontDoor, SeedError
from emulation.whole_file import write_whole

EMAIL = "demo@example.com"
NAME = "Demo Collector"
_FILE = "seed.json"
_SYMBOLS = "!#%+-=?@"


@dataclass(frozen=True)
class Account:
    """What signs in to the demo collection."""

    email: str
    password: str


def read_account(local_dir: Path) -> Account:
    """The account kept in a folder, or a new one, kept there before it is used anywhere."""
    path = local_dir / _FILE
    if path.exists():
        kept = json.loads(path.read_text())
        return Account(kept["email"], kept["password"])
    account = Account(EMAIL, new_password())
    write_whole(path, json.dumps(asdict(account), indent=2) + "\n", mode=0o600)
    return account


def new_password() -> str:
    """20 characters, of each kind that the pool's policy asks for."""
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, _SYMBOLS)
    characters = [secrets.choice(kind) for kind in kinds]
    characters += [secrets.choice("".join(kinds)) for _ in range(16)]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


async def sign_in(door: FrontDoor, account: Account) -> None:
    """Sign in, whatever the stack still knows of the account: nothing, an old password, or all."""
    credentials = {"email": account.email, "password": account.password}
    answer = await door.try_call("POST", "/auth/login", credentials)
    if answer.code == "AUTH_INVALID_CREDENTIALS":
        await _register(door, account)
    elif answer.code == "AUTH_USER_NOT_CONFIRMED":
        await _verify(door, account)
    if answer.code:
        answer = await door.try_call("POST", "/auth/login", credentials)
    if answer.code:
        raise SeedError(f"{account.email} could not sign in: {answer.code}")
    door.token = answer.data["accessToken"]


async def _register(door: FrontDoor, account: Account) -> None:
    seen = await door.count_mails(account.email)
    registration = {"email": account.email, "password": account.password, "name": NAME}
    answer = await door.try_call("POST", "/auth/register", registration)
    if answer.code == "AUTH_USER_EXISTS":
        await _reset_password(door, account)
    elif answer.code:
        raise SeedError(f"{account.email} could not be registered: {answer.code}")
    else:
        mail = await door.wait_for_mail(account.email, seen)
        await door.open_link(mail["links"][0])


async def _verify(door: FrontDoor, account: Account) -> None:
    seen = await door.count_mails(account.email)
    await door.call("POST", "/auth/resend-verification", {"email": account.email})
    mail = await door.wait_for_mail(account.email, seen)
    await door.open_link(mail["links"][0])


async def _reset_password(door: FrontDoor, account: Account) -> None:
    """The account is there with a password that nobody kept."""
    seen = await door.count_mails(account.email)
    await door.call("POST", "/auth/forgot-password", {"email": account.email})
    mail = await door.wait_for_mail(account.email, seen)
    reset = {"email": account.email, "code": mail["codes"][0], "newPassword": account.password}
    await door.call("POST", "/auth/reset-password", reset)
