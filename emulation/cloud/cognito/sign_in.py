"""Signing in: InitiateAuth, AdminInitiateAuth, and what a right password leads to."""

from typing import Any

from moto.cognitoidp.models import AuthFlow, CognitoIdpUser, UserStatus

from emulation.cloud.cognito.app_clients import AppClient
from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.limits import check_lockout, count_failure, forget_failures
from emulation.cloud.cognito.parameters import Body, entry, text
from emulation.cloud.cognito.passwords import password_is
from emulation.cloud.cognito.pools import email_of, status_of
from emulation.cloud.cognito.refresh import owner_name, refresh
from emulation.cloud.cognito.refusals import (
    disabled,
    invalid_parameter,
    no_such_user,
    not_emulated,
    not_found,
    reset_required,
    wrong_password,
)
from emulation.cloud.cognito.sessions import open_session
from emulation.cloud.cognito.tokens import new_refresh_token, new_tokens, start_family
from emulation.cloud.errors import AwsError

USER_FLOWS = {"USER_PASSWORD_AUTH": "USER_PASSWORD_AUTH"}
ADMIN_FLOWS = {"ADMIN_USER_PASSWORD_AUTH": "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
REFRESH_FLOWS = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")


async def initiate_auth(context: Context, body: Body) -> dict[str, Any]:
    """Sign in with a password, or refresh."""
    return await _initiate(context, context.app_client(text(body, "ClientId")), body, USER_FLOWS)


async def admin_initiate_auth(context: Context, body: Body) -> dict[str, Any]:
    """The same for a backend that holds credentials."""
    return await _initiate(context, admin_client(context, body), body, ADMIN_FLOWS)


def admin_client(context: Context, body: Body) -> AppClient:
    """The client of a pool that an administrator names; raises ResourceNotFoundException."""
    pool = context.pool(text(body, "UserPoolId"))
    client = context.app_client(text(body, "ClientId"))
    if client.pool.id != pool.id:
        raise not_found(f"User pool client {client.id} does not exist.")
    return client


async def _initiate(context: Context, client: AppClient, body: Body, password_flows: dict[str, str]) -> dict[str, Any]:
    flow = text(body, "AuthFlow")
    parameters = body.get("AuthParameters") or {}
    if flow in REFRESH_FLOWS:
        client.require_flow("REFRESH_TOKEN_AUTH")
        token = entry(parameters, "REFRESH_TOKEN")
        client.require_secret_hash(owner_name(client, token), parameters.get("SECRET_HASH"))
        return {"AuthenticationResult": await refresh(context, client, token), "ChallengeParameters": {}}
    if flow not in (*AuthFlow.list(), "USER_AUTH"):
        raise invalid_parameter(
            f"1 validation error detected: Value '{flow}' at 'authFlow' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join([*AuthFlow.list(), 'USER_AUTH'])}]"
        )
    client.require_flow(password_flows.get(flow, flow))
    if flow not in password_flows:
        raise not_emulated(f"the authentication flow {flow}")
    username, password = entry(parameters, "USERNAME"), entry(parameters, "PASSWORD")
    client.require_secret_hash(username, parameters.get("SECRET_HASH"))
    return await challenge_or_tokens(context, client, _check_password(context, client, username, password))


def _check_password(context: Context, client: AppClient, username: str, password: str) -> CognitoIdpUser:
    user = client.pool.find_user(username)
    if user is None:
        raise wrong_password() if client.hides_users else no_such_user()
    if status_of(user) == UserStatus.RESET_REQUIRED:
        raise reset_required()
    failures = client.pool.record(user).wrong_passwords
    check_lockout(failures, context.clock)
    if not password_is(user, password):
        count_failure(failures, context.clock)
        raise wrong_password()
    # Who does not know the password learns nothing of the account's state.
    if not user.enabled:
        raise disabled()
    if status_of(user) == UserStatus.UNCONFIRMED:
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")
    return user


async def challenge_or_tokens(context: Context, client: AppClient, user: CognitoIdpUser) -> dict[str, Any]:
    """What comes after a right password."""
    if status_of(user) == UserStatus.FORCE_CHANGE_PASSWORD:
        parameters = {"USER_ID_FOR_SRP": user.username, "requiredAttributes": "[]", "userAttributes": "{}"}
        return _challenge(context, client, user, "NEW_PASSWORD_REQUIRED", parameters)
    if _asks_for_mfa(client, user):
        parameters = {"USER_ID_FOR_SRP": user.username}
        device = client.pool.record(user).authenticator.device_name
        if device:
            parameters["FRIENDLY_DEVICE_NAME"] = device
        return _challenge(context, client, user, "SOFTWARE_TOKEN_MFA", parameters)
    return await complete_sign_in(context, client, user)


def _asks_for_mfa(client: AppClient, user: CognitoIdpUser) -> bool:
    mode = client.pool.model.mfa_config
    has_authenticator = bool(client.pool.record(user).authenticator.secret)
    if mode == "ON" and not has_authenticator:
        raise not_emulated(f"the challenge MFA_SETUP, which {email_of(user) or user.username} would get")
    return mode == "ON" or bool(mode == "OPTIONAL" and has_authenticator and user.software_token_mfa_enabled)


def _challenge(
    context: Context, client: AppClient, user: CognitoIdpUser, name: str, parameters: dict[str, str]
) -> dict[str, Any]:
    return {
        "ChallengeName": name,
        "ChallengeParameters": parameters,
        "Session": open_session(context, client, user, name),
    }


async def complete_sign_in(context: Context, client: AppClient, user: CognitoIdpUser) -> dict[str, Any]:
    """The tokens of a new sign-in."""
    forget_failures(client.pool.record(user))
    family = start_family(context, client, user)
    refresh_token = new_refresh_token(context, client.pool, family)
    result = await new_tokens(context, client, user, family, family.signed_in_at) | {"RefreshToken": refresh_token}
    return {"AuthenticationResult": result, "ChallengeParameters": {}}
