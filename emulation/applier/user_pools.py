"""AWS::Cognito::UserPool.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
"""

from typing import Any

from emulation.applier.clients import Clients
from emulation.applier.kind import Honoured, Properties, PropertyTable, WithoutEffect, given

# Arguments of CreateUserPool that UpdateUserPool takes too; it sets those that are not given to their defaults.
CHANGEABLE = (
    "AccountRecoverySetting",
    "AdminCreateUserConfig",
    "AutoVerifiedAttributes",
    "DeletionProtection",
    "LambdaConfig",
    "Policies",
    "UserAttributeUpdateSettings",
    "UserPoolTier",
    "VerificationMessageTemplate",
)
FIXED = ("Schema", "UsernameAttributes", "UsernameConfiguration")
ATTRIBUTE_PROPERTIES = ("AttributeDataType", "Mutable", "Name", "Required")

PROPERTIES: PropertyTable = {
    "UserPoolName": Honoured(fixed=True),
    **{name: Honoured() for name in CHANGEABLE},
    **{name: Honoured(fixed=True) for name in FIXED},
    "DeletionProtection": Honoured(default="INACTIVE"),
    "UserPoolTier": Honoured(default="ESSENTIALS"),
    "MfaConfiguration": Honoured(default="OFF"),
    "EnabledMfas": Honoured(),
    "EmailConfiguration": WithoutEffect("every mail goes to the local mailbox"),
}


class UserPools:
    """User pools, found by their `UserPoolName`."""

    properties = PROPERTIES

    def find(self, aws: Clients, wanted: Properties) -> str | None:
        """The id of the first pool with that name."""
        pages = aws.cognito.get_paginator("list_user_pools").paginate(MaxResults=60)
        pools = (pool for page in pages for pool in page["UserPools"])
        return next((str(pool["Id"]) for pool in pools if pool["Name"] == wanted["UserPoolName"]), None)

    def create(self, aws: Clients, wanted: Properties) -> str:
        """Create the pool."""
        arguments = given(wanted, (*CHANGEABLE, *FIXED))
        pool_id = str(aws.cognito.create_user_pool(PoolName=wanted["UserPoolName"], **arguments)["UserPool"]["Id"])
        self._write_mfa(aws, pool_id, wanted)
        return pool_id

    def read(self, aws: Clients, key: str) -> dict[str, Any]:
        """The pool's properties."""
        pool = aws.cognito.describe_user_pool(UserPoolId=key)["UserPool"]
        mfa = aws.cognito.get_user_pool_mfa_config(UserPoolId=key)
        app_codes = mfa.get("SoftwareTokenMfaConfiguration") or {}
        return {
            "UserPoolName": pool["Name"],
            **{name: pool.get(name) for name in (*CHANGEABLE, *FIXED)},
            "Schema": [_attribute(attribute) for attribute in pool["SchemaAttributes"] if _is_own(attribute)],
            "MfaConfiguration": mfa["MfaConfiguration"],
            "EnabledMfas": ["SOFTWARE_TOKEN_MFA"] if app_codes.get("Enabled") else [],
        }

    def update(self, aws: Clients, key: str, wanted: Properties, changed: frozenset[str]) -> None:
        """Write everything that may change, as what is left out would fall back to its default."""
        if changed - {"MfaConfiguration", "EnabledMfas"}:
            aws.cognito.update_user_pool(UserPoolId=key, **given(wanted, CHANGEABLE))
        self._write_mfa(aws, key, wanted)

    def attributes(self, aws: Clients, key: str) -> dict[str, str]:
        """Id, ARN and the address that issues the tokens."""
        pool = aws.cognito.describe_user_pool(UserPoolId=key)["UserPool"]
        region = key.partition("_")[0]
        provider = f"cognito-idp.{region}.amazonaws.com/{key}"
        return {"Ref": key, "Arn": pool["Arn"], "ProviderName": provider, "ProviderURL": f"https://{provider}"}

    def verify(self, aws: Clients, key: str) -> None:
        """Raises when the pool is gone."""
        aws.cognito.describe_user_pool(UserPoolId=key)

    def _write_mfa(self, aws: Clients, pool_id: str, wanted: Properties) -> None:
        enabled = wanted["EnabledMfas"] or []
        arguments = {"SoftwareTokenMfaConfiguration": {"Enabled": True}} if "SOFTWARE_TOKEN_MFA" in enabled else {}
        aws.cognito.set_user_pool_mfa_config(
            UserPoolId=pool_id, MfaConfiguration=wanted["MfaConfiguration"], **arguments
        )


def _is_own(attribute: Properties) -> bool:
    """Whether a template would name the attribute: a pool has all standard ones, and `sub` is always required."""
    name = str(attribute["Name"])
    return name.startswith("custom:") or (name != "sub" and bool(attribute["Required"]))


def _attribute(described: Properties) -> dict[str, Any]:
    own = {name: described[name] for name in ATTRIBUTE_PROPERTIES if name in described}
    return {**own, "Name": described["Name"].removeprefix("custom:")}
