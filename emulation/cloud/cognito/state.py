"""What Cognito keeps beside moto's user pools: plain data that can be pickled."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from emulation.cloud.book import Book


@dataclass
class SigningKey:
    """An RSA key of one pool, as PKCS 8 PEM."""

    kid: str
    pem: bytes


@dataclass
class MailedCode:
    """A code on its way to `address`."""

    text: str
    address: str
    issued_at: datetime


@dataclass
class Failures:
    """Wrong answers in a row. `attempted_at` also moves with attempts that are turned away unread."""

    count: int = 0
    failed_at: datetime | None = None
    attempted_at: datetime | None = None


@dataclass
class Authenticator:
    """A user's TOTP secrets in base 32: the one asked for last, and the one that was shown to work."""

    offered: str = ""
    secret: str = ""
    device_name: str = ""
    used_step: int = 0


@dataclass
class UserRecord:
    """One user's codes by purpose, times of requests by action, failures and authenticator."""

    codes: dict[str, MailedCode] = field(default_factory=dict)
    requests: dict[str, list[datetime]] = field(default_factory=dict)
    wrong_passwords: Failures = field(default_factory=Failures)
    wrong_mfa_codes: Failures = field(default_factory=Failures)
    authenticator: Authenticator = field(default_factory=Authenticator)


@dataclass
class Session:
    """The time between a challenge and its answer."""

    challenge: str
    user_id: str
    client_id: str
    opened_at: datetime
    used: bool = False


@dataclass
class Family:
    """All tokens that descend from one sign-in; they share `origin_jti`, and the first one's expiry.

    `access_tokens` holds the time of issue by `jti`: the claim `iat` only knows whole seconds.
    """

    origin_jti: str
    event_id: str
    user_id: str
    client_id: str
    signed_in_at: datetime
    lifetime: timedelta
    revoked: bool = False
    refresh_tokens: list[str] = field(default_factory=list)
    access_tokens: dict[str, datetime] = field(default_factory=dict)


@dataclass
class RefreshToken:
    """One refresh token of a family; `rotated_at` is when it was first exchanged for a newer one."""

    origin_jti: str
    rotated_at: datetime | None = None


@dataclass
class PoolState:
    """One pool's keys by token use, its users' records by `sub`, sessions, and the tokens it gave out."""

    keys: dict[str, SigningKey] = field(default_factory=dict)
    users: Book[UserRecord] = field(default_factory=Book)
    sessions: Book[Session] = field(default_factory=Book)
    families: Book[Family] = field(default_factory=Book)
    refresh_tokens: Book[RefreshToken] = field(default_factory=Book)


@dataclass
class CognitoState:
    """The state of every pool by its id."""

    pools: dict[str, PoolState] = field(default_factory=dict)
