import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.pool import PASSWORD, UserPool, new_email
from tests.emulation.cognito.sources import HIDDEN_USERS, MESSAGES, PASSWORDS, QUOTAS, api, guide
from tests.emulation.refusals import refused

EXPIRED = "Invalid code provided, please request a code again."


@pytest.mark.aws(
    "SignUp makes an unconfirmed user named by the sub and says, masked, where the code went", api("SignUp")
)
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


@pytest.mark.aws("SignUp refuses a weak password and names the broken rule (InvalidPasswordException)", PASSWORDS)
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


@pytest.mark.aws("A password may have 256 characters", api("SignUp"))
def test_a_password_may_have_256_characters(user_pool: UserPool) -> None:
    user_pool.sign_up(password="Aa1-" * 64)
    with refused("InvalidParameterException"):
        user_pool.sign_up(password="Aa1-" * 64 + "x")


@pytest.mark.aws("SignUp refuses to leave a required attribute out", api("SchemaAttributeType"))
def test_a_required_attribute_must_be_given(user_pool: UserPool) -> None:
    with refused(
        "InvalidParameterException", "Attributes did not conform to the schema: name: The attribute is required\n"
    ):
        user_pool.aws.sign_up(ClientId=user_pool.client_id, Username=new_email(), Password=PASSWORD)


@pytest.mark.aws("Where addresses sign in the user name must be an address", guide("user-pool-settings-attributes"))
def test_a_username_must_be_an_address_where_addresses_sign_in(user_pool: UserPool) -> None:
    with refused("InvalidParameterException", "Username should be an email."):
        user_pool.sign_up("ada")


@pytest.mark.aws(
    "SignUp refuses sub, email_verified and what the client may not write", guide("user-pool-settings-attributes")
)
@pytest.mark.parametrize("attribute", ["sub", "email_verified", "nickname"])
def test_an_attribute_that_the_client_may_not_write_is_refused(user_pool: UserPool, attribute: str) -> None:
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        user_pool.aws.sign_up(
            ClientId=user_pool.client_id,
            Username=new_email(),
            Password=PASSWORD,
            UserAttributes=[{"Name": "name", "Value": "Ada"}, {"Name": attribute, "Value": "true"}],
        )


@pytest.mark.aws("An address that has an account is refused (UsernameExistsException)", api("SignUp"))
def test_an_address_that_has_an_account_is_refused(user_pool: UserPool) -> None:
    with refused("UsernameExistsException"):
        user_pool.sign_up(user_pool.sign_up().email)


@pytest.mark.aws(
    "In a pool that is not case sensitive an address has one account whatever its case",
    guide("user-pool-case-sensitivity"),
)
def test_an_address_has_one_account_whatever_its_case(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    with refused("UsernameExistsException", "An account with the given email already exists."):
        user_pool.sign_up(person.email.upper())
    user = user_pool.aws.admin_get_user(UserPoolId=user_pool.id, Username=person.email.upper())
    assert user["Username"] == person.user_id


@pytest.mark.aws("A case sensitive pool tells addresses apart by case", guide("user-pool-case-sensitivity"))
def test_a_case_sensitive_pool_tells_addresses_apart(aws: AwsEndpoint) -> None:
    pool = UserPool(aws, {"UsernameConfiguration": {"CaseSensitive": True}})
    person = pool.sign_up()
    assert pool.sign_up(person.email.upper()).user_id != person.user_id


@pytest.mark.aws("An unknown client is named (ResourceNotFoundException)", api("SignUp"))
def test_an_unknown_client_is_named(user_pool: UserPool) -> None:
    with refused("ResourceNotFoundException", "User pool client nobody does not exist."):
        user_pool.aws.sign_up(ClientId="nobody", Username=new_email(), Password=PASSWORD)


@pytest.mark.aws(
    "With CONFIRM_WITH_LINK the mail has a link to the pool's domain that confirms once",
    api("VerificationMessageTemplateType"),
)
def test_the_mail_has_a_link_that_confirms_once(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    mail = user_pool.last_mail(person)
    (link,) = mail["links"]
    assert mail["subject"] == "Your verification link"
    assert mail["codes"] == []
    assert f"user_name={person.user_id}" in link
    assert link.replace("&", "&amp;") in mail["html"]
    query = link.partition("?")[2]
    status, page = user_pool.endpoint.open_domain_page(query)
    assert status == 200
    assert "Your registration has been confirmed!" in page
    status, page = user_pool.endpoint.open_domain_page(query)
    assert status == 400
    assert "User cannot be confirmed. Current status is CONFIRMED" in page
    user_pool.sign_in(person)


@pytest.mark.aws("A link with a wrong code, or without one, does not confirm", api("VerificationMessageTemplateType"))
def test_a_link_with_a_wrong_code_or_without_one_does_not_confirm(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    query = f"client_id={user_pool.client_id}&user_name={person.user_id}&confirmation_code="
    open_page = user_pool.endpoint.open_domain_page
    assert open_page(query + user_pool.wrong_code(person))[0] == 400
    assert open_page(query)[0] == 400
    assert open_page(query + user_pool.code(person))[0] == 200


def test_the_page_escapes_what_it_shows(user_pool: UserPool) -> None:
    _, page = user_pool.endpoint.open_domain_page("client_id=%3Cscript%3E&user_name=a&confirmation_code=1")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


@pytest.mark.aws("A pool that mails codes uses its own subject and message", MESSAGES)
def test_a_pool_that_sends_codes_mails_its_own_words(aws: AwsEndpoint) -> None:
    template = {
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
        "EmailSubject": "Welcome",
        "EmailMessage": "<b>Hello!</b> Type {####} &amp; go.",
    }
    pool = UserPool(aws, {"VerificationMessageTemplate": template})
    person = pool.sign_up()
    mail = pool.last_mail(person)
    assert mail["subject"] == "Welcome"
    assert mail["text"] == f"Hello!  Type {mail['codes'][0]} & go."
    assert "<b>Hello!</b>" in mail["html"]
    pool.confirm(person, mail["codes"][0])


@pytest.mark.aws("A pool that mails links uses its own subject and message", MESSAGES)
def test_a_pool_that_sends_links_mails_its_own_words(aws: AwsEndpoint) -> None:
    template = {
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
        "EmailSubjectByLink": "One more step",
        "EmailMessageByLink": "Please {##click here##}.",
    }
    pool = UserPool(aws, {"VerificationMessageTemplate": template})
    person = pool.sign_up()
    mail = pool.last_mail(person)
    assert mail["subject"] == "One more step"
    assert ">click here</a>" in mail["html"]
    assert aws.open_domain_page(mail["links"][0].partition("?")[2])[0] == 200


@pytest.mark.aws(
    "ConfirmSignUp refuses a wrong code (CodeMismatchException); the right one still works", api("ConfirmSignUp")
)
def test_a_wrong_code_is_refused_and_the_right_one_still_works(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        user_pool.confirm(person, user_pool.wrong_code(person))
    user_pool.confirm(person)


@pytest.mark.aws("A confirmation verifies the address", guide("signing-up-users-in-your-app"))
def test_a_confirmation_verifies_the_address(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    user_pool.confirm(person)
    assert user_pool.attributes(user_pool.sign_in(person)["AccessToken"])["email_verified"] == "true"


@pytest.mark.aws("A confirmed user cannot be confirmed again (NotAuthorizedException)", api("ConfirmSignUp"))
def test_a_confirmed_user_cannot_be_confirmed_again(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    code = user_pool.code(person)
    user_pool.confirm(person)
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        user_pool.confirm(person, code)


@pytest.mark.aws("A confirmation code expires after 24 hours", QUOTAS)
def test_a_confirmation_code_lives_24_hours(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    user_pool.endpoint.advance(24 * 3600)
    with refused("ExpiredCodeException", EXPIRED):
        user_pool.confirm(person)


@pytest.mark.aws("ResendConfirmationCode mails a code that replaces the former one", api("ResendConfirmationCode"))
def test_a_resent_code_replaces_the_former_one(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    former = user_pool.code(person)
    answer = user_pool.aws.resend_confirmation_code(ClientId=user_pool.client_id, Username=person.email)
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    if user_pool.code(person) != former:
        with refused("CodeMismatchException"):
            user_pool.confirm(person, former)
    user_pool.confirm(person)


@pytest.mark.aws("A confirmed user gets no further confirmation code", api("ResendConfirmationCode"))
def test_a_confirmed_user_gets_no_further_code(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    user_pool.aws.resend_confirmation_code(ClientId=user_pool.client_id, Username=person.email)
    assert len(user_pool.endpoint.mails(person.email)) == 1
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("InvalidParameterException", "User is already confirmed."):
        user_pool.aws.resend_confirmation_code(ClientId=client_id, Username=person.email)


@pytest.mark.aws("ConfirmSignUp is limited to 15 tries an hour (LimitExceededException)", QUOTAS)
def test_confirming_is_limited_to_15_tries_an_hour(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    bad = user_pool.wrong_code(person)
    for _ in range(15):
        with refused("CodeMismatchException"):
            user_pool.confirm(person, bad)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        user_pool.confirm(person)
    user_pool.endpoint.advance(3600)
    user_pool.confirm(person)


@pytest.mark.aws(
    "ConfirmSignUp and ResendConfirmationCode do not tell an unknown user where the client hides users", HIDDEN_USERS
)
def test_an_unknown_user_is_not_told_so_where_the_client_hides_users(user_pool: UserPool) -> None:
    email = new_email()
    with refused("ExpiredCodeException", EXPIRED):
        user_pool.aws.confirm_sign_up(ClientId=user_pool.client_id, Username=email, ConfirmationCode="123456")
    answer = user_pool.aws.resend_confirmation_code(ClientId=user_pool.client_id, Username=email)
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    assert user_pool.endpoint.mails(email) == []


@pytest.mark.aws("With PreventUserExistenceErrors LEGACY ConfirmSignUp tells an unknown user", HIDDEN_USERS)
def test_an_unknown_user_is_told_so_where_the_client_does_not_hide_users(user_pool: UserPool) -> None:
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("UserNotFoundException", "Username/client id combination not found."):
        user_pool.aws.confirm_sign_up(ClientId=client_id, Username=new_email(), ConfirmationCode="123456")
