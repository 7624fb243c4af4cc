"""What the identity behind a request may, and how S3 says no.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
"""

from collections.abc import Iterator
from contextlib import contextmanager

from emulation.cloud.identity import Calls, Identity
from emulation.cloud.identity.policy import Decision
from emulation.cloud.s3.actions import Permission
from emulation.cloud.s3.errors import S3Error, access_denied
from emulation.cloud.s3.target import bucket_arn
from emulation.settings import CDN_ACCESS_KEY


class Permissions:
    """Asks the identities' policies, and has every question recorded."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def refusal(self, identity: Identity, permission: Permission) -> S3Error | None:
        """AccessDenied, or None when the identity may."""
        action, resource = permission
        decision = identity.policy.decide(action, resource)
        self._calls.record(identity.name, action, resource, decision is Decision.ALLOW)
        if decision is Decision.ALLOW:
            return None
        if identity.name == CDN_ACCESS_KEY:
            # CloudFront asks as a service: only who belongs to an account is told more.
            return access_denied()
        reason = (
            "with an explicit deny in an identity-based policy"
            if decision is Decision.EXPLICIT_DENY
            else f"because no identity-based policy allows the {action} action"
        )
        return access_denied(
            f'User: {identity.arn} is not authorized to perform: {action} on resource: "{resource}" {reason}'
        )

    def require(self, identity: Identity, permission: Permission) -> None:
        """Raise AccessDenied unless the identity may."""
        refusal = self.refusal(identity, permission)
        if refusal is not None:
            raise refusal

    @contextmanager
    def hiding_missing_keys(self, identity: Identity, bucket: str) -> Iterator[None]:
        """Turn NoSuchKey into AccessDenied for who may not list the bucket: they must not learn that it is missing.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        try:
            yield
        except S3Error as error:
            if error.code == "NoSuchKey":
                self.require(identity, ("s3:ListBucket", bucket_arn(bucket)))
            raise
