"""The Cognito user pool: what the API asks of it, with its refusals worded as our errors."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from server.aws.failures import error_code, is_outage, outages_as_unavailable
from server.errors import ApiError, ErrorCode, InvalidInputError
from server.models.tokens import Challenge, Tokens

if TYPE_CHECKING:
    from types_aiobotocore_cognito_idp import CognitoIdentityProviderClient
    from types_aiobotocore_cognito_idp.type_defs import AuthenticationResultTypeTypeDef

# AWS error code -> ours. What an operation means differently is passed by that operation.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
_REFUSALS: Mapping[str, ErrorCode] = {
    "UsernameExistsException": ErrorCode.AUTH_USER_EXISTS,
    "AliasExistsException": ErrorCode.AUTH_USER_EXISTS,
    "NotAuthorizedException": ErrorCode.AUTH_UNAUTHORIZED,
    "UserNotFoundException": ErrorCode.AUTH_UNAUTHORIZED,
    "UserNotConfirmedException": ErrorCode.AUTH_USER_NOT_CONFIRMED,
    "CodeMismatchException": ErrorCode.AUTH_CODE_INVALID,
    "EnableSoftwareTokenMFAException": ErrorCode.AUTH_CODE_INVALID,
    "ExpiredCodeException": ErrorCode.AUTH_CODE_EXPIRED,
    "LimitExceededException": ErrorCode.AUTH_RATE_LIMITED,
    "TooManyRequestsException": ErrorCode.AUTH_RATE_LIMITED,
    "TooManyFailedAttemptsException": ErrorCode.AUTH_RATE_LIMITED,
    "RefreshTokenReuseException": ErrorCode.AUTH_UNAUTHORIZED,
    # A trigger function failed: what was asked may have been done, so trying again is right.
    "UserLambdaValidationException": ErrorCode.SERVICE_UNAVAILABLE,
    "UnexpectedLambdaException": ErrorCode.SERVICE_UNAVAILABLE,
    "CodeDeliveryFailureException": ErrorCode.SERVICE_UNAVAILABLE,
}
# What would tell a stranger whether an address has an account.
_TELLING = frozenset(
    {"UserNotFoundException", "InvalidParameterException", "LimitExceededException", "NotAuthorizedException"}
)


def _message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


@asynccontextmanager
async def _refusals(special: Mapping[str, ErrorCode] | None = None, password_field: str = "") -> AsyncIterator[None]:
    """Word Cognito's refusals as our errors; `special` overrides the table, `password_field` names the field."""
    async with outages_as_unavailable():
        try:
            yield
        except ClientError as error:
            aws_code = error_code(error)
            if password_field and aws_code == "InvalidPasswordException":
                raise InvalidInputError.of(password_field, _message(error)) from error
            if aws_code == "NotAuthorizedException" and _message(error) == "Password attempts exceeded":
                raise ApiError(ErrorCode.AUTH_RATE_LIMITED) from error
            code = {**_REFUSALS, **(special or {})}.get(aws_code)
            if code is None:
                raise
            raise ApiError(code) from error


@asynccontextmanager
async def _telling_nothing() -> AsyncIterator[None]:
    """Let pass, as if it had been done, what Cognito refuses because of what it knows of an address."""
    async with _refusals():
        try:
            yield
        except ClientError as error:
            if error_code(error) not in _TELLING:
                raise


class UserPool:
    """One app client of one user pool."""

    def __init__(self, client: "CognitoIdentityProviderClient", client_id: str) -> None:
        self._client = client
        self._client_id = client_id

    async def sign_up(self, email: str, password: str, name: str) -> str:
        """Register a user and have the verification mailed; returns the user's id (`sub`)."""
        async with _refusals({"InvalidParameterException": ErrorCode.AUTH_VALIDATION_ERROR}, "password"):
            answer = await self._client.sign_up(
                ClientId=self._client_id,
                Username=email,
                Password=password,
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "name", "Value": name}],
            )
        return answer["UserSub"]

    async def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        """Tokens for a right password, or the challenge that comes before them."""
        wrong = ErrorCode.AUTH_INVALID_CREDENTIALS
        special = {
            "NotAuthorizedException": wrong,
            "UserNotFoundException": wrong,
            "InvalidParameterException": wrong,
            "PasswordResetRequiredException": wrong,
        }
        async with _refusals(special):
            answer = await self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        if answer.get("ChallengeName") == "SOFTWARE_TOKEN_MFA":
            return Challenge(challenge="SOFTWARE_TOKEN_MFA", session=answer["Session"])
        return _tokens(answer["AuthenticationResult"])

    async def answer_mfa(self, email: str, session: str, code: str) -> Tokens:
        """Tokens for the code of an authenticator app."""
        special = {
            # A session that has run out, was used, or was never given.
            "NotAuthorizedException": ErrorCode.AUTH_CODE_EXPIRED,
            "InvalidParameterException": ErrorCode.AUTH_CODE_INVALID,
        }
        async with _refusals(special):
            answer = await self._client.respond_to_auth_challenge(
                ClientId=self._client_id,
                ChallengeName="SOFTWARE_TOKEN_MFA",
                Session=session,
                ChallengeResponses={"USERNAME": email, "SOFTWARE_TOKEN_MFA_CODE": code},
            )
        return _tokens(answer["AuthenticationResult"])

    async def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for a refresh token, which is replaced by a new one (rotation)."""
        async with _refusals({"InvalidParameterException": ErrorCode.AUTH_UNAUTHORIZED}):
            answer = await self._client.get_tokens_from_refresh_token(
                ClientId=self._client_id, RefreshToken=refresh_token
            )
        return _tokens(answer["AuthenticationResult"])

    async def revoke(self, refresh_token: str) -> None:
        """End a refresh token and the access tokens that came from it; one that means nothing is ignored."""
        async with outages_as_unavailable():
            try:
                await self._client.revoke_token(ClientId=self._client_id, Token=refresh_token)
            except ClientError as error:
                # RFC 7009, 2.2: an invalid token is answered like one that was revoked.
                if is_outage(error):
                    raise

    async def send_reset_code(self, email: str) -> None:
        """Mail a reset code if the address has an account; says nothing of whether it has."""
        async with _telling_nothing():
            await self._client.forgot_password(ClientId=self._client_id, Username=email)

    async def resend_verification(self, email: str) -> None:
        """Mail the verification once more if the address waits for one; says nothing of whether it does."""
        async with _telling_nothing():
            await self._client.resend_confirmation_code(ClientId=self._client_id, Username=email)

    async def reset_password(self, email: str, code: str, new_password: str) -> None:
        """Set a new password with a mailed code."""
        special = {
            "UserNotFoundException": ErrorCode.AUTH_CODE_INVALID,
            "InvalidParameterException": ErrorCode.AUTH_CODE_INVALID,
            "NotAuthorizedException": ErrorCode.AUTH_CODE_INVALID,
        }
        async with _refusals(special, "newPassword"):
            await self._client.confirm_forgot_password(
                ClientId=self._client_id, Username=email, ConfirmationCode=code, Password=new_password
            )

    async def attributes(self, access_token: str) -> dict[str, str]:
        """The attributes of a signed-in user, among them `sub`, `email` and `name`."""
        async with _refusals():
            answer = await self._client.get_user(AccessToken=access_token)
        return {attribute["Name"]: attribute.get("Value", "") for attribute in answer["UserAttributes"]}

    async def rename(self, access_token: str, name: str) -> None:
        """Write a new name, which the next id token carries."""
        async with _refusals({"InvalidParameterException": ErrorCode.USER_VALIDATION_ERROR}):
            await self._client.update_user_attributes(
                AccessToken=access_token, UserAttributes=[{"Name": "name", "Value": name}]
            )

    async def start_mfa(self, access_token: str) -> str:
        """A new secret for an authenticator app, in base 32; it counts once a code from it was shown."""
        async with _refusals():
            answer = await self._client.associate_software_token(AccessToken=access_token)
        return answer["SecretCode"]

    async def enable_mfa(self, access_token: str, code: str) -> None:
        """Ask for a code at every sign-in from now on, once `code` shows that the app has the secret."""
        special = {
            # No secret was asked for before.
            "InvalidParameterException": ErrorCode.AUTH_CODE_INVALID,
            "SoftwareTokenMFANotFoundException": ErrorCode.AUTH_CODE_INVALID,
        }
        async with _refusals(special):
            await self._client.verify_software_token(AccessToken=access_token, UserCode=code)
            await self._client.set_user_mfa_preference(
                AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
            )

    async def disable_mfa(self, access_token: str) -> None:
        """Ask for no code at sign-in any more."""
        async with _refusals():
            await self._client.set_user_mfa_preference(
                AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False}
            )

    async def delete(self, access_token: str) -> None:
        """Delete the account itself."""
        async with _refusals():
            await self._client.delete_user(AccessToken=access_token)


def _tokens(result: "AuthenticationResultTypeTypeDef") -> Tokens:
    return Tokens(
        access_token=result["AccessToken"],
        id_token=result["IdToken"],
        refresh_token=result["RefreshToken"],
        expires_in=result["ExpiresIn"],
    )
