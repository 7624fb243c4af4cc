from typing import Any

import jwt
import pytest

from tests.emulation.cognito.pool import Person, UserPool
from tests.emulation.cognito.sources import REFRESH, REVOCATION, api
from tests.emulation.refusals import refused

UNROTATED: dict[str, Any] = {
    "RefreshTokenRotation": None,
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
}


def claim(token: str, name: str) -> Any:
    return jwt.decode(token, options={"verify_signature": False})[name]


def refresh_by_flow(pool: UserPool, refresh_token: str, client_id: str) -> dict[str, Any]:
    answer = pool.aws.initiate_auth(
        ClientId=client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": refresh_token}
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


@pytest.fixture
def person(user_pool: UserPool) -> Person:
    return user_pool.new_person()


@pytest.mark.aws(
    "GetTokensFromRefreshToken gives new tokens and a new refresh token; origin_jti, auth_time and sub stay",
    api("GetTokensFromRefreshToken"),
)
def test_a_refresh_gives_new_tokens_and_a_new_refresh_token(user_pool: UserPool, person: Person) -> None:
    first = user_pool.sign_in(person)
    second = user_pool.refresh(first["RefreshToken"])
    assert set(second) == set(first)
    assert second["RefreshToken"] != first["RefreshToken"]
    assert claim(second["AccessToken"], "jti") != claim(first["AccessToken"], "jti")
    for same in ("origin_jti", "auth_time", "sub"):
        assert claim(second["AccessToken"], same) == claim(first["AccessToken"], same)
    assert user_pool.attributes(second["AccessToken"])["sub"] == person.user_id


@pytest.mark.aws(
    "A rotated refresh token is good for RetryGracePeriodSeconds, then RefreshTokenReuseException",
    api("RefreshTokenRotationType"),
)
def test_a_rotated_token_is_good_for_the_grace_period_and_then_reported(user_pool: UserPool, person: Person) -> None:
    client_id = user_pool.add_client({"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}})
    first = user_pool.sign_in(person, client_id=client_id)
    second = user_pool.refresh(first["RefreshToken"], client_id)
    user_pool.endpoint.advance(30)
    assert user_pool.refresh(first["RefreshToken"], client_id)["RefreshToken"] != second["RefreshToken"]
    user_pool.endpoint.advance(30)
    with refused("RefreshTokenReuseException"):
        user_pool.refresh(first["RefreshToken"], client_id)
    user_pool.refresh(second["RefreshToken"], client_id)


@pytest.mark.aws("Without a grace period a rotated refresh token is refused at once", api("RefreshTokenRotationType"))
def test_without_grace_a_rotated_token_is_refused_at_once(user_pool: UserPool, person: Person) -> None:
    client_id = user_pool.add_client({"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}})
    token = user_pool.sign_in(person, client_id=client_id)["RefreshToken"]
    user_pool.refresh(token, client_id)
    with refused("RefreshTokenReuseException"):
        user_pool.refresh(token, client_id)


@pytest.mark.aws(
    "Rotation does not prolong a session: the newest refresh token expires when the first one would have", REFRESH
)
def test_a_rotated_token_expires_when_the_first_one_does(user_pool: UserPool, person: Person) -> None:
    token = user_pool.sign_in(person)["RefreshToken"]
    user_pool.endpoint.advance(29 * 86_400)
    token = user_pool.refresh(token)["RefreshToken"]
    user_pool.endpoint.advance(86_400)
    with refused("NotAuthorizedException", "Refresh Token has expired"):
        user_pool.refresh(token)


@pytest.mark.aws("REFRESH_TOKEN_AUTH is refused where refresh tokens rotate", api("RefreshTokenRotationType"))
def test_the_refresh_flow_is_refused_where_tokens_rotate(user_pool: UserPool, person: Person) -> None:
    token = user_pool.sign_in(person)["RefreshToken"]
    with refused("InvalidParameterException"):
        refresh_by_flow(user_pool, token, user_pool.client_id)


@pytest.mark.aws("Without rotation both calls refresh, and the refresh token stays", api("RefreshTokenRotationType"))
def test_without_rotation_both_calls_refresh_and_the_token_stays(user_pool: UserPool, person: Person) -> None:
    client_id = user_pool.add_client(UNROTATED)
    token = user_pool.sign_in(person, client_id=client_id)["RefreshToken"]
    for _ in range(2):
        assert "RefreshToken" not in user_pool.refresh(token, client_id)
        assert "RefreshToken" not in refresh_by_flow(user_pool, token, client_id)


@pytest.mark.aws("What is no refresh token is refused (NotAuthorizedException)", api("InitiateAuth"))
def test_what_is_no_refresh_token_is_refused(user_pool: UserPool) -> None:
    with refused("NotAuthorizedException"):
        refresh_by_flow(user_pool, "nonsense", user_pool.add_client(UNROTATED))


@pytest.mark.aws("A refresh token is good for its own client only", api("GetTokensFromRefreshToken"))
def test_a_token_is_good_for_its_own_client_only(user_pool: UserPool, person: Person) -> None:
    token = user_pool.sign_in(person)["RefreshToken"]
    for wrong in (token, "nonsense"):
        with refused("NotAuthorizedException", "Invalid Refresh Token."):
            user_pool.refresh(wrong, user_pool.add_client())


@pytest.mark.aws("RevokeToken ends all tokens of one sign-in and no other", REVOCATION)
def test_revoking_ends_the_family_and_no_other(user_pool: UserPool, person: Person) -> None:
    first, other = user_pool.sign_in(person), user_pool.sign_in(person)
    second = user_pool.refresh(first["RefreshToken"])
    user_pool.aws.revoke_token(ClientId=user_pool.client_id, Token=second["RefreshToken"])
    for result in (first, second):
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            user_pool.refresh(result["RefreshToken"])
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            user_pool.attributes(result["AccessToken"])
    user_pool.attributes(other["AccessToken"])
    user_pool.refresh(other["RefreshToken"])


@pytest.mark.aws("A refresh token can be revoked twice", api("RevokeToken"))
def test_a_token_can_be_revoked_twice(user_pool: UserPool, person: Person) -> None:
    token = user_pool.sign_in(person)["RefreshToken"]
    for _ in range(2):
        user_pool.aws.revoke_token(ClientId=user_pool.client_id, Token=token)


@pytest.mark.aws("An access token cannot be revoked (UnsupportedTokenTypeException)", api("RevokeToken"))
def test_an_access_token_cannot_be_revoked(user_pool: UserPool, person: Person) -> None:
    with refused("UnsupportedTokenTypeException"):
        user_pool.aws.revoke_token(ClientId=user_pool.client_id, Token=user_pool.sign_in(person)["AccessToken"])


@pytest.mark.aws(
    "RevokeToken needs a client with EnableTokenRevocation (UnsupportedOperationException)", api("RevokeToken")
)
def test_revoking_needs_a_client_that_enables_it(user_pool: UserPool, person: Person) -> None:
    client_id = user_pool.add_client({"EnableTokenRevocation": False})
    token = user_pool.sign_in(person, client_id=client_id)["RefreshToken"]
    with refused("UnsupportedOperationException"):
        user_pool.aws.revoke_token(ClientId=client_id, Token=token)
