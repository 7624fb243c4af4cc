"""Lets a request to a service that speaks JSON pass, or refuses it: first who signed it, then what they may."""

from collections.abc import Mapping
from typing import Any

from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import Request
from emulation.cloud.identity.calls import Calls
from emulation.cloud.identity.identities import Identities, Identity
from emulation.cloud.identity.permissions import Permission, needed_permissions, needs_signature
from emulation.cloud.identity.policy import Decision
from emulation.cloud.identity.signatures import authenticate
from emulation.cloud.operations import Operation
from server.clock import Clock


class Authorization:
    """The check in front of DynamoDB, its streams and Cognito."""

    def __init__(self, identities: Identities, calls: Calls, clock: Clock) -> None:
        self._identities = identities
        self._calls = calls
        self._clock = clock

    def check(self, operation: Operation, request: Request, body: Mapping[str, Any]) -> None:
        """Raises AwsError: the refusal of a signature, or AccessDeniedException."""
        if not needs_signature(operation):
            return
        identity = authenticate(request, operation.service, self._identities, self._clock)
        for permission in needed_permissions(operation, body):
            decision = identity.policy.decide(*permission)
            allowed = decision is Decision.ALLOW
            self._calls.record(identity.name, permission.action, permission.resource, allowed)
            if not allowed:
                raise access_denied(identity, permission, decision)


def access_denied(identity: Identity, permission: Permission, decision: Decision) -> AwsError:
    """The refusal as most services word it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    action, resource = permission
    reason = (
        "with an explicit deny in an identity-based policy"
        if decision is Decision.EXPLICIT_DENY
        else f"because no identity-based policy allows the {action} action"
    )
    message = f"User: {identity.arn} is not authorized to perform: {action} on resource: {resource} {reason}"
    return AwsError("AccessDeniedException", message)
