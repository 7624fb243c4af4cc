"""AWS::Cognito::UserPoolClient.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
"""

from typing import Any

from emulation.applier.clients import Clients
from emulation.applier.kind import Honoured, Properties, PropertyTable, given

CHANGEABLE = (
    "AccessTokenValidity",
    "AuthSessionValidity",
    "EnableTokenRevocation",
    "ExplicitAuthFlows",
    "IdTokenValidity",
    "PreventUserExistenceErrors",
    "ReadAttributes",
    "RefreshTokenRotation",
    "RefreshTokenValidity",
    "TokenValidityUnits",
    "WriteAttributes",
)
KEY_SEPARATOR = "/"

PROPERTIES: PropertyTable = {
    **{name: Honoured() for name in CHANGEABLE},
    "AuthSessionValidity": Honoured(default=3),
    "EnableTokenRevocation": Honoured(default=True),
    "RefreshTokenRotation": Honoured(default={"Feature": "DISABLED"}),
    "RefreshTokenValidity": Honoured(default=30),
    "ClientName": Honoured(fixed=True),
    "UserPoolId": Honoured(fixed=True),
    "GenerateSecret": Honoured(default=False, fixed=True),
}


class UserPoolClients:
    """App clients, found by their `ClientName` in their pool. A key is `POOL/CLIENT`."""

    properties = PROPERTIES

    def find(self, aws: Clients, wanted: Properties) -> str | None:
        """The id of the pool's first client with that name."""
        pool_id = wanted["UserPoolId"]
        pages = aws.cognito.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool_id, MaxResults=60)
        clients = (client for page in pages for client in page["UserPoolClients"])
        named = (client["ClientId"] for client in clients if client["ClientName"] == wanted["ClientName"])
        return next((f"{pool_id}{KEY_SEPARATOR}{client_id}" for client_id in named), None)

    def create(self, aws: Clients, wanted: Properties) -> str:
        """Create the client."""
        client = aws.cognito.create_user_pool_client(**given(wanted, tuple(PROPERTIES)))["UserPoolClient"]
        return f"{client['UserPoolId']}{KEY_SEPARATOR}{client['ClientId']}"

    def read(self, aws: Clients, key: str) -> dict[str, Any]:
        """The client's properties."""
        client = self._describe(aws, key)
        return {**{name: client.get(name) for name in PROPERTIES}, "GenerateSecret": "ClientSecret" in client}

    def update(self, aws: Clients, key: str, wanted: Properties, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Write everything that may change, as what is left out would fall back to its default."""
        pool_id, client_id = key.split(KEY_SEPARATOR)
        aws.cognito.update_user_pool_client(
            UserPoolId=pool_id, ClientId=client_id, ClientName=wanted["ClientName"], **given(wanted, CHANGEABLE)
        )

    def attributes(self, aws: Clients, key: str) -> dict[str, str]:  # noqa: ARG002
        """The client's id."""
        client_id = key.split(KEY_SEPARATOR)[1]
        return {"Ref": client_id, "ClientId": client_id}

    def verify(self, aws: Clients, key: str) -> None:
        """Raises when the client is gone."""
        self._describe(aws, key)

    def _describe(self, aws: Clients, key: str) -> dict[str, Any]:
        pool_id, client_id = key.split(KEY_SEPARATOR)
        answer = aws.cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)
        client: dict[str, Any] = answer["UserPoolClient"]
        return client
