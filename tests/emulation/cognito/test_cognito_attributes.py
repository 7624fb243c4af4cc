import pytest

from tests.emulation.cognito.endpoint import CognitoEndpoint, refused
from tests.emulation.cognito.pool import PASSWORD, Person, UserPool, new_email, wrong


def update(pool: UserPool, token: str, **values: str) -> list[dict[str, str]]:
    answer = pool.aws.update_user_attributes(
        AccessToken=token, UserAttributes=[{"Name": name, "Value": value} for name, value in values.items()]
    )
    details: list[dict[str, str]] = answer["CodeDeliveryDetailsList"]
    return details


@pytest.fixture
def person(user_pool: UserPool) -> Person:
    return user_pool.new_person()


@pytest.fixture
def token(user_pool: UserPool, person: Person) -> str:
    access_token: str = user_pool.sign_in(person)["AccessToken"]
    return access_token


def test_a_new_name_is_there_at_once(user_pool: UserPool, token: str) -> None:
    assert update(user_pool, token, name="Grace") == []
    assert user_pool.attributes(token)["name"] == "Grace"


@pytest.mark.parametrize("attribute", ["sub", "email_verified", "nickname"])
def test_an_attribute_that_the_client_may_not_write_changes_nothing(
    user_pool: UserPool, token: str, attribute: str
) -> None:
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        update(user_pool, token, name="Grace", **{attribute: "true"})
    assert user_pool.attributes(token)["name"] == "Ada"


def test_an_attribute_that_does_not_exist_is_refused(user_pool: UserPool, token: str) -> None:
    with refused("InvalidParameterException"):
        update(user_pool, token, height="190")


def test_an_immutable_attribute_is_set_once(cognito: CognitoEndpoint) -> None:
    schema = [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": False},
    ]
    pool = UserPool(cognito, {"Schema": schema})
    token = pool.sign_in(pool.new_person())["AccessToken"]
    with refused("InvalidParameterException", "user.name: Attribute cannot be updated.\n"):
        update(pool, token, name="Grace")


def test_a_value_must_fit_the_schema(user_pool: UserPool, token: str) -> None:
    with refused("InvalidParameterException"):
        update(user_pool, token, name="a" * 2049)
    with refused("InvalidParameterException"):
        update(user_pool, token, name="")
    with refused("InvalidParameterException", "Invalid email address format."):
        update(user_pool, token, email="nowhere")


def test_a_new_address_counts_once_it_is_verified(user_pool: UserPool, person: Person, token: str) -> None:
    email = new_email()
    (details,) = update(user_pool, token, email=email)
    assert details["AttributeName"] == "email"
    assert user_pool.attributes(token)["email"] == person.email
    (mail,) = user_pool.endpoint.mails(email)
    (code,) = mail["codes"]
    with refused("CodeMismatchException"):
        user_pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=wrong(code))
    user_pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
    assert user_pool.attributes(token)["email"] == email
    user_pool.sign_in(Person(email, person.user_id))
    with refused("NotAuthorizedException"):
        user_pool.sign_in(person)


def test_a_new_address_counts_at_once_where_the_pool_says_so(cognito: CognitoEndpoint) -> None:
    pool = UserPool(cognito, {"UserAttributeUpdateSettings": None})
    person = pool.new_person()
    token = pool.sign_in(person)["AccessToken"]
    email = new_email()
    update(pool, token, email=email)
    assert pool.attributes(token)["email"] == email
    assert pool.attributes(token)["email_verified"] == "false"
    code = pool.code(Person(email, person.user_id))
    pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
    assert pool.attributes(token)["email_verified"] == "true"


def test_an_address_that_is_taken_is_refused(user_pool: UserPool, token: str) -> None:
    other = user_pool.new_person()
    with refused("AliasExistsException", "An account with the given email already exists."):
        update(user_pool, token, email=other.email.upper())


def test_a_verification_code_can_be_asked_for(user_pool: UserPool, person: Person, token: str) -> None:
    user_pool.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    user_pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=user_pool.code(person))
    with refused("ExpiredCodeException"):
        user_pool.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=user_pool.code(person))


def test_an_attribute_can_be_removed_unless_it_is_required(user_pool: UserPool, person: Person) -> None:
    client_id = user_pool.add_client({"WriteAttributes": ["email", "name", "nickname"], "ReadAttributes": None})
    token = user_pool.sign_in(person, client_id=client_id)["AccessToken"]
    update(user_pool, token, nickname="Countess")
    user_pool.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["nickname"])
    assert "nickname" not in user_pool.attributes(token)
    with refused("InvalidParameterException"):
        user_pool.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])


def test_a_password_is_changed_by_who_knows_it(user_pool: UserPool, person: Person, token: str) -> None:
    with refused("NotAuthorizedException", "Incorrect username or password."):
        user_pool.aws.change_password(
            AccessToken=token, PreviousPassword="Wrong-Password-1", ProposedPassword="Other-Horse-2"
        )
    with refused("InvalidPasswordException"):
        user_pool.aws.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="weak")
    user_pool.aws.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="Other-Horse-2")
    user_pool.sign_in(person, "Other-Horse-2")


def test_changing_the_password_is_limited_to_five_an_hour(user_pool: UserPool, token: str) -> None:
    for _ in range(5):
        with refused("NotAuthorizedException"):
            user_pool.aws.change_password(
                AccessToken=token, PreviousPassword="Wrong-Password-1", ProposedPassword="Other-Horse-2"
            )
    with refused("LimitExceededException"):
        user_pool.aws.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="Other-Horse-2")


def test_a_deleted_account_is_gone_and_its_address_free(user_pool: UserPool, person: Person, token: str) -> None:
    user_pool.aws.delete_user(AccessToken=token)
    with refused("UserNotFoundException"):
        user_pool.attributes(token)
    with refused("NotAuthorizedException", "Incorrect username or password."):
        user_pool.sign_in(person)
    assert user_pool.sign_up(person.email).user_id != person.user_id
