"""What cannot be seen from outside: the events that functions are sent, the state that is kept, waits to the second."""

import pickle
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import jwt

from emulation.clock import AgeingClock
from emulation.cloud.cognito import Cognito, CognitoState
from emulation.cloud.errors import AwsError
from emulation.cloud.mailbox import Mailbox
from tests.emulation.cognito.endpoint import CognitoEndpoint
from tests.emulation.cognito.pool import LOCKED, PASSWORD, UserPool
from tests.emulation.refusals import refused

WRONG = "Incorrect username or password."


def test_the_trigger_comes_after_the_confirmation(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    person = inner_pool.sign_up()
    inner_pool.confirm(person)
    (event,) = inner.events_of(person.user_id)
    assert event["pool"] == inner_pool.id
    assert event["name"] == "PostConfirmation"
    assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    assert event["callerContext"]["clientId"] == inner_pool.client_id
    assert event["request"]["userAttributes"] == {
        "sub": person.user_id,
        "email": person.email,
        "name": "Ada",
        "email_verified": "true",
        "cognito:user_status": "CONFIRMED",
    }


def test_a_failing_trigger_is_told_though_the_user_stays_confirmed(
    inner: CognitoEndpoint, inner_pool: UserPool
) -> None:
    person = inner_pool.sign_up()
    inner.trigger_failure = AwsError("UserLambdaValidationException", "PostConfirmation failed")
    try:
        with refused("UserLambdaValidationException", "PostConfirmation failed"):
            inner_pool.confirm(person)
    finally:
        inner.trigger_failure = None
    inner_pool.sign_in(person)


def test_a_reset_runs_the_trigger(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    person = inner_pool.new_person()
    inner_pool.aws.forgot_password(ClientId=inner_pool.client_id, Username=person.email)
    inner_pool.aws.confirm_forgot_password(
        ClientId=inner_pool.client_id,
        Username=person.email,
        ConfirmationCode=inner_pool.code(person),
        Password="Other-Horse-2",
    )
    event = inner.events_of(person.user_id)[-1]
    assert event["triggerSource"] == "PostConfirmation_ConfirmForgotPassword"


class HastyClock(AgeingClock):
    """Goes on by a second with each look at it."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = count()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=next(self._looks))


async def no_trigger(_pool: str, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return event


async def test_the_tokens_of_a_sign_in_are_of_its_moment(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    person = inner_pool.new_person()
    hasty = Cognito(inner.state, Mailbox(), no_trigger, HastyClock(), lambda size: b"\1" * size, "http://localhost")
    credentials = {"USERNAME": person.email, "PASSWORD": PASSWORD}
    asked = {"ClientId": inner_pool.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": credentials}
    answer = await hasty.call("InitiateAuth", asked, "us-east-1")
    for name in ("AccessToken", "IdToken"):
        claims = jwt.decode(answer["AuthenticationResult"][name], options={"verify_signature": False})
        assert claims["iat"] == claims["auth_time"]


async def test_state_that_was_kept_still_knows_tokens_and_keys(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    result = inner_pool.sign_in(inner_pool.new_person())
    state: CognitoState = pickle.loads(pickle.dumps(inner.state))  # noqa: S301
    clock = AgeingClock(inner.clock.events)
    later = Cognito(state, Mailbox(), no_trigger, clock, lambda size: b"\1" * size, "http://localhost")
    assert later.jwks(inner_pool.id) == inner.cognito.jwks(inner_pool.id)
    answer = await later.call("GetUser", {"AccessToken": result["AccessToken"]}, "us-east-1")
    assert answer["Username"]


def test_what_has_long_expired_is_forgotten(inner: CognitoEndpoint) -> None:
    pool = UserPool(inner)
    person = pool.new_person()
    first = pool.sign_in(person)
    pool.refresh(first["RefreshToken"])
    inner.advance(31 * 86_400)
    pool.sign_in(person)
    kept = inner.state.pools[pool.id]
    assert len(kept.families) == len(kept.refresh_tokens) == 1
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        pool.refresh(first["RefreshToken"])


def test_an_administrators_confirmation_runs_the_trigger(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    (event,) = inner.events_of(inner_pool.new_person().user_id)
    assert event["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    assert event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"


def test_every_further_wrong_password_doubles_the_lockout(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    person = inner_pool.new_person()
    for _ in range(9):
        with refused("NotAuthorizedException", WRONG):
            inner_pool.sign_in(person, "Wrong-Password-1")
        inner.advance(20)
    with refused("NotAuthorizedException", WRONG):
        inner_pool.sign_in(person, "Wrong-Password-1")
    # 32 s, no longer those 16 of the time before.
    inner.advance(16)
    with refused("NotAuthorizedException", LOCKED):
        inner_pool.sign_in(person)
    inner.advance(16)
    inner_pool.sign_in(person)


def test_fifteen_quiet_minutes_start_the_count_anew(inner: CognitoEndpoint, inner_pool: UserPool) -> None:
    person = inner_pool.new_person()
    for _ in range(2):
        for _ in range(5):
            with refused("NotAuthorizedException", WRONG):
                inner_pool.sign_in(person, "Wrong-Password-1")
        inner.advance(15 * 60)
