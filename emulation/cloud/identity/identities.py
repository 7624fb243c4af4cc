"""Who may call the local cloud: the developer, the CDN, and each function of the template with its role."""

from collections.abc import Iterable
from dataclasses import dataclass

from emulation.applier import Role, Statement
from emulation.cloud.identity.policy import EVERYTHING, Policy
from emulation.settings import ACCOUNT_ID, CDN_ACCESS_KEY, DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY


@dataclass(frozen=True)
class Identity:
    """A caller by its access key, `name`; `arn` is how AWS words it in a refusal."""

    name: str
    arn: str
    policy: Policy
    # One for all: it keeps nobody out, as the local cloud listens on loopback only. It makes signatures verifiable.
    secret: str = DEVELOPER_SECRET_KEY


class Identities:
    """The identities by access key. Until the stack is applied, only the developer is one."""

    def __init__(self) -> None:
        developer = Identity(
            DEVELOPER_ACCESS_KEY, f"arn:aws:iam::{ACCOUNT_ID}:user/{DEVELOPER_ACCESS_KEY}", Policy([EVERYTHING])
        )
        self._developer = developer
        self._by_key = {developer.name: developer}

    def find(self, access_key: str) -> Identity | None:
        """The identity that signs with an access key."""
        return self._by_key.get(access_key)

    def assume(self, roles: Iterable[Role], cdn_statements: Iterable[Statement]) -> None:
        """Know the functions' roles, and what the bucket policies let the CDN do, in place of those before.

        An access key is a logical id.
        """
        cdn = Identity(CDN_ACCESS_KEY, f"arn:aws:iam::{ACCOUNT_ID}:user/{CDN_ACCESS_KEY}", Policy(cdn_statements))
        functions = [Identity(role.function, role.arn, Policy(role.statements)) for role in roles]
        self._by_key = {one.name: one for one in (self._developer, cdn, *functions)}
