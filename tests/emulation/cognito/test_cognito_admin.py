from typing import Any
from uuid import uuid4

import pytest

from emulation.cloud.cognito import Cognito
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.pool import PASSWORD, Person, UserPool
from tests.emulation.cognito.sources import api
from tests.emulation.refusals import refused


@pytest.fixture
def person(user_pool: UserPool) -> Person:
    return user_pool.new_person()


@pytest.mark.aws(
    "AdminConfirmSignUp confirms a user without verifying the address, and only once", api("AdminConfirmSignUp")
)
def test_an_administrator_confirms_but_verifies_nothing(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    user_pool.aws.admin_confirm_sign_up(UserPoolId=user_pool.id, Username=person.email)
    assert user_pool.attributes(user_pool.sign_in(person)["AccessToken"])["email_verified"] == "false"
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        user_pool.aws.admin_confirm_sign_up(UserPoolId=user_pool.id, Username=person.email)


@pytest.mark.aws(
    "AdminSetUserPassword obeys the password policy; a temporary password has to be replaced",
    api("AdminSetUserPassword"),
)
def test_an_administrator_sets_a_password_that_keeps_the_rules(user_pool: UserPool, person: Person) -> None:
    names = {"UserPoolId": user_pool.id, "Username": person.email}
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        user_pool.aws.admin_set_user_password(**names, Password="weak", Permanent=True)
    user_pool.aws.admin_set_user_password(**names, Password="Other-Horse-2", Permanent=True)
    user_pool.sign_in(person, "Other-Horse-2")
    user_pool.aws.admin_set_user_password(**names, Password="Third-Horse-3", Permanent=False)
    assert user_pool.start_sign_in(person, "Third-Horse-3")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


@pytest.mark.aws("AdminCreateUser takes every address that SignUp takes", api("AdminCreateUser"))
def test_an_administrator_creates_whoever_can_sign_up(user_pool: UserPool) -> None:
    name = f"o'brien+{uuid4().hex[:8]}@example.com"
    made = user_pool.aws.admin_create_user(UserPoolId=user_pool.id, Username=name, MessageAction="SUPPRESS")
    assert {"Name": "email", "Value": name} in made["User"]["Attributes"]
    with refused("InvalidParameterException"):
        user_pool.aws.admin_create_user(UserPoolId=user_pool.id, Username="no address")


@pytest.mark.aws(
    "A required parameter that is missing, an attribute's name included, is an InvalidParameterException",
    api("AdminCreateUser"),
)
@pytest.mark.parametrize(
    ("action", "parameters", "missing"),
    [
        ("admin_create_user", {"Username": "a", "UserAttributes": [{"Value": "a"}]}, ["userAttributes.1.member.name"]),
        ("admin_update_user_attributes", {"UserAttributes": [{}]}, ["username", "userAttributes.1.member.name"]),
        ("admin_get_user", {}, ["username"]),
        ("create_group", {}, ["groupName"]),
    ],
)
def test_a_missing_parameter_is_named(
    aws: AwsEndpoint, user_pool: UserPool, action: str, parameters: dict[str, Any], missing: list[str]
) -> None:
    cognito = aws.client("cognito-idp", parameter_validation=False)
    faults = [f"Value null at '{name}' failed to satisfy constraint: Member must not be null" for name in missing]
    several = "s" if len(faults) > 1 else ""
    with refused("InvalidParameterException", f"{len(faults)} validation error{several} detected: {'; '.join(faults)}"):
        getattr(cognito, action)(UserPoolId=user_pool.id, **parameters)


@pytest.mark.aws(
    "An attribute of a pool has a name: 400 InvalidParameterException without one", api("AddCustomAttributes")
)
def test_an_attribute_of_a_pool_has_a_name(aws: AwsEndpoint, user_pool: UserPool) -> None:
    cognito = aws.client("cognito-idp", parameter_validation=False)
    with refused("InvalidParameterException"):
        cognito.add_custom_attributes(UserPoolId=user_pool.id, CustomAttributes=[{"AttributeDataType": "String"}])
    with refused("InvalidParameterException"):
        cognito.create_user_pool(PoolName="nameless", Schema=[{"Mutable": True}])


@pytest.mark.aws("A pool that does not exist is a ResourceNotFoundException", api("ListResourceServers"))
def test_a_pool_that_does_not_exist_is_told(user_pool: UserPool) -> None:
    for call, parameters in (("list_resource_servers", {"MaxResults": 1}), ("list_users", {}), ("list_groups", {})):
        with refused("ResourceNotFoundException", "User pool us-east-1_nowhere0 does not exist."):
            getattr(user_pool.aws, call)(UserPoolId="us-east-1_nowhere0", **parameters)


@pytest.mark.aws("Administrators are told that a user does not exist", api("AdminGetUser"))
def test_a_user_that_does_not_exist_is_told_to_administrators(user_pool: UserPool) -> None:
    for call in ("admin_delete_user", "admin_disable_user", "admin_user_global_sign_out", "admin_get_user"):
        with refused("UserNotFoundException", "User does not exist."):
            getattr(user_pool.aws, call)(UserPoolId=user_pool.id, Username="nobody@example.com")


@pytest.mark.aws("ListUsers finds a user by address", api("ListUsers"))
def test_moto_lists_the_users_that_signed_up(user_pool: UserPool, person: Person) -> None:
    listed = user_pool.aws.list_users(UserPoolId=user_pool.id, Filter=f'email = "{person.email}"')
    (user,) = listed["Users"]
    assert (user["Username"], user["UserStatus"], user["Enabled"]) == (person.user_id, "CONFIRMED", True)


@pytest.mark.aws("What AdminUpdateUserAttributes writes is seen by the user", api("AdminUpdateUserAttributes"))
def test_attributes_that_an_administrator_writes_are_seen(user_pool: UserPool, person: Person) -> None:
    user_pool.aws.admin_update_user_attributes(
        UserPoolId=user_pool.id, Username=person.email, UserAttributes=[{"Name": "name", "Value": "Grace"}]
    )
    assert user_pool.attributes(user_pool.sign_in(person, PASSWORD)["AccessToken"])["name"] == "Grace"


def test_every_action_is_one_of_cognitos(user_pool: UserPool) -> None:
    known = set(user_pool.aws.meta.service_model.operation_names)
    assert known >= Cognito.ACTIONS


@pytest.mark.aws("UpdateUserPool leaves how users sign in as it was at the pool's creation", api("UpdateUserPool"))
def test_users_sign_in_as_before_after_an_update_of_the_pool(aws: AwsEndpoint) -> None:
    pool = UserPool(aws, {"VerificationMessageTemplate": None})
    person = pool.new_person()
    pool.aws.update_user_pool(UserPoolId=pool.id, Policies={"PasswordPolicy": {"MinimumLength": 12}})
    described = pool.aws.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert described["UsernameAttributes"] == ["email"]
    assert described["UsernameConfiguration"] == {"CaseSensitive": False}
    assert described["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert pool.aws.admin_get_user(UserPoolId=pool.id, Username=person.email.upper())["Username"] == person.user_id
    assert pool.sign_in(person)["AccessToken"]
