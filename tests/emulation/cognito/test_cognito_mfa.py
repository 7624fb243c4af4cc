import time
from datetime import UTC, datetime
from typing import Any

import pytest

from emulation.cloud.cognito.totp import STEP_SECONDS, code_at, matching_step
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.pool import Person, UserPool, is_locked_out, wrong
from tests.emulation.cognito.sources import LOCKOUT, TOTP, api
from tests.emulation.refusals import refused
from tests.eventually import wait_until


def code(secret: str, later_steps: int = 0) -> str:
    # An authenticator takes a secret without its padding and in any case.
    padded = secret.upper() + "=" * (-len(secret) % 8)
    return code_at(padded, int(time.time()) // STEP_SECONDS + later_steps)


def unused_code(secret: str) -> str:
    """A code of the window that is not the one used to verify the secret, without waiting for the next step."""
    return code(secret, later_steps=1)


def enable(pool: UserPool, person: Person) -> str:
    """Set up an authenticator; its secret."""
    token = pool.sign_in(person)["AccessToken"]
    secret: str = pool.aws.associate_software_token(AccessToken=token)["SecretCode"]
    pool.aws.verify_software_token(AccessToken=token, UserCode=code(secret), FriendlyDeviceName="phone")
    pool.aws.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    return secret


def answer(pool: UserPool, person: Person, session: str, mfa_code: str) -> dict[str, Any]:
    found: dict[str, Any] = pool.aws.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=session,
        ChallengeResponses={"USERNAME": person.email, "SOFTWARE_TOKEN_MFA_CODE": mfa_code},
    )
    return found


@pytest.fixture
def person(user_pool: UserPool) -> Person:
    return user_pool.new_person()


@pytest.mark.parametrize(
    ("seconds", "expected"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_rfc_6238(seconds: int, expected: str) -> None:
    assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds // STEP_SECONDS) == expected


def test_a_code_is_good_one_step_before_and_after() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    step = int(now.timestamp()) // STEP_SECONDS
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [matching_step(secret, code_at(secret, step + late), now) is not None for late in (-2, -1, 0, 1, 2)] == [
        False,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.aws("A user with an authenticator is challenged for its code (SOFTWARE_TOKEN_MFA)", TOTP)
def test_who_set_up_an_authenticator_is_asked_for_its_code(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    challenge = user_pool.start_sign_in(person)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "phone"
    assert "AuthenticationResult" not in challenge
    result = answer(user_pool, person, challenge["Session"], unused_code(secret))["AuthenticationResult"]
    user = user_pool.aws.get_user(AccessToken=result["AccessToken"])
    assert user["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert user["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.aws(
    "A wrong authenticator code is refused (CodeMismatchException) and can be tried again",
    api("RespondToAuthChallenge"),
)
def test_a_wrong_code_is_refused_and_the_session_stays(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    right = unused_code(secret)
    with refused("CodeMismatchException", "Invalid code received for user"):
        answer(user_pool, person, session, wrong(right))
    answer(user_pool, person, session, right)


@pytest.mark.aws("An authenticator code is good once (ExpiredCodeException)", TOTP)
def test_a_code_is_good_once(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    right = unused_code(secret)
    answer(user_pool, person, user_pool.start_sign_in(person)["Session"], right)
    with refused("ExpiredCodeException", "Your software token has already been used once."):
        answer(user_pool, person, user_pool.start_sign_in(person)["Session"], right)


@pytest.mark.aws("The session of a challenge is good once", api("RespondToAuthChallenge"))
def test_a_session_is_good_once(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    answer(user_pool, person, session, unused_code(secret))
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        answer(user_pool, person, session, unused_code(secret))


@pytest.mark.aws(
    "The session of a challenge lives AuthSessionValidity, by default 3 minutes", api("CreateUserPoolClient")
)
def test_a_session_lives_three_minutes(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    user_pool.endpoint.advance(180)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        answer(user_pool, person, session, unused_code(secret))


@pytest.mark.aws("The session of a challenge belongs to its user", api("RespondToAuthChallenge"))
def test_a_session_belongs_to_its_user(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    with refused("NotAuthorizedException", "Invalid session for the user."):
        answer(user_pool, user_pool.new_person(), session, unused_code(secret))


@pytest.mark.aws("The answer to a challenge needs USERNAME", api("RespondToAuthChallenge"))
def test_the_answer_needs_the_username(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    with refused("InvalidParameterException", "Missing required parameter USERNAME"):
        user_pool.aws.respond_to_auth_challenge(
            ClientId=user_pool.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=session,
            ChallengeResponses={"SOFTWARE_TOKEN_MFA_CODE": unused_code(secret)},
        )


@pytest.mark.aws("Wrong authenticator codes lock out as wrong passwords do", LOCKOUT)
def test_five_wrong_codes_lock_out(user_pool: UserPool) -> None:
    def lock_out() -> tuple[Person, str, str] | None:
        """Who is locked out, the session and the right code; None when this took longer than a second."""
        person = user_pool.new_person()
        secret = enable(user_pool, person)
        session = user_pool.start_sign_in(person)["Session"]
        right = unused_code(secret)
        for _ in range(5):
            with refused("CodeMismatchException"):
                answer(user_pool, person, session, wrong(right))
        locked_out = is_locked_out(lambda: answer(user_pool, person, session, right))
        return (person, session, right) if locked_out else None

    person, session, right = wait_until(lock_out)
    user_pool.endpoint.advance(1)
    answer(user_pool, person, session, right)


@pytest.mark.aws("Every user has a TOTP secret of their own", api("AssociateSoftwareToken"))
def test_every_user_has_a_secret_of_their_own(user_pool: UserPool, person: Person) -> None:
    assert enable(user_pool, person) != enable(user_pool, user_pool.new_person())


@pytest.mark.aws(
    "VerifySoftwareToken with a wrong code sets nothing up (EnableSoftwareTokenMFAException)",
    api("VerifySoftwareToken"),
)
def test_a_wrong_code_sets_nothing_up(user_pool: UserPool, person: Person) -> None:
    token = user_pool.sign_in(person)["AccessToken"]
    secret = user_pool.aws.associate_software_token(AccessToken=token)["SecretCode"]
    with refused("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA"):
        user_pool.aws.verify_software_token(AccessToken=token, UserCode=wrong(code(secret)))
    with refused("InvalidParameterException", "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"):
        user_pool.aws.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True})
    user_pool.sign_in(person)


@pytest.mark.aws(
    "VerifySoftwareToken without a secret is refused (SoftwareTokenMFANotFoundException)", api("VerifySoftwareToken")
)
def test_a_code_without_a_secret_is_refused(user_pool: UserPool, person: Person) -> None:
    token = user_pool.sign_in(person)["AccessToken"]
    with refused("SoftwareTokenMFANotFoundException"):
        user_pool.aws.verify_software_token(AccessToken=token, UserCode="123456")


@pytest.mark.aws("A new secret replaces the former one only once it was verified", TOTP)
def test_a_new_secret_counts_only_once_it_is_verified(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    token = answer(user_pool, person, session, unused_code(secret))["AuthenticationResult"]["AccessToken"]
    other = user_pool.aws.associate_software_token(AccessToken=token)["SecretCode"]
    session = user_pool.start_sign_in(person)["Session"]
    with refused("CodeMismatchException"):
        answer(user_pool, person, session, unused_code(other))


@pytest.mark.aws("SetUserMFAPreference turns the second factor off", api("SetUserMFAPreference"))
def test_the_second_factor_can_be_turned_off(user_pool: UserPool, person: Person) -> None:
    secret = enable(user_pool, person)
    session = user_pool.start_sign_in(person)["Session"]
    token = answer(user_pool, person, session, unused_code(secret))["AuthenticationResult"]["AccessToken"]
    user_pool.aws.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": False})
    assert "UserMFASettingList" not in user_pool.aws.get_user(AccessToken=token)
    user_pool.sign_in(person)


@pytest.mark.aws("A pool without software tokens gives no secret", api("AssociateSoftwareToken"))
def test_a_pool_without_a_second_factor_gives_no_secret(aws: AwsEndpoint) -> None:
    pool = UserPool(aws)
    pool.aws.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OFF")
    token = pool.sign_in(pool.new_person())["AccessToken"]
    with refused("SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool"):
        pool.aws.associate_software_token(AccessToken=token)
