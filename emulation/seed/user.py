"""A user for a test: registered, verified and signed in through the front door, with guitars if some are wanted."""

import secrets
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from yarl import URL

from emulation.seed.account import new_password
from emulation.seed.collection import COLLECTION
from emulation.seed.front_door import FrontDoor


class NewUser(BaseModel):
    """What may be said of the user; the rest is made up. `guitars` is how many of the demo collection it owns."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    email: str = Field(default_factory=lambda: f"user-{secrets.token_hex(8)}@example.com")
    password: str = Field(default_factory=new_password)
    name: str = "Test User"
    guitars: int = Field(default=0, ge=0, le=len(COLLECTION))


async def make_user(door: FrontDoor, own_url: str, wanted: NewUser) -> dict[str, Any]:
    """The account with its tokens and guitars, as the API answered them; raises SeedError on a refusal.

    `own_url` is where the front door answers here; the mailed link has the address that a browser uses.
    """
    registration = {"email": wanted.email, "password": wanted.password, "name": wanted.name}
    seen = await door.count_mails(wanted.email)
    registered = await door.call("POST", "/auth/register", registration)
    mail = await door.wait_for_mail(wanted.email, seen)
    await door.open_link(own_url + URL(mail["links"][0]).raw_path_qs)
    tokens = await door.call("POST", "/auth/login", {"email": wanted.email, "password": wanted.password})
    door.token = tokens["accessToken"]
    guitars = [await door.call("POST", "/guitars", demo.attributes) for demo in COLLECTION[: wanted.guitars]]
    return {**registration, "userId": registered["userId"], **tokens, "guitars": guitars}
