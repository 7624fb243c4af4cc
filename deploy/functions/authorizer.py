"""Lambda: the authorizer of the HTTP API. No AWS SDK, so that it starts fast in its 128 MB."""

import os
from functools import cached_property
from typing import Any

from server.authorizer import Authorizer
from server.aws.cognito_http import CognitoHttp
from server.clock import Clock, SystemClock
from server.settings import read_settings

# The X-Amzn-Trace-Id of an invocation; the runtime sets it anew for each.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
TRACE_VARIABLE = "_X_AMZN_TRACE_ID"
REQUIRED = ("AWS_REGION", "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID")


class AuthorizerEntry:
    """A Lambda handler; the pool's keys are kept between invocations."""

    def __init__(self) -> None:
        self.clock: Clock = SystemClock()

    def __call__(self, event: dict[str, Any], _context: object) -> dict[str, Any]:
        """The decision on an authorizer event; raises when Cognito cannot be reached, which API Gateway answers."""
        return self._authorizer.authorize(event)

    @cached_property
    def _authorizer(self) -> Authorizer:
        settings = read_settings(os.environ, REQUIRED)
        cognito = CognitoHttp(settings.cognito_endpoint, settings.user_pool_id, _trace)
        return Authorizer(settings, cognito, self.clock)


def _trace() -> str:
    return os.environ.get(TRACE_VARIABLE, "")


handler = AuthorizerEntry()
