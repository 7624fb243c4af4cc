import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.pool import PASSWORD, Person, UserPool, new_email
from tests.emulation.cognito.sources import QUOTAS, api, guide
from tests.emulation.refusals import refused


def update(pool: UserPool, token: str, **values: str) -> list[dict[str, str]]:
    answer = pool.aws.update_user_attributes(
        AccessToken=token, UserAttributes=[{"Name": name, "Value": value} for name, value in values.items()]
    )
    details: list[dict[str, str]] = answer.get("CodeDeliveryDetailsList", [])
    return details


@pytest.fixture
def person(user_pool: UserPool) -> Person:
    return user_pool.new_person()


@pytest.fixture
def token(user_pool: UserPool, person: Person) -> str:
    access_token: str = user_pool.sign_in(person)["AccessToken"]
    return access_token


@pytest.mark.aws("UpdateUserAttributes counts at once where nothing has to be verified", api("UpdateUserAttributes"))
def test_a_new_name_is_there_at_once(user_pool: UserPool, token: str) -> None:
    assert update(user_pool, token, name="Grace") == []
    assert user_pool.attributes(token)["name"] == "Grace"


@pytest.mark.aws(
    "UpdateUserAttributes refuses sub, email_verified and what the client may not write, and changes nothing",
    guide("user-pool-settings-attributes"),
)
@pytest.mark.parametrize("attribute", ["sub", "email_verified", "nickname"])
def test_an_attribute_that_the_client_may_not_write_changes_nothing(
    user_pool: UserPool, token: str, attribute: str
) -> None:
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        update(user_pool, token, name="Grace", **{attribute: "true"})
    assert user_pool.attributes(token)["name"] == "Ada"


@pytest.mark.aws("An attribute that is not in the schema is refused", guide("user-pool-settings-attributes"))
def test_an_attribute_that_does_not_exist_is_refused(user_pool: UserPool, token: str) -> None:
    with refused("InvalidParameterException"):
        update(user_pool, token, height="190")


@pytest.mark.aws("An attribute that is not mutable cannot be updated", guide("user-pool-settings-attributes"))
def test_an_immutable_attribute_is_set_once(aws: AwsEndpoint) -> None:
    schema = [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": False},
    ]
    pool = UserPool(aws, {"Schema": schema})
    token = pool.sign_in(pool.new_person())["AccessToken"]
    with refused("InvalidParameterException", "user.name: Attribute cannot be updated.\n"):
        update(pool, token, name="Grace")


@pytest.mark.aws(
    "Values must fit the schema: length, required ones not empty, the form of an address", api("SchemaAttributeType")
)
def test_a_value_must_fit_the_schema(user_pool: UserPool, token: str) -> None:
    with refused("InvalidParameterException"):
        update(user_pool, token, name="a" * 2049)
    with refused("InvalidParameterException"):
        update(user_pool, token, name="")
    with refused("InvalidParameterException", "Invalid email address format."):
        update(user_pool, token, email="nowhere")


@pytest.mark.aws(
    "With AttributesRequireVerificationBeforeUpdate a new address counts once its code was given",
    api("UserAttributeUpdateSettingsType"),
)
def test_a_new_address_counts_once_it_is_verified(user_pool: UserPool, person: Person, token: str) -> None:
    email = new_email()
    details = update(user_pool, token, email=email)
    assert user_pool.attributes(token)["email"] == person.email, "the new address counts at once"
    assert [one["AttributeName"] for one in details] == ["email"]
    with refused("CodeMismatchException"):
        user_pool.aws.verify_user_attribute(
            AccessToken=token, AttributeName="email", Code=user_pool.wrong_code(Person(email, person.user_id))
        )
    user_pool.aws.verify_user_attribute(
        AccessToken=token, AttributeName="email", Code=user_pool.code(Person(email, person.user_id))
    )
    assert user_pool.attributes(token)["email"] == email
    user_pool.sign_in(Person(email, person.user_id))
    with refused("NotAuthorizedException"):
        user_pool.sign_in(person)


@pytest.mark.aws(
    "Without that setting a new address counts at once and is not verified", api("UserAttributeUpdateSettingsType")
)
def test_a_new_address_counts_at_once_where_the_pool_says_so(aws: AwsEndpoint) -> None:
    pool = UserPool(aws, {"UserAttributeUpdateSettings": None})
    person = pool.new_person()
    token = pool.sign_in(person)["AccessToken"]
    email = new_email()
    update(pool, token, email=email)
    assert pool.attributes(token)["email"] == email
    assert pool.attributes(token)["email_verified"] == "false"
    code = pool.code(Person(email, person.user_id))
    pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
    assert pool.attributes(token)["email_verified"] == "true"


@pytest.mark.aws(
    "An address that somebody else signs in with is refused (AliasExistsException)", api("UpdateUserAttributes")
)
def test_an_address_that_is_taken_is_refused(user_pool: UserPool, token: str) -> None:
    other = user_pool.new_person()
    with refused("AliasExistsException", "An account with the given email already exists."):
        update(user_pool, token, email=other.email.upper())


@pytest.mark.aws(
    "GetUserAttributeVerificationCode mails a code that VerifyUserAttribute takes once",
    api("GetUserAttributeVerificationCode"),
)
def test_a_verification_code_can_be_asked_for(user_pool: UserPool, person: Person, token: str) -> None:
    user_pool.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    user_pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=user_pool.code(person))
    with refused("ExpiredCodeException"):
        user_pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=user_pool.code(person))


@pytest.mark.aws("DeleteUserAttributes removes an attribute unless it is required", api("DeleteUserAttributes"))
def test_an_attribute_can_be_removed_unless_it_is_required(user_pool: UserPool, person: Person) -> None:
    client_id = user_pool.add_client({"WriteAttributes": ["email", "name", "nickname"], "ReadAttributes": None})
    token = user_pool.sign_in(person, client_id=client_id)["AccessToken"]
    update(user_pool, token, nickname="Countess")
    user_pool.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["nickname"])
    assert "nickname" not in user_pool.attributes(token)
    with refused("InvalidParameterException"):
        user_pool.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])


@pytest.mark.aws("ChangePassword asks for the former password and obeys the policy", api("ChangePassword"))
def test_a_password_is_changed_by_who_knows_it(user_pool: UserPool, person: Person, token: str) -> None:
    with refused("NotAuthorizedException", "Incorrect username or password."):
        user_pool.aws.change_password(
            AccessToken=token, PreviousPassword="Wrong-Password-1", ProposedPassword="Other-Horse-2"
        )
    with refused("InvalidPasswordException"):
        user_pool.aws.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="weak")
    user_pool.aws.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="Other-Horse-2")
    user_pool.sign_in(person, "Other-Horse-2")


@pytest.mark.aws("ChangePassword is limited to a few tries an hour (LimitExceededException)", QUOTAS)
def test_changing_the_password_is_limited_to_five_an_hour(user_pool: UserPool, token: str) -> None:
    for _ in range(5):
        with refused("NotAuthorizedException"):
            user_pool.aws.change_password(
                AccessToken=token, PreviousPassword="Wrong-Password-1", ProposedPassword="Other-Horse-2"
            )
    with refused("LimitExceededException"):
        user_pool.aws.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="Other-Horse-2")


@pytest.mark.aws("DeleteUser removes the account; its address can sign up again", api("DeleteUser"))
def test_a_deleted_account_is_gone_and_its_address_free(user_pool: UserPool, person: Person, token: str) -> None:
    user_pool.aws.delete_user(AccessToken=token)
    with refused("UserNotFoundException"):
        user_pool.attributes(token)
    with refused("NotAuthorizedException", "Incorrect username or password."):
        user_pool.sign_in(person)
    assert user_pool.sign_up(person.email).user_id != person.user_id
