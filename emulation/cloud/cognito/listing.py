"""The users of all pools, as the console lists them."""

from collections.abc import Iterable
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.cognito.pools import Pool, email_of, has_verified_email, status_of


def list_users(pools: Iterable[Pool]) -> list[dict[str, Any]]:
    """Each user with address, state and MFA, in the order of their creation."""
    return [_describe(pool, user) for pool in pools for user in pool.model.users.values()]


def _describe(pool: Pool, user: CognitoIdpUser) -> dict[str, Any]:
    sign_ins = [family for family in pool.state.families.values() if family.user_id == user.id]
    return {
        "id": user.id,
        "userPoolId": pool.id,
        "username": user.username,
        "email": email_of(user),
        "emailVerified": has_verified_email(user),
        "name": str(user.attribute_lookup.get("name") or ""),
        "status": status_of(user).value,
        "enabled": bool(user.enabled),
        "mfa": bool(user.software_token_mfa_enabled),
        "createdAt": user.create_date.isoformat(timespec="seconds"),
        "signIns": sum(not family.revoked for family in sign_ins),
    }
