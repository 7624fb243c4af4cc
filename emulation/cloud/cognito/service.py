"""Cognito as the rest of the local cloud sees it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar

from emulation.cloud.cognito import admin, challenges, mfa, refresh, reset, sign_in, sign_up, user_attributes, users
from emulation.cloud.cognito.confirm_page import confirm_user_page
from emulation.cloud.cognito.context import Context, RunTrigger
from emulation.cloud.cognito.impersonation import sign_in_as
from emulation.cloud.cognito.keys import key_set
from emulation.cloud.cognito.moto_mends import mend_user_pools
from emulation.cloud.cognito.parameters import text
from emulation.cloud.cognito.pools import Pool
from emulation.cloud.cognito.state import CognitoState
from emulation.cloud.errors import AwsError
from emulation.cloud.mailbox import Mailbox
from emulation.settings import REGION
from server.clock import Clock

Operation = Callable[[Context, dict[str, Any]], Awaitable[dict[str, Any]]]

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "AdminConfirmSignUp": admin.admin_confirm_sign_up,
        "AdminDeleteUser": admin.admin_delete_user,
        "AdminDisableUser": admin.admin_disable_user,
        "AdminInitiateAuth": sign_in.admin_initiate_auth,
        "AdminResetUserPassword": admin.admin_reset_user_password,
        "AdminRespondToAuthChallenge": challenges.admin_respond_to_auth_challenge,
        "AdminSetUserPassword": admin.admin_set_user_password,
        "AdminUserGlobalSignOut": admin.admin_user_global_sign_out,
        "AssociateSoftwareToken": mfa.associate_software_token,
        "ChangePassword": users.change_password,
        "ConfirmForgotPassword": reset.confirm_forgot_password,
        "ConfirmSignUp": sign_up.confirm_sign_up,
        "DeleteUser": users.delete_user,
        "DeleteUserAttributes": user_attributes.delete_user_attributes,
        "ForgotPassword": reset.forgot_password,
        "GetTokensFromRefreshToken": refresh.get_tokens_from_refresh_token,
        "GetUser": users.get_user,
        "GetUserAttributeVerificationCode": user_attributes.get_user_attribute_verification_code,
        "GlobalSignOut": users.global_sign_out,
        "InitiateAuth": sign_in.initiate_auth,
        "ResendConfirmationCode": sign_up.resend_confirmation_code,
        "RespondToAuthChallenge": challenges.respond_to_auth_challenge,
        "RevokeToken": refresh.revoke_token,
        "SetUserMFAPreference": mfa.set_user_mfa_preference,
        "SignUp": sign_up.sign_up,
        "UpdateUserAttributes": user_attributes.update_user_attributes,
        "VerifySoftwareToken": mfa.verify_software_token,
        "VerifyUserAttribute": user_attributes.verify_user_attribute,
    }
)


class Cognito:
    """The user side of user pools. All but triggers runs without waiting, so an operation is never interleaved."""

    ACTIONS: ClassVar[frozenset[str]] = frozenset(OPERATIONS)

    def __init__(
        self,
        state: CognitoState,
        mailbox: Mailbox,
        run_trigger: RunTrigger,
        clock: Clock,
        token_bytes: Callable[[int], bytes],
        domain_url: str,
    ) -> None:
        """`domain_url` is where users reach the pool's domain, without a slash at the end."""
        mend_user_pools()
        self._context = Context(state, mailbox, run_trigger, clock, token_bytes, domain_url, REGION)

    def _in_region(self, region: str) -> Context:
        return replace(self._context, region=region)

    def pools(self) -> list[Pool]:
        """The pools of the local region."""
        return self._context.pools()

    async def sign_in_as(self, user_id: str) -> dict[str, Any]:
        """Tokens of a user by `sub`, without a password; raises AwsError."""
        return await sign_in_as(self._context, user_id)

    async def call(self, action: str, body: dict[str, Any], region: str) -> dict[str, Any]:
        """The answer of one of ACTIONS; raises AwsError."""
        operation = OPERATIONS.get(action)
        if operation is None:
            raise AwsError("UnknownOperationException", "")
        return await operation(self._in_region(region), body)

    def check_left_to_moto(self, body: dict[str, Any], region: str) -> None:
        """Raises AwsError for what moto fails at in the actions that are none of ACTIONS.

        That is an unknown pool (ResourceNotFoundException), and an attribute without name (InvalidParameterException),
        which botocore's description of the service does not require.
        """
        if "UserPoolId" in body:
            self._in_region(region).pool(body["UserPoolId"])
        for list_name in ("CustomAttributes", "Schema"):
            for attribute in body.get(list_name) or []:
                text(attribute, "Name")

    async def confirm_user_page(self, query: Mapping[str, str]) -> tuple[int, str]:
        """Status and HTML of the page behind a mailed link; query: client_id, user_name, confirmation_code."""
        return await confirm_user_page(self._context, query)

    def jwks(self, pool_id: str) -> dict[str, Any]:
        """The pool's public keys; raises AwsError (ResourceNotFoundException) for an unknown pool."""
        region = pool_id.partition("_")[0]
        return key_set(self._in_region(region or REGION).pool(pool_id).state)
