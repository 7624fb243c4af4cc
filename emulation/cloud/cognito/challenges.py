"""Answers to challenges: RespondToAuthChallenge and its form for administrators."""

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.limits import check_lockout, count_failure
from emulation.cloud.cognito.parameters import Body, entry, text
from emulation.cloud.cognito.passwords import check_password
from emulation.cloud.cognito.refusals import disabled, invalid_parameter, no_such_user, not_authorized, not_emulated
from emulation.cloud.cognito.sessions import find_session
from emulation.cloud.cognito.sign_in import admin_client, challenge_or_tokens, complete_sign_in
from emulation.cloud.cognito.totp import matching_step
from emulation.cloud.errors import AwsError

CHALLENGES = ("SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED")


async def respond_to_auth_challenge(context: Context, body: Body) -> dict[str, Any]:
    """Answer the challenge of a sign-in."""
    return await _respond(context, context.app_client(text(body, "ClientId")), body)


async def admin_respond_to_auth_challenge(context: Context, body: Body) -> dict[str, Any]:
    """The same for a backend that holds credentials."""
    return await _respond(context, admin_client(context, body), body)


async def _respond(context: Context, client: AppClient, body: Body) -> dict[str, Any]:
    challenge = text(body, "ChallengeName")
    if challenge not in CHALLENGES:
        raise not_emulated(f"the challenge {challenge}")
    responses = body.get("ChallengeResponses") or {}
    # USERNAME is needed though the session knows the user.
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
    username = entry(responses, "USERNAME")
    client.require_secret_hash(username, responses.get("SECRET_HASH"))
    session = find_session(context, client, entry(body, "Session"), challenge)
    user = client.pool.user_with_id(session.user_id)
    if user is None:
        raise no_such_user()
    if not user.enabled:
        raise disabled()
    if client.pool.find_user(username) is not user:
        raise not_authorized("Invalid session for the user.")
    if challenge == "SOFTWARE_TOKEN_MFA":
        _check_mfa_code(context, client, user, entry(responses, "SOFTWARE_TOKEN_MFA_CODE"))
        session.used = True
        return await complete_sign_in(context, client, user)
    _set_new_password(client, user, responses)
    session.used = True
    return await challenge_or_tokens(context, client, user)


def _check_mfa_code(context: Context, client: AppClient, user: CognitoIdpUser, code: str) -> None:
    record = client.pool.record(user)
    check_lockout(record.wrong_mfa_codes, context.clock)
    step = matching_step(record.authenticator.secret, code, context.clock.now())
    if step is None:
        count_failure(record.wrong_mfa_codes, context.clock)
        raise AwsError("CodeMismatchException", "Invalid code received for user")
    if step <= record.authenticator.used_step:
        raise AwsError("ExpiredCodeException", "Your software token has already been used once.")
    record.authenticator.used_step = step


def _set_new_password(client: AppClient, user: CognitoIdpUser, responses: dict[str, str]) -> None:
    if any(name.startswith("userAttributes.") for name in responses):
        raise invalid_parameter("The local cloud takes no attributes with a new password")
    password = entry(responses, "NEW_PASSWORD")
    check_password(client.pool, password, "newPassword")
    user.password = password
    user.status = UserStatus.CONFIRMED
