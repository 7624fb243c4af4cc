"""Codes that are mailed: six digits, one use, the newest counts."""

import hmac
from datetime import timedelta

from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.refusals import code_expired, code_mismatch
from emulation.cloud.cognito.state import MailedCode

SIGN_UP = "sign-up"
RESET = "reset"
VERIFY_EMAIL = "verify-email"
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (code security)
LIFETIMES = {SIGN_UP: timedelta(hours=24), RESET: timedelta(hours=1), VERIFY_EMAIL: timedelta(hours=24)}


def new_code(context: Context, pool: Pool, user: CognitoIdpUser, purpose: str, address: str) -> MailedCode:
    """A new code for a purpose, in place of the last one."""
    code = MailedCode(context.six_digits(), address, context.clock.now())
    pool.record(user).codes[purpose] = code
    return code


def check_code(context: Context, pool: Pool, user: CognitoIdpUser, purpose: str, text: str) -> MailedCode:
    """The code that was mailed, if this is it; raises ExpiredCodeException or CodeMismatchException."""
    code = pool.record(user).codes.get(purpose)
    if code is None or context.clock.age(code.issued_at) >= LIFETIMES[purpose]:
        raise code_expired()
    if not hmac.compare_digest(code.text.encode(), text.encode()):
        raise code_mismatch()
    return code


def use_up(pool: Pool, user: CognitoIdpUser, purpose: str) -> None:
    """Let no code of this purpose be used any more."""
    pool.record(user).codes.pop(purpose, None)
