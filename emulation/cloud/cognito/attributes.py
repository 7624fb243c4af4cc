"""The attributes of a user: which exist, who may write them, what values they take.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

import re
from collections.abc import Iterable
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPoolAttribute

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.pools import Pool, email_of
from emulation.cloud.cognito.refusals import invalid_parameter, not_authorized
from emulation.cloud.errors import AwsError

STANDARD: dict[str, dict[str, Any]] = dict(CognitoIdpUserPoolAttribute.STANDARD_SCHEMA)
# What only Cognito itself and administrators write.
RESERVED = frozenset({"sub", "email_verified", "phone_number_verified"})
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")


def schema(pool: Pool) -> dict[str, CognitoIdpUserPoolAttribute]:
    """All attributes of a pool by name: a pool has the standard ones even when its Schema names others only."""
    standard = {name: CognitoIdpUserPoolAttribute(name, False, settings) for name, settings in STANDARD.items()}
    return {**standard, **pool.model.schema_attributes}


def is_email(text: str) -> bool:
    """Whether the text has the form of an address."""
    return _EMAIL.fullmatch(text) is not None


def readable_attributes(client: AppClient, user: CognitoIdpUser) -> dict[str, str]:
    """The attributes that a client may see; `sub` always."""
    names = client.setting("ReadAttributes")
    values: dict[str, str] = user.attribute_lookup
    return {name: value for name, value in values.items() if name == "sub" or not names or name in names}


def check_writable(client: AppClient, names: Iterable[str]) -> None:
    """Raises NotAuthorizedException for an attribute that the client may not write, or nobody but Cognito."""
    known = schema(client.pool)
    allowed = set(client.setting("WriteAttributes") or STANDARD) - RESERVED
    for name in names:
        if name not in known:
            raise invalid_parameter(
                f"Attributes did not conform to the schema: {name}: Attribute does not exist in the schema.\n"
            )
        if name not in allowed:
            raise not_authorized("A client attempted to write unauthorized attribute")


def check_mutable(pool: Pool, names: Iterable[str]) -> None:
    """Raises InvalidParameterException for an attribute that is set once and for all."""
    known = schema(pool)
    for name in names:
        if not known[name].mutable:
            raise invalid_parameter(f"user.{name}: Attribute cannot be updated.\n")


def check_values(pool: Pool, values: dict[str, str]) -> None:
    """Raises InvalidParameterException for a value that its attribute cannot take."""
    known = schema(pool)
    for name, value in values.items():
        limits = known[name].string_constraints or STANDARD.get(name, {}).get("StringAttributeConstraints") or {}
        if value and len(value) < int(limits.get("MinLength") or 0):
            raise _nonconforming(f"{name}: String must be at least {limits['MinLength']} characters long")
        if len(value) > int(limits.get("MaxLength") or 2048):
            raise _nonconforming(f"{name}: String must be no longer than {limits.get('MaxLength')} characters")
    if values.get("email") and not is_email(values["email"]):
        raise invalid_parameter("Invalid email address format.")


def check_required(pool: Pool, values: dict[str, str], names: Iterable[str] | None = None) -> None:
    """Raises InvalidParameterException that names each required attribute (of these names) without a value."""
    known = schema(pool)
    missing = [
        f"{name}: The attribute is required"
        for name in (known if names is None else names)
        if known[name].required and name != "sub" and not values.get(name)
    ]
    if missing:
        raise _nonconforming("\n".join(missing))


def _nonconforming(reason: str) -> AwsError:
    return invalid_parameter(f"Attributes did not conform to the schema: {reason}\n")


def check_email_is_free(pool: Pool, email: str, user: CognitoIdpUser) -> None:
    """Raises AliasExistsException when another user signs in with the address."""
    if not email or not pool.signs_in_by_email:
        return
    owner = pool.find_user(email)
    if owner is not None and owner is not user and email_of(owner):
        raise AwsError("AliasExistsException", "An account with the given email already exists.")
