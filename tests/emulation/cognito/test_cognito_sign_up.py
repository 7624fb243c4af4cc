import pytest

from emulation.cloud.errors import AwsError
from tests.emulation.cognito.endpoint import CognitoEndpoint, open_page, refused
from tests.emulation.cognito.pool import PASSWORD, UserPool, new_email, wrong

EXPIRED = "Invalid code provided, please request a code again."


def test_a_new_user_is_unconfirmed_and_named_by_the_sub(user_pool: UserPool) -> None:
    email = new_email()
    answer = user_pool.aws.sign_up(
        ClientId=user_pool.client_id,
        Username=email,
        Password=PASSWORD,
        UserAttributes=[{"Name": "name", "Value": "Ada"}],
    )
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {
        "AttributeName": "email",
        "DeliveryMedium": "EMAIL",
        "Destination": "a***@e***",
    }
    user = user_pool.aws.admin_get_user(UserPoolId=user_pool.id, Username=email)
    assert user["Username"] == answer["UserSub"]
    assert user["UserStatus"] == "UNCONFIRMED"
    assert {"Name": "email_verified", "Value": "false"} in user["UserAttributes"]


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Aa1!", "Password not long enough"),
        ("lower-case-1", "Password must have uppercase characters"),
        ("UPPER-CASE-1", "Password must have lowercase characters"),
        ("Without-Number", "Password must have numeric characters"),
        ("WithoutSymbol1", "Password must have symbol characters"),
    ],
)
def test_a_weak_password_is_told_the_rule_that_it_breaks(user_pool: UserPool, password: str, rule: str) -> None:
    with refused("InvalidPasswordException", f"Password did not conform with policy: {rule}"):
        user_pool.sign_up(password=password)


def test_a_password_may_have_256_characters(user_pool: UserPool) -> None:
    user_pool.sign_up(password="Aa1-" * 64)
    with refused("InvalidParameterException"):
        user_pool.sign_up(password="Aa1-" * 64 + "x")


def test_a_required_attribute_must_be_given(user_pool: UserPool) -> None:
    with refused(
        "InvalidParameterException", "Attributes did not conform to the schema: name: The attribute is required\n"
    ):
        user_pool.aws.sign_up(ClientId=user_pool.client_id, Username=new_email(), Password=PASSWORD)


def test_a_username_must_be_an_address_where_addresses_sign_in(user_pool: UserPool) -> None:
    with refused("InvalidParameterException", "Username should be an email."):
        user_pool.sign_up("ada")


@pytest.mark.parametrize("attribute", ["sub", "email_verified", "nickname"])
def test_an_attribute_that_the_client_may_not_write_is_refused(user_pool: UserPool, attribute: str) -> None:
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        user_pool.aws.sign_up(
            ClientId=user_pool.client_id,
            Username=new_email(),
            Password=PASSWORD,
            UserAttributes=[{"Name": "name", "Value": "Ada"}, {"Name": attribute, "Value": "true"}],
        )


def test_an_address_has_one_account_whatever_its_case(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    with refused("UsernameExistsException", "An account with the given email already exists."):
        user_pool.sign_up(person.email.upper())
    user = user_pool.aws.admin_get_user(UserPoolId=user_pool.id, Username=person.email.upper())
    assert user["Username"] == person.user_id


def test_a_case_sensitive_pool_tells_addresses_apart(cognito: CognitoEndpoint) -> None:
    pool = UserPool(cognito, {"UsernameConfiguration": {"CaseSensitive": True}})
    person = pool.sign_up()
    assert pool.sign_up(person.email.upper()).user_id != person.user_id


def test_an_unknown_client_is_named(user_pool: UserPool) -> None:
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        user_pool.aws.sign_up(ClientId="nobody", Username=new_email(), Password=PASSWORD)


def test_the_mail_has_a_link_that_confirms_once(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    (mail,) = user_pool.endpoint.mails(person.email)
    (link,) = mail["links"]
    assert mail["subject"] == "Your verification link"
    assert mail["codes"] == []
    assert f"user_name={person.user_id}" in link
    assert link.replace("&", "&amp;") in mail["html"]
    status, page = open_page(link)
    assert status == 200
    assert "Your registration has been confirmed!" in page
    status, page = open_page(link)
    assert status == 400
    assert "User cannot be confirmed. Current status is CONFIRMED" in page
    user_pool.sign_in(person)


def test_a_link_with_a_wrong_code_or_without_one_does_not_confirm(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    link = user_pool.endpoint.mails(person.email)[0]["links"][0]
    before, _, code = link.rpartition("=")
    assert open_page(f"{before}={wrong(code)}")[0] == 400
    assert open_page(f"{before}=")[0] == 400
    assert open_page(f"{before}={code}")[0] == 200


def test_the_page_escapes_what_it_shows(user_pool: UserPool) -> None:
    _, page = open_page(
        f"{user_pool.endpoint.url}/domain/confirmUser?client_id=%3Cscript%3E&user_name=a&confirmation_code=1"
    )
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_a_pool_that_sends_codes_mails_its_own_words(cognito: CognitoEndpoint) -> None:
    template = {
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
        "EmailSubject": "Welcome",
        "EmailMessage": "<b>Hello!</b> Type {####} &amp; go.",
    }
    pool = UserPool(cognito, {"VerificationMessageTemplate": template})
    person = pool.sign_up()
    (mail,) = cognito.mails(person.email)
    assert mail["subject"] == "Welcome"
    assert mail["text"] == f"Hello!  Type {mail['codes'][0]} & go."
    assert "<b>Hello!</b>" in mail["html"]
    pool.confirm(person, mail["codes"][0])


def test_a_pool_that_sends_links_mails_its_own_words(cognito: CognitoEndpoint) -> None:
    template = {
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
        "EmailSubjectByLink": "One more step",
        "EmailMessageByLink": "Please {##click here##}.",
    }
    pool = UserPool(cognito, {"VerificationMessageTemplate": template})
    person = pool.sign_up()
    (mail,) = cognito.mails(person.email)
    assert mail["subject"] == "One more step"
    assert ">click here</a>" in mail["html"]
    assert open_page(mail["links"][0])[0] == 200


def test_a_wrong_code_is_refused_and_the_right_one_still_works(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        user_pool.confirm(person, wrong(user_pool.code(person)))
    user_pool.confirm(person)


def test_a_confirmation_verifies_the_address(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    assert user_pool.attributes(user_pool.sign_in(person)["AccessToken"])["email_verified"] == "true"


def test_a_confirmed_user_cannot_be_confirmed_again(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    code = user_pool.code(person)
    user_pool.confirm(person)
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        user_pool.confirm(person, code)


def test_a_confirmation_code_lives_24_hours(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    user_pool.endpoint.advance(24 * 3600)
    with refused("ExpiredCodeException", EXPIRED):
        user_pool.confirm(person)


def test_a_resent_code_replaces_the_former_one(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    former = user_pool.code(person)
    answer = user_pool.aws.resend_confirmation_code(ClientId=user_pool.client_id, Username=person.email)
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    if user_pool.code(person) != former:
        with refused("CodeMismatchException"):
            user_pool.confirm(person, former)
    user_pool.confirm(person)


def test_a_confirmed_user_gets_no_further_code(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    user_pool.aws.resend_confirmation_code(ClientId=user_pool.client_id, Username=person.email)
    assert len(user_pool.endpoint.mails(person.email)) == 1
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("InvalidParameterException", "User is already confirmed."):
        user_pool.aws.resend_confirmation_code(ClientId=client_id, Username=person.email)


def test_confirming_is_limited_to_15_tries_an_hour(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    bad = wrong(user_pool.code(person))
    for _ in range(15):
        with refused("CodeMismatchException"):
            user_pool.confirm(person, bad)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        user_pool.confirm(person)
    user_pool.endpoint.advance(3600)
    user_pool.confirm(person)


def test_an_unknown_user_is_not_told_so_where_the_client_hides_users(user_pool: UserPool) -> None:
    email = new_email()
    with refused("ExpiredCodeException", EXPIRED):
        user_pool.aws.confirm_sign_up(ClientId=user_pool.client_id, Username=email, ConfirmationCode="123456")
    answer = user_pool.aws.resend_confirmation_code(ClientId=user_pool.client_id, Username=email)
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    assert user_pool.endpoint.mails(email) == []


def test_an_unknown_user_is_told_so_where_the_client_does_not_hide_users(user_pool: UserPool) -> None:
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("UserNotFoundException", "Username/client id combination not found."):
        user_pool.aws.confirm_sign_up(ClientId=client_id, Username=new_email(), ConfirmationCode="123456")


def test_the_trigger_comes_after_the_confirmation(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    (event,) = user_pool.endpoint.events_of(person.user_id)
    assert event["pool"] == user_pool.id
    assert event["name"] == "PostConfirmation"
    assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    assert event["callerContext"]["clientId"] == user_pool.client_id
    assert event["request"]["userAttributes"] == {
        "sub": person.user_id,
        "email": person.email,
        "name": "Ada",
        "email_verified": "true",
        "cognito:user_status": "CONFIRMED",
    }


def test_a_failing_trigger_is_told_though_the_user_stays_confirmed(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    user_pool.endpoint.trigger_failure = AwsError("UserLambdaValidationException", "PostConfirmation failed")
    try:
        with refused("UserLambdaValidationException", "PostConfirmation failed"):
            user_pool.confirm(person)
    finally:
        user_pool.endpoint.trigger_failure = None
    user_pool.sign_in(person)
