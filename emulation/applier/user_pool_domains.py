"""AWS::Cognito::UserPoolDomain.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpooldomain.html
"""

from typing import Any

from emulation.applier.clients import Clients
from emulation.applier.kind import ApplyError, Honoured, Properties, PropertyTable

PROPERTIES: PropertyTable = {
    "Domain": Honoured(fixed=True),
    "UserPoolId": Honoured(fixed=True),
}


class UserPoolDomains:
    """The domains of user pools, named by their `Domain`."""

    properties = PROPERTIES

    def find(self, aws: Clients, wanted: Properties) -> str | None:
        """The domain if it is there."""
        return str(wanted["Domain"]) if self._describe(aws, wanted["Domain"]) else None

    def create(self, aws: Clients, wanted: Properties) -> str:
        """Create the domain."""
        aws.cognito.create_user_pool_domain(Domain=wanted["Domain"], UserPoolId=wanted["UserPoolId"])
        return str(wanted["Domain"])

    def read(self, aws: Clients, key: str) -> dict[str, Any]:
        """The domain and its pool."""
        found = self._describe(aws, key)
        return {name: found.get(name) for name in PROPERTIES}

    def update(self, aws: Clients, key: str, wanted: Properties, changed: frozenset[str]) -> None:
        """Nothing about a domain may change."""

    def attributes(self, aws: Clients, key: str) -> dict[str, str]:  # noqa: ARG002
        """The domain's first part."""
        return {"Ref": key}

    def verify(self, aws: Clients, key: str) -> None:
        """Raises when the domain is gone."""
        if not self._describe(aws, key):
            raise ApplyError(f"The user pool domain {key} is gone.")

    def _describe(self, aws: Clients, domain: str) -> dict[str, Any]:
        # Cognito answers an unknown domain with an empty description.
        description: dict[str, Any] = aws.cognito.describe_user_pool_domain(Domain=domain)["DomainDescription"]
        return description
