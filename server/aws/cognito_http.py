"""The two questions that the authorizer has for Cognito, asked without an AWS SDK, so that it starts fast."""

import http.client
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 1.0
# As the SDKs do, which ask three times: a lost packet or a 5xx is no outage yet. Of the function's three seconds a
# second question has room, a third has none.
ATTEMPTS = 2
# What GetUser answers for a token that does not stand any more.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
_FALLEN = frozenset(
    {
        "NotAuthorizedException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "PasswordResetRequiredException",
        "InvalidParameterException",
        "ResourceNotFoundException",
    }
)


class CognitoUnreachableError(Exception):
    """Cognito gave no usable answer: an outage, which must never be taken for a bad token."""


class CognitoHttp:
    """Cognito's endpoint for one user pool. Blocking: each attempt takes a connection of its own.

    `trace` gives the X-Amzn-Trace-Id of the work under way, which the SDKs would send; empty when there is none.
    """

    def __init__(
        self,
        endpoint: str,
        user_pool_id: str,
        trace: Callable[[], str] = str,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._endpoint = urlsplit(endpoint)
        self._user_pool_id = user_pool_id
        self._trace = trace
        self._timeout_seconds = timeout_seconds

    def fetch_keys(self) -> list[dict[str, Any]]:
        """The pool's public keys (JWKs); raises CognitoUnreachableError."""
        status, answer = self._ask("GET", f"/{self._user_pool_id}/.well-known/jwks.json")
        keys = answer.get("keys")
        if status != 200 or not isinstance(keys, list):
            raise CognitoUnreachableError(f"the keys were answered with {status}")
        return keys

    def token_stands(self, access_token: str) -> bool:
        """Whether Cognito still accepts an access token; raises CognitoUnreachableError."""
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser",
        }
        status, answer = self._ask("POST", "/", json.dumps({"AccessToken": access_token}), headers)
        if status == 200:
            return True
        if status == 400 and str(answer.get("__type", "")).rpartition("#")[2] in _FALLEN:
            return False
        raise CognitoUnreachableError(f"GetUser was answered with {status}")

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        for _ in range(ATTEMPTS - 1):
            with suppress(CognitoUnreachableError):
                return self._ask_once(method, path, body, headers or {})
        return self._ask_once(method, path, body, headers or {})

    def _ask_once(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        secure = self._endpoint.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connect(self._endpoint.netloc, timeout=self._timeout_seconds)
        try:
            trace = self._trace()
            traced = {"X-Amzn-Trace-Id": trace} if trace else {}
            connection.request(method, path, body, {**headers, **traced})
            answer = connection.getresponse()
            value = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CognitoUnreachableError(str(error)) from error
        finally:
            connection.close()
        if answer.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CognitoUnreachableError(f"{path} was answered with {answer.status}")
        return answer.status, value if isinstance(value, dict) else {}
