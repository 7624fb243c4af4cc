"""Accounts and sessions: what can be done without being signed in."""

from server.models.auth import (
    CodeSent,
    EmailBody,
    Login,
    PasswordChanged,
    PasswordReset,
    RefreshTokenBody,
    RegisteredUser,
    Registration,
    SignedOut,
)
from server.models.tokens import Challenge, Tokens
from server.services import Services


async def register_user(services: Services, body: Registration) -> RegisteredUser:
    """Create an account; a link that verifies the address is mailed."""
    user_id = await services.user_pool.sign_up(body.email, body.password, body.name)
    return RegisteredUser(user_id=user_id, email=body.email, confirmed=False)


async def login_user(services: Services, body: Login) -> Tokens | Challenge:
    """Sign in with a password, or answer the challenge that followed it."""
    if body.password is not None:
        return await services.user_pool.sign_in(body.email, body.password)
    # The model takes no other form: without a password there are a session and a code.
    return await services.user_pool.answer_mfa(body.email, body.session or "", body.mfa_code or "")


async def refresh_tokens(services: Services, body: RefreshTokenBody) -> Tokens:
    """New tokens for a refresh token. The refresh token is replaced too: keep the new one."""
    return await services.user_pool.refresh(body.refresh_token)


async def logout_user(services: Services, body: RefreshTokenBody) -> SignedOut:
    """End a session: its refresh token and the access tokens that came from it."""
    await services.user_pool.revoke(body.refresh_token)
    return SignedOut()


async def request_password_reset(services: Services, body: EmailBody) -> CodeSent:
    """Mail a code that allows a new password. The answer is the same whether the account exists or not."""
    await services.user_pool.send_reset_code(body.email)
    return CodeSent()


async def reset_password(services: Services, body: PasswordReset) -> PasswordChanged:
    """Set a new password with the mailed code."""
    await services.user_pool.reset_password(body.email, body.code, body.new_password)
    return PasswordChanged()


async def resend_verification(services: Services, body: EmailBody) -> CodeSent:
    """Mail the verification link once more. The answer is the same whether the account exists or not."""
    await services.user_pool.resend_verification(body.email)
    return CodeSent()
