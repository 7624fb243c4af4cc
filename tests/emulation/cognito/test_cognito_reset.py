import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.pool import Person, UserPool, new_email
from tests.emulation.cognito.sources import HIDDEN_USERS, QUOTAS, api
from tests.emulation.refusals import refused

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


@pytest.mark.aws("ForgotPassword mails a code that sets a new password once", api("ConfirmForgotPassword"))
def test_a_mailed_code_sets_a_new_password_once(user_pool: UserPool, person: Person) -> None:
    details = forget(user_pool, person.email)
    mail = user_pool.last_mail(person)
    assert details == {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}
    assert mail["links"] == []
    code = user_pool.code(person)
    assert mail["text"] == f"Your password reset code is {code}"
    reset(user_pool, person, code)
    user_pool.sign_in(person, NEW_PASSWORD)
    with refused("NotAuthorizedException"):
        user_pool.sign_in(person)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        reset(user_pool, person, code)


@pytest.mark.aws("ConfirmForgotPassword refuses a wrong code (CodeMismatchException)", api("ConfirmForgotPassword"))
def test_a_wrong_code_is_refused(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        reset(user_pool, person, user_pool.wrong_code(person))
    reset(user_pool, person, user_pool.code(person))


@pytest.mark.aws(
    "ConfirmForgotPassword obeys the password policy, and a refusal does not use the code up",
    api("ConfirmForgotPassword"),
)
def test_a_weak_password_is_refused_and_does_not_use_the_code_up(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        reset(user_pool, person, user_pool.code(person), "Aa1!")
    reset(user_pool, person, user_pool.code(person))


@pytest.mark.aws("A reset code expires after an hour", QUOTAS)
def test_a_reset_code_lives_an_hour(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    user_pool.endpoint.advance(3600)
    with refused("ExpiredCodeException"):
        reset(user_pool, person, user_pool.code(person))


@pytest.mark.aws("A reset code that was never sent is refused (ExpiredCodeException)", api("ConfirmForgotPassword"))
def test_a_code_that_was_never_sent_has_expired(user_pool: UserPool, person: Person) -> None:
    with refused("ExpiredCodeException"):
        reset(user_pool, person, "123456")


@pytest.mark.aws("ForgotPassword is limited to a few requests an hour (LimitExceededException)", QUOTAS)
def test_codes_are_limited_to_five_an_hour(user_pool: UserPool, person: Person) -> None:
    for _ in range(5):
        forget(user_pool, person.email)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        forget(user_pool, person.email)
    user_pool.endpoint.advance(3600)
    forget(user_pool, person.email)


@pytest.mark.aws("ConfirmForgotPassword is limited to a few tries an hour (LimitExceededException)", QUOTAS)
def test_tries_are_limited_to_five_an_hour(user_pool: UserPool, person: Person) -> None:
    forget(user_pool, person.email)
    for _ in range(5):
        with refused("CodeMismatchException"):
            reset(user_pool, person, user_pool.wrong_code(person))
    with refused("LimitExceededException"):
        reset(user_pool, person, user_pool.code(person))


@pytest.mark.aws(
    "ForgotPassword answers for an unknown user as for a known one where the client hides users", HIDDEN_USERS
)
def test_an_unknown_user_is_answered_like_a_known_one(user_pool: UserPool) -> None:
    email = new_email()
    assert forget(user_pool, email)["Destination"] == "a***@e***"
    assert user_pool.endpoint.mails(email) == []
    with refused("CodeMismatchException"):
        reset(user_pool, Person(email, ""), "123456")


@pytest.mark.aws(
    "ForgotPassword answers for a user without a verified address as for any other, and mails nothing", HIDDEN_USERS
)
def test_an_unconfirmed_user_gets_no_code(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    before = len(user_pool.endpoint.mails(person.email))
    assert forget(user_pool, person.email)["DeliveryMedium"] == "EMAIL"
    assert len(user_pool.endpoint.mails(person.email)) == before


@pytest.mark.aws("With PreventUserExistenceErrors LEGACY ForgotPassword tells why no code is sent", HIDDEN_USERS)
def test_a_client_that_does_not_hide_users_tells_why(user_pool: UserPool) -> None:
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("UserNotFoundException", "Username/client id combination not found."):
        forget(user_pool, new_email(), client_id)
    with refused(
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    ):
        forget(user_pool, user_pool.sign_up().email, client_id)


@pytest.mark.aws("With account recovery admin_only users cannot ask for a code", api("RecoveryOptionType"))
def test_where_only_administrators_reset_no_code_is_sent(aws: AwsEndpoint) -> None:
    recovery = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
    pool = UserPool(aws, {"AccountRecoverySetting": recovery})
    with refused("NotAuthorizedException", "Contact administrator to reset password."):
        forget(pool, pool.new_person().email)


@pytest.mark.aws("A password reset leaves the tokens given out before good", api("ConfirmForgotPassword"))
def test_a_reset_leaves_tokens_good(user_pool: UserPool, person: Person) -> None:
    result = user_pool.sign_in(person)
    forget(user_pool, person.email)
    reset(user_pool, person, user_pool.code(person))
    user_pool.attributes(result["AccessToken"])
    user_pool.refresh(result["RefreshToken"])


@pytest.mark.aws(
    "After AdminResetUserPassword sign-in is refused until the mailed code was used (PasswordResetRequiredException)",
    api("AdminResetUserPassword"),
)
def test_a_reset_by_an_administrator_asks_for_the_mailed_code(user_pool: UserPool, person: Person) -> None:
    user_pool.aws.admin_reset_user_password(UserPoolId=user_pool.id, Username=person.email)
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        user_pool.sign_in(person)
    reset(user_pool, person, user_pool.code(person))
    user_pool.sign_in(person, NEW_PASSWORD)
