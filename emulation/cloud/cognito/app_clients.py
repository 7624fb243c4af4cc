"""An app client of a pool: what it allows and how long its tokens live."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPoolClient
from moto.cognitoidp.utils import check_secret_hash

from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.refusals import invalid_parameter, not_authorized

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
DEFAULT_SESSION_MINUTES = 3
DEFAULT_LIFETIMES = {"Access": timedelta(hours=1), "Id": timedelta(hours=1), "Refresh": timedelta(days=30)}
DEFAULT_UNITS = {"Access": "hours", "Id": "hours", "Refresh": "days"}


@dataclass(frozen=True)
class AppClient:
    """A client and its pool."""

    pool: Pool
    model: CognitoIdpUserPoolClient

    @property
    def id(self) -> str:
        """The client id."""
        return self.model.id

    def setting(self, name: str) -> Any:
        """A property as CreateUserPoolClient took it; None when it was not given."""
        return self.model.extended_config.get(name)

    @property
    def hides_users(self) -> bool:
        """Whether answers must not tell who has an account."""
        return bool(self.setting("PreventUserExistenceErrors") == "ENABLED")

    @property
    def rotates(self) -> bool:
        """Whether a refresh gives a new refresh token, too."""
        return bool((self.setting("RefreshTokenRotation") or {}).get("Feature") == "ENABLED")

    @property
    def grace_period(self) -> timedelta:
        """How long a rotated refresh token can still be used."""
        return timedelta(seconds=(self.setting("RefreshTokenRotation") or {}).get("RetryGracePeriodSeconds") or 0)

    @property
    def session_lifetime(self) -> timedelta:
        """How long a challenge can be answered."""
        return timedelta(minutes=self.setting("AuthSessionValidity") or DEFAULT_SESSION_MINUTES)

    def lifetime(self, kind: str) -> timedelta:
        """How long an `Access`, `Id` or `Refresh` token lives."""
        length = self.setting(f"{kind}TokenValidity")
        if not length:
            return DEFAULT_LIFETIMES[kind]
        unit = (self.setting("TokenValidityUnits") or {}).get(f"{kind}Token") or DEFAULT_UNITS[kind]
        return timedelta(**{unit: length})

    def require_flow(self, flow: str) -> None:
        """Raises InvalidParameterException when the client may not use an authentication flow."""
        flows = self.setting("ExplicitAuthFlows") or DEFAULT_FLOWS
        # The older names have no prefix, and with them refreshing is always allowed.
        older = flow == "REFRESH_TOKEN_AUTH" and not any(name.startswith("ALLOW_") for name in flows)
        # Rotation excludes the flow: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
        # API_RefreshTokenRotationType.html
        rotated = flow == "REFRESH_TOKEN_AUTH" and self.rotates
        if rotated or not (older or flow in flows or f"ALLOW_{flow}" in flows):
            raise invalid_parameter(f"{flow} flow not enabled for this client")

    def require_secret_hash(self, username: str, secret_hash: str | None) -> None:
        """Raises NotAuthorizedException when a client with a secret is used without knowing it."""
        if not self.model.generate_secret:
            return
        if not secret_hash:
            raise not_authorized(f"Client {self.id} is configured with secret but SECRET_HASH was not received")
        if not check_secret_hash(self.model.secret, self.id, username, secret_hash):
            raise not_authorized(f"SecretHash does not match for the client: {self.id}")

    def require_secret(self, secret: str | None) -> None:
        """Raises NotAuthorizedException when a client with a secret is used without it."""
        if self.model.generate_secret and not hmac.compare_digest(self.model.secret, secret or ""):
            raise not_authorized(f"Client secret does not match for the client: {self.id}")
