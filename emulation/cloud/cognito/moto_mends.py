"""What is put right in moto's own classes, so that the actions left to moto see it too."""

from types import SimpleNamespace
from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.models import CognitoIdpUserPool
from moto.cognitoidp.utils import validate_username_format

from emulation.cloud.cognito.attributes import is_email
from emulation.cloud.cognito.pools import find_user

# What we build on, read or replace. A test holds a digest of each, so that a new moto is looked at first.
RELIES_ON = (
    "moto.cognitoidp.models.CognitoIdpUser.__init__",
    "moto.cognitoidp.models.CognitoIdpUser.delete_attributes",
    "moto.cognitoidp.models.CognitoIdpUser.update_attributes",
    "moto.cognitoidp.models.CognitoIdpUserPool.__init__",
    "moto.cognitoidp.models.CognitoIdpUserPool._get_user",
    "moto.cognitoidp.models.CognitoIdpUserPool.update_extended_config",
    "moto.cognitoidp.models.CognitoIdpUserPoolAttribute.__init__",
    "moto.cognitoidp.models.CognitoIdpUserPoolAttribute._init_constraints",
    "moto.cognitoidp.models.CognitoIdpUserPoolClient.__init__",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_create_user",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_delete_user",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_enable_user",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_get_user",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_set_user_mfa_preference",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_update_user_attributes",
    "moto.cognitoidp.models.CognitoIdpBackend.set_user_pool_mfa_config",
    "moto.cognitoidp.utils.check_secret_hash",
    "moto.cognitoidp.utils.validate_username_format",
)

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
FIXED = ("AliasAttributes", "Schema", "UsernameAttributes", "UsernameConfiguration")
_update_extended_config = CognitoIdpUserPool.update_extended_config


def may_sign_in_as(username: str, _format: str = "email") -> bool:
    """Whether a name is an address or a number; moto's form of an address knows no apostrophe."""
    return is_email(username) if _format == "email" else validate_username_format(username, _format)


def update_pool(pool: CognitoIdpUserPool, config: dict[str, Any]) -> None:
    """Set what UpdateUserPool sets; what can only be given at the creation stays, which moto forgets."""
    before = vars(pool).get("extended_config", {})
    _update_extended_config(pool, {**config, **{name: before[name] for name in FIXED if name in before}})


class NoKey:
    """In the place of moto's key, the same for every pool: a pool signs with keys of its own, and this takes long to
    read."""

    @staticmethod
    def import_key(_jwk: str) -> None:
        """Nothing."""


def mend_user_pools() -> None:
    """Let moto's admin actions find users as the pool's case sensitivity says, and create whoever can sign up."""
    models.jwk = SimpleNamespace(RSAKey=NoKey)  # type: ignore[assignment,attr-defined]  # imported there, not exported
    CognitoIdpUserPool.update_extended_config = update_pool  # type: ignore[assignment,method-assign]
    CognitoIdpUserPool._get_user = find_user  # type: ignore[assignment,method-assign]  # noqa: SLF001
    models.validate_username_format = may_sign_in_as  # type: ignore[attr-defined]  # imported there, not exported
