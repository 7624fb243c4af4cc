"""A user pool like the product's, and people who use it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.refusals import refused

PASSWORD = "Correct-Horse-1"
LOCKED = "Password attempts exceeded"

POOL = {
    "UsernameAttributes": ["email"],
    "UsernameConfiguration": {"CaseSensitive": False},
    "Schema": [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True},
    ],
    "AutoVerifiedAttributes": ["email"],
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
        }
    },
    "MfaConfiguration": "OPTIONAL",
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
}
CLIENT = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
    "AccessTokenValidity": 1,
    "IdTokenValidity": 1,
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"},
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    "EnableTokenRevocation": True,
    "PreventUserExistenceErrors": "ENABLED",
    "ReadAttributes": ["email", "email_verified", "name"],
    "WriteAttributes": ["email", "name"],
}


@dataclass(frozen=True)
class Person:
    """Somebody with an address; `user_id` is their `sub`."""

    email: str
    user_id: str


class UserPool:
    """A pool with one client. Settings given here replace those above; None leaves one out."""

    def __init__(
        self, endpoint: AwsEndpoint, pool: dict[str, Any] | None = None, client: dict[str, Any] | None = None
    ) -> None:
        self.endpoint = endpoint
        self.aws = endpoint.client("cognito-idp")
        created = self.aws.create_user_pool(PoolName=f"pool-{uuid4()}", **_merged(POOL, pool))
        self.id = created["UserPool"]["Id"]
        self.aws.set_user_pool_mfa_config(
            UserPoolId=self.id, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
        self.client_id = self.add_client(client)

    def add_client(self, settings: dict[str, Any] | None = None) -> str:
        created = self.aws.create_user_pool_client(
            UserPoolId=self.id, ClientName=f"client-{uuid4()}", **_merged(CLIENT, settings)
        )
        client_id: str = created["UserPoolClient"]["ClientId"]
        return client_id

    def sign_up(self, email: str | None = None, password: str = PASSWORD, name: str = "Ada") -> Person:
        email = email or new_email()
        answer = self.aws.sign_up(
            ClientId=self.client_id,
            Username=email,
            Password=password,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "name", "Value": name}],
        )
        return Person(email, answer["UserSub"])

    def code(self, person: Person) -> str:
        """The code of the last mail, which may stand in its link."""
        return _code_of(self.last_mail(person))

    def last_mail(self, person: Person) -> dict[str, Any]:
        mails = self.endpoint.mails(person.email)
        assert mails, "no mail was sent"
        return mails[-1]

    def wrong_code(self, person: Person) -> str:
        """Six digits that were never mailed to them, wherever no mail is sent too."""
        mailed = {_code_of(mail) for mail in self.endpoint.mails(person.email)}
        return next(f"{number:06}" for number in range(len(mailed) + 1) if f"{number:06}" not in mailed)

    def confirm(self, person: Person, code: str | None = None) -> None:
        self.aws.confirm_sign_up(
            ClientId=self.client_id, Username=person.email, ConfirmationCode=code or self.code(person)
        )

    def new_person(self) -> Person:
        """A confirmed user with a verified address, made so by an administrator."""
        person = self.sign_up()
        self.aws.admin_confirm_sign_up(UserPoolId=self.id, Username=person.email)
        self.aws.admin_update_user_attributes(
            UserPoolId=self.id, Username=person.email, UserAttributes=[{"Name": "email_verified", "Value": "true"}]
        )
        return person

    def start_sign_in(self, person: Person, password: str = PASSWORD, client_id: str | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.aws.initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.email, "PASSWORD": password},
        )
        return answer

    def sign_in(self, person: Person, password: str = PASSWORD, client_id: str | None = None) -> dict[str, Any]:
        """The AuthenticationResult."""
        result: dict[str, Any] = self.start_sign_in(person, password, client_id)["AuthenticationResult"]
        return result

    def refresh(self, refresh_token: str, client_id: str | None = None) -> dict[str, Any]:
        answer = self.aws.get_tokens_from_refresh_token(
            ClientId=client_id or self.client_id, RefreshToken=refresh_token
        )
        result: dict[str, Any] = answer["AuthenticationResult"]
        return result

    def attributes(self, access_token: str) -> dict[str, str]:
        answer = self.aws.get_user(AccessToken=access_token)
        return {attribute["Name"]: attribute["Value"] for attribute in answer["UserAttributes"]}


def new_email() -> str:
    return f"ada-{uuid4()}@example.com"


def wrong(code: str) -> str:
    """Another code of six digits."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def _code_of(mail: dict[str, Any]) -> str:
    found: str = mail["codes"][-1] if mail["codes"] else mail["links"][-1].rpartition("=")[2]
    return found


def _merged(defaults: dict[str, Any], own: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in {**defaults, **(own or {})}.items() if value is not None}


def is_locked_out(attempt: Callable[[], Any]) -> bool:
    """Whether an attempt that is right is refused for the wrong ones before it; not once the lockout is over."""
    try:
        with refused("NotAuthorizedException", LOCKED):
            attempt()
    except pytest.fail.Exception:
        return False
    return True
