"""A user pool: moto's model of it, and what we keep beside."""

from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, UserStatus

from emulation.cloud.cognito.state import PoolState, UserRecord

# An attribute that moto's pool does not have: the user name under which an alias was last found.
FOUND = "names_by_alias"


def find_user(pool: CognitoIdpUserPool, username: str) -> CognitoIdpUser | None:
    """The user with this name, or with this address where addresses sign in; the case counts only if the pool says.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
    """
    sensitive = (pool.extended_config.get("UsernameConfiguration") or {}).get("CaseSensitive", True)
    aliases = pool.extended_config.get("UsernameAttributes") or []
    wanted = username if sensitive else username.casefold()

    def is_wanted(user: CognitoIdpUser) -> bool:
        names = [user.username, *(user.attribute_lookup.get(alias) or "" for alias in aliases)]
        return wanted in (names if sensitive else [name.casefold() for name in names])

    # moto changes addresses and users in many places, so that what was found before is a hint and not an index.
    found: dict[str, str] = pool.__dict__.setdefault(FOUND, {})
    user: CognitoIdpUser | None = pool.users.get(found.get(wanted, ""))
    if user is None or not is_wanted(user):
        user = next((one for one in pool.users.values() if is_wanted(one)), None)
        if user is not None:
            found[wanted] = user.username
    return user


@dataclass(frozen=True)
class Pool:
    """A pool of this region."""

    model: CognitoIdpUserPool
    state: PoolState

    @property
    def id(self) -> str:
        """Like `us-east-1_AbC123`."""
        return self.model.id

    def setting(self, name: str) -> Any:
        """A property as CreateUserPool took it; None when it was not given."""
        return self.model.extended_config.get(name)

    @property
    def signs_in_by_email(self) -> bool:
        """Whether an address is what a user signs in with."""
        return "email" in (self.setting("UsernameAttributes") or [])

    def find_user(self, username: str) -> CognitoIdpUser | None:
        """The user with this name or address."""
        return find_user(self.model, username)

    def user_with_id(self, user_id: str) -> CognitoIdpUser | None:
        """The user with this `sub`."""
        # Where addresses sign in the user's name is the sub; elsewhere it is not.
        named = self.model.users.get(user_id)
        return named or next((user for user in self.model.users.values() if user.id == user_id), None)

    def record(self, user: CognitoIdpUser) -> UserRecord:
        """What we keep about a user."""
        return self.state.users.setdefault(user.id, UserRecord())

    def delete_user(self, user: CognitoIdpUser) -> None:
        """Remove a user and what we keep about them."""
        self.model.backend.admin_delete_user(self.id, user.username)
        self.state.users.pop(user.id, None)

    def revoke_tokens(self, user: CognitoIdpUser) -> None:
        """Revoke every refresh and access token of a user."""
        for name, family in self.state.families.glance():
            if family.user_id == user.id:
                self.state.families[name].revoked = True


def status_of(user: CognitoIdpUser) -> UserStatus:
    """Where the user stands: UNCONFIRMED, CONFIRMED, RESET_REQUIRED or FORCE_CHANGE_PASSWORD."""
    return UserStatus(user.status)


def email_of(user: CognitoIdpUser) -> str:
    """The address, or nothing."""
    return str(user.attribute_lookup.get("email") or "")


def has_verified_email(user: CognitoIdpUser) -> bool:
    """Whether mail reaches the user."""
    return bool(email_of(user)) and user.attribute_lookup.get("email_verified") == "true"


def set_attributes(user: CognitoIdpUser, values: dict[str, str]) -> None:
    """Set attributes of a user."""
    user.update_attributes([{"Name": name, "Value": value} for name, value in values.items()])
