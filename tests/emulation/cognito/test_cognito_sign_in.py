import base64
import hashlib
import hmac
from uuid import uuid4

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.pool import PASSWORD, Person, UserPool, is_locked_out, new_email
from tests.emulation.cognito.sources import HIDDEN_USERS, LOCKOUT, api, guide
from tests.emulation.refusals import refused
from tests.eventually import wait_until

WRONG = "Incorrect username or password."


@pytest.mark.aws("InitiateAuth with the right password gives three tokens", api("InitiateAuth"))
def test_a_right_password_gives_tokens(user_pool: UserPool) -> None:
    answer = user_pool.start_sign_in(user_pool.new_person())
    assert answer["ChallengeParameters"] == {}
    result = answer["AuthenticationResult"]
    assert set(result) == {"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"}
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")


@pytest.mark.aws(
    "In a pool that is not case sensitive an address signs in whatever its case", guide("user-pool-case-sensitivity")
)
def test_an_address_signs_in_whatever_its_case(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    user_pool.sign_in(Person(person.email.upper(), person.user_id))


@pytest.mark.aws("The sub signs in too where addresses are user names", guide("user-pool-settings-attributes"))
def test_the_sub_signs_in_too(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    user_pool.sign_in(Person(person.user_id, person.user_id))


@pytest.mark.aws("A wrong password and an unknown user look alike where the client hides users", HIDDEN_USERS)
def test_a_wrong_password_and_an_unknown_user_look_alike(user_pool: UserPool) -> None:
    with refused("NotAuthorizedException", WRONG):
        user_pool.sign_in(user_pool.new_person(), "Wrong-Password-1")
    with refused("NotAuthorizedException", WRONG):
        user_pool.sign_in(Person(new_email(), ""))


@pytest.mark.aws("With PreventUserExistenceErrors LEGACY an unknown user is told so", HIDDEN_USERS)
def test_an_unknown_user_is_told_so_where_the_client_does_not_hide_users(user_pool: UserPool) -> None:
    client_id = user_pool.add_client({"PreventUserExistenceErrors": "LEGACY"})
    with refused("UserNotFoundException", "User does not exist."):
        user_pool.sign_in(Person(new_email(), ""), client_id=client_id)


@pytest.mark.aws(
    "An unconfirmed user is told so (UserNotConfirmedException), with the right password only", api("InitiateAuth")
)
def test_an_unconfirmed_user_is_told_so_with_the_right_password_only(user_pool: UserPool) -> None:
    person = user_pool.sign_up()
    with refused("UserNotConfirmedException", "User is not confirmed."):
        user_pool.sign_in(person)
    with refused("NotAuthorizedException", WRONG):
        user_pool.sign_in(person, "Wrong-Password-1")


@pytest.mark.aws("A disabled user cannot sign in", api("AdminDisableUser"))
def test_a_disabled_user_cannot_sign_in(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    user_pool.aws.admin_disable_user(UserPoolId=user_pool.id, Username=person.email)
    with refused("NotAuthorizedException", "User is disabled."):
        user_pool.sign_in(person)
    user_pool.aws.admin_enable_user(UserPoolId=user_pool.id, Username=person.email)
    user_pool.sign_in(person)


@pytest.mark.aws("A flow that ExplicitAuthFlows does not name is refused", api("CreateUserPoolClient"))
def test_a_flow_that_the_client_does_not_allow_is_refused(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    client_id = user_pool.add_client({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        user_pool.sign_in(person, client_id=client_id)


@pytest.mark.aws("InitiateAuth names a missing parameter (InvalidParameterException)", api("InitiateAuth"))
def test_a_missing_parameter_is_named(user_pool: UserPool) -> None:
    with refused("InvalidParameterException", "Missing required parameter PASSWORD"):
        user_pool.aws.initiate_auth(
            ClientId=user_pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "ada"}
        )


@pytest.mark.aws("Five wrong passwords lock out for a second", LOCKOUT)
def test_five_wrong_passwords_lock_out_for_a_second(user_pool: UserPool) -> None:
    def lock_out() -> Person | None:
        """Somebody who is locked out; None when this took longer than a second."""
        person = user_pool.new_person()
        for _ in range(5):
            with refused("NotAuthorizedException", WRONG):
                user_pool.sign_in(person, "Wrong-Password-1")
        return person if is_locked_out(lambda: user_pool.sign_in(person)) else None

    person = wait_until(lock_out)
    user_pool.endpoint.advance(1)
    user_pool.sign_in(person)


@pytest.mark.aws("A sign-in starts the count of wrong passwords anew", LOCKOUT)
def test_a_sign_in_starts_the_count_of_wrong_passwords_anew(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    for _ in range(2):
        for _ in range(4):
            with refused("NotAuthorizedException", WRONG):
                user_pool.sign_in(person, "Wrong-Password-1")
        user_pool.sign_in(person)


@pytest.mark.aws("A temporary password has to be replaced (NEW_PASSWORD_REQUIRED)", api("RespondToAuthChallenge"))
def test_a_temporary_password_has_to_be_replaced(user_pool: UserPool) -> None:
    email = new_email()
    created = user_pool.aws.admin_create_user(
        UserPoolId=user_pool.id, Username=email, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
    )
    person = Person(email, created["User"]["Username"])
    answer = user_pool.start_sign_in(person)
    assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = user_pool.aws.respond_to_auth_challenge(
        ClientId=user_pool.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=answer["Session"],
        ChallengeResponses={"USERNAME": email, "NEW_PASSWORD": "Other-Horse-2"},
    )
    assert answer["AuthenticationResult"]["AccessToken"]
    user_pool.sign_in(person, "Other-Horse-2")


@pytest.mark.aws("AdminInitiateAuth needs a client with ALLOW_ADMIN_USER_PASSWORD_AUTH", api("AdminInitiateAuth"))
def test_a_backend_signs_a_user_in_where_the_client_allows_it(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    client_id = user_pool.add_client({"ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]})

    def sign_in(client_id: str) -> str:
        answer = user_pool.aws.admin_initiate_auth(
            UserPoolId=user_pool.id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.email, "PASSWORD": PASSWORD},
        )
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token

    assert user_pool.attributes(sign_in(client_id))["sub"] == person.user_id
    with refused("InvalidParameterException"):
        sign_in(user_pool.client_id)


@pytest.mark.aws("A client with a secret asks for SECRET_HASH", guide("signing-up-users-in-your-app"))
def test_a_client_with_a_secret_asks_for_its_hash(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    created = user_pool.aws.create_user_pool_client(
        UserPoolId=user_pool.id,
        ClientName=f"client-{uuid4()}",
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]
    client_id = created["ClientId"]

    def initiate(flow: str, hashed_name: str | None, **parameters: str) -> str:
        if hashed_name:
            digest = hmac.digest(created["ClientSecret"].encode(), (hashed_name + client_id).encode(), hashlib.sha256)
            parameters["SECRET_HASH"] = base64.b64encode(digest).decode()
        answer = user_pool.aws.initiate_auth(ClientId=client_id, AuthFlow=flow, AuthParameters=parameters)
        token: str = answer["AuthenticationResult"].get("RefreshToken", "")
        return token

    credentials = {"USERNAME": person.email, "PASSWORD": PASSWORD}
    missing = f"Client {client_id} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", missing):
        initiate("USER_PASSWORD_AUTH", None, **credentials)
    with refused("NotAuthorizedException", f"SecretHash does not match for the client: {client_id}"):
        initiate("USER_PASSWORD_AUTH", "somebody", **credentials)
    token = initiate("USER_PASSWORD_AUTH", person.email, **credentials)
    with refused("NotAuthorizedException", missing):
        initiate("REFRESH_TOKEN_AUTH", None, REFRESH_TOKEN=token)
    initiate("REFRESH_TOKEN_AUTH", person.user_id, REFRESH_TOKEN=token)
    with refused("NotAuthorizedException"):
        user_pool.refresh(token, client_id)


@pytest.mark.aws("Users of one pool are unknown in another", guide("cognito-user-pools"))
def test_people_of_one_pool_are_unknown_in_another(user_pool: UserPool, aws: AwsEndpoint) -> None:
    person = user_pool.new_person()
    with refused("NotAuthorizedException", WRONG):
        UserPool(aws).sign_in(person)


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "CUSTOM_AUTH"])
def test_what_is_not_emulated_says_so_at_once(user_pool: UserPool, flow: str) -> None:
    client_id = user_pool.add_client({"ExplicitAuthFlows": [f"ALLOW_{flow}"]})
    with pytest.raises(user_pool.aws.exceptions.ClientError) as raised:
        user_pool.aws.initiate_auth(ClientId=client_id, AuthFlow=flow, AuthParameters={"USERNAME": "ada"})
    assert raised.value.response["Error"]["Code"] == "NotImplemented"
