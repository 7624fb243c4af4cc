import pytest

from tests.emulation.cognito.endpoint import CognitoEndpoint, refused
from tests.emulation.cognito.pool import Person, UserPool, new_email, wrong

NEW_PASSWORD = "Other-Horse-2"


def forget(pool: UserPool, email: str, client_id: str | None = None) -> dict[str, str]:
    answer = pool.aws.forgot_password(ClientId=client_id or pool.client_id, Username=email)
    details: dict[str, str] = answer["CodeDeliveryDetails"]
    return details


def reset(
    pool: UserPool, person: Person, code: str, password: str = NEW_PASSWORD, client_id: str | None = None
) -> None:
    pool.aws.confirm_forgot_password(
        ClientId=client_id or pool.client_id, Username=person.email, ConfirmationCode=code, Password=password
    )


@pytest.fixture
def person(user_pool: UserPool) -> Person:
    return user_pool.new_person()


def test_a_mailed_code_sets_a_new_password_once(user_pool: UserPool, person: Person) -> None:
    details = forget(user_pool, person.email)
    assert details == {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}
    mail = user_pool.endpoint.mails(person.email)[-1]
    assert mail["links"] == []
    code = user_pool.code(person)
    assert mail["text"] == f"Your password reset code is {code}"
    reset(user_pool, person, code)
    user_pool.sign_in(person, NEW_PASSWORD)
    with refused("NotAuthorizedException"):
        user_pool.sign_in(person)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        reset(user_pool, person, code)


def test_a_wrong_code_is_refused(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        reset(user_pool, person, wrong(user_pool.code(person)))
    reset(user_pool, person, user_pool.code(person))


def test_a_weak_password_is_refused_and_does_not_use_the_code_up(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        reset(user_pool, person, user_pool.code(person), "Aa1!")
    reset(user_pool, person, user_pool.code(person))


def test_a_reset_code_lives_an_hour(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    user_pool.endpoint.advance(3600)
    with refused("ExpiredCodeException"):
        reset(user_pool, person, user_pool.code(person))


def test_a_code_that_was_never_sent_has_expired(user_pool: UserPool, person: Person) -> None:
    with refused("ExpiredCodeException"):
        reset(user_pool, person, "123456")


def test_codes_are_limited_to_five_an_hour(user_pool: UserPool, person: Person) -> None:
    for _ in range(5):
        forget(user_pool, person.email)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        forget(user_pool, person.email)
    user_pool.endpoint.advance(3600)
    forget(user_pool, person.email)


def test_tries_are_limited_to_five_an_hour(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    code = user_pool.code(person)
    for _ in range(5):
        with refused("CodeMismatchException"):
            reset(user_pool, person, wrong(code))
    with refused("LimitExceededException"):
        reset(user_pool, person, code)


def test_an_unknown_user_is_answered_like_a_known_one(user_pool: UserPool) -> None:
    email = new_email()
    assert forget(user_pool, email)["Destination"] == "a***@e***"
    assert user_pool.endpoint.mails(email) == []
    with refused("CodeMismatchException"):
        reset(user_pool, Person(email, ""), "123456")


def test_an_unconfirmed_user_gets_no_code(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    before = len(user_pool.endpoint.mails(person.email))
    assert forget(user_pool, person.email)["DeliveryMedium"] == "EMAIL"
    assert len(user_pool.endpoint.mails(person.email)) == before


def test_a_client_that_does_not_hide_users_tells_why(user_pool: UserPool) -> None:
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("UserNotFoundException", "Username/client id combination not found."):
        forget(user_pool, new_email(), client_id)
    with refused(
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    ):
        forget(user_pool, user_pool.sign_up().email, client_id)


def test_where_only_administrators_reset_no_code_is_sent(cognito: CognitoEndpoint) -> None:
    recovery = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    pool = UserPool(cognito, {"AccountRecoverySetting": recovery})
    with refused("NotAuthorizedException", "Contact administrator to reset password."):
        forget(pool, pool.new_person().email)


def test_a_reset_runs_the_trigger(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    reset(user_pool, person, user_pool.code(person))
    event = user_pool.endpoint.events_of(person.user_id)[-1]
    assert event["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"


def test_a_reset_leaves_tokens_good(user_pool: UserPool, person: Person) -> None:
    result = user_pool.sign_in(person)
    forget(user_pool, person.email)
    reset(user_pool, person, user_pool.code(person))
    user_pool.attributes(result["AccessToken"])
    user_pool.refresh(result["RefreshToken"])


def test_a_reset_by_an_administrator_asks_for_the_mailed_code(user_pool: UserPool, person: Person) -> None:
    user_pool.aws.admin_reset_user_password(UserPoolId=user_pool.id, Username=person.email)
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        user_pool.sign_in(person)
    reset(user_pool, person, user_pool.code(person))
    user_pool.sign_in(person, NEW_PASSWORD)
