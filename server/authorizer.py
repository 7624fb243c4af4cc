"""The Lambda authorizer of the HTTP API: is this access token good, and whose is it.

It answers an IAM policy with context (payload format 2.0). The policy always allows: API Gateway's own refusals
cannot be worded on an HTTP API, so a bad token is told by a context without a `userId`, and dispatch answers 401.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import jwt

from server.caller import bearer_token
from server.clock import Clock, is_over
from server.errors import ErrorCode
from server.settings import Settings

_TOKEN_BYTES = 8192
# A stranger can make up key ids as he likes: the keys are read again for an unknown one, but not more often than this.
_KEYS_STAY = timedelta(seconds=1)


class Cognito(Protocol):
    """What the authorizer asks Cognito; both raise when there is no answer."""

    def fetch_keys(self) -> list[dict[str, Any]]:
        """The pool's public keys (JWKs)."""
        ...

    def token_stands(self, access_token: str) -> bool:
        """Whether Cognito still accepts an access token."""
        ...


class TokenError(Exception):
    """A token that is not to be accepted; `code` is what the caller is told."""

    def __init__(self, code: ErrorCode = ErrorCode.AUTH_UNAUTHORIZED) -> None:
        super().__init__(code)
        self.code = code


class SigningKeys:
    """The pool's public keys by id, read when first needed and again for an unknown id."""

    def __init__(self, fetch: Callable[[], list[dict[str, Any]]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at: datetime | None = None

    def find(self, key_id: str) -> jwt.PyJWK | None:
        """The key with that id, or None; raises what `fetch` raises."""
        if key_id not in self._keys and (self._read_at is None or self._clock.age(self._read_at) >= _KEYS_STAY):
            self._keys = {str(key["kid"]): _usable(key) for key in self._fetch()}
            self._read_at = self._clock.now()
        return self._keys.get(key_id)


class UnusableKeyError(Exception):
    """A published key that is none: Cognito's fault, and never the token's."""


def _usable(key: dict[str, Any]) -> jwt.PyJWK:
    try:
        return jwt.PyJWK(key, algorithm="RS256")
    except jwt.PyJWTError as error:
        raise UnusableKeyError(str(error)) from error


class Authorizer:
    """Verifies access tokens of one app client of one pool. Blocking."""

    def __init__(self, settings: Settings, cognito: Cognito, clock: Clock) -> None:
        self._issuer = settings.token_issuer
        self._client_id = settings.client_id
        self._asks_cognito = settings.authorizer_asks_cognito
        self._cognito = cognito
        self._clock = clock
        self._keys = SigningKeys(cognito.fetch_keys, clock)

    def authorize(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to an authorizer event; raises when keys or Cognito cannot be reached.

        A raise is a 500 that API Gateway does not cache: an outage never becomes a cached refusal.
        """
        [header] = event["identitySource"]
        try:
            claims = self._verify(header)
        except TokenError as error:
            return _policy("anonymous", {"errorCode": str(error.code)})
        context = {"userId": claims["sub"], "issuedAt": claims["iat"], "expiresAt": claims["exp"]}
        return _policy(claims["sub"], context)

    def _verify(self, header: str) -> dict[str, Any]:
        token = bearer_token(header)
        if not token or not token.isascii() or len(token) > _TOKEN_BYTES:
            raise TokenError
        claims = self._read_claims(token)
        if is_over(self._clock, claims["iat"], claims["exp"]):
            raise TokenError(ErrorCode.AUTH_TOKEN_EXPIRED)
        if self._asks_cognito and not self._cognito.token_stands(token):
            raise TokenError
        return claims

    def _read_claims(self, token: str) -> dict[str, Any]:
        """The claims of a token that this pool signed for this client as an access token, expired or not."""
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError as error:
            raise TokenError from error
        key = self._keys.find(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise TokenError
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                # Expiry is asked of the clock; a clock a moment behind Cognito's must not refuse a fresh token.
                options={
                    "verify_exp": False,
                    "verify_iat": False,
                    "require": ["sub", "iss", "iat", "exp", "token_use", "client_id"],
                },
            )
        except jwt.PyJWTError as error:
            raise TokenError from error
        if (claims["token_use"], claims["client_id"]) != ("access", self._client_id):
            raise TokenError
        if not isinstance(claims["iat"], int) or not isinstance(claims["exp"], int):
            raise TokenError
        return claims


def _policy(principal_id: str, context: dict[str, Any]) -> dict[str, Any]:
    # For all routes, as API Gateway uses a cached policy for whatever route comes next.
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
    return {
        "principalId": principal_id,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
