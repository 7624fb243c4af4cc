"""The password policy of a pool.

https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
"""

import hmac
import re

from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.refusals import invalid_parameter
from emulation.cloud.errors import AwsError

DEFAULT_MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 256
SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
PATTERN = r"^[\S]+.*[\S]+$"


def check_password(pool: Pool, password: str, parameter: str = "password") -> None:
    """Raises InvalidPasswordException that names the broken rule, InvalidParameterException for the outer form."""
    if len(password) > MAXIMUM_LENGTH:
        raise _constraint(parameter, f"Member must have length less than or equal to {MAXIMUM_LENGTH}")
    if not re.fullmatch(PATTERN, password, re.DOTALL):
        raise _constraint(parameter, f"Member must satisfy regular expression pattern: {PATTERN}")
    policy = (pool.setting("Policies") or {}).get("PasswordPolicy") or {}
    rules = (
        (len(password) >= policy.get("MinimumLength", DEFAULT_MINIMUM_LENGTH), "Password not long enough"),
        (_has("RequireUppercase", policy, r"[A-Z]", password), "Password must have uppercase characters"),
        (_has("RequireLowercase", policy, r"[a-z]", password), "Password must have lowercase characters"),
        (_has("RequireNumbers", policy, r"[0-9]", password), "Password must have numeric characters"),
        (not policy.get("RequireSymbols") or SYMBOLS & set(password), "Password must have symbol characters"),
    )
    for kept, rule in rules:
        if not kept:
            raise AwsError("InvalidPasswordException", f"Password did not conform with policy: {rule}")


def _has(requirement: str, policy: dict[str, object], pattern: str, password: str) -> bool:
    return not policy.get(requirement) or re.search(pattern, password) is not None


def _constraint(parameter: str, rule: str) -> AwsError:
    return invalid_parameter(
        f"1 validation error detected: Value at '{parameter}' failed to satisfy constraint: {rule}"
    )


def password_is(user: CognitoIdpUser, password: str) -> bool:
    """Whether this is the user's password."""
    # moto's AdminCreateUser writes passwords as they are, so all are kept so.
    return hmac.compare_digest((user.password or "").encode(), password.encode()) and bool(user.password)
