"""The authorizer: which tokens it takes, what it asks Cognito, and that an outage is no refusal."""

import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from emulation.clock import Ageing, AgeingClock
from server.authorizer import Authorizer, UnusableKeyError
from server.settings import read_settings

SETTINGS = read_settings(
    {
        "AWS_REGION": "eu-central-1",
        "COGNITO_USER_POOL_ID": "eu-central-1_pool",
        "COGNITO_CLIENT_ID": "client",
        "DYNAMODB_TABLE_GUITARS": "guitars",
        "DYNAMODB_TABLE_USERS": "users",
        "S3_BUCKET_IMAGES": "images",
        "S3_BUCKET_UPLOADS": "uploads",
    }
)
YEAR_2100 = 4_102_444_800


class FakePool:
    """Signs tokens and answers what the authorizer asks."""

    def __init__(self) -> None:
        self.fetched = 0
        self.stands = True
        self.away = False
        self.rotate("first")

    def rotate(self, key_id: str) -> None:
        self.key_id = key_id
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def fetch_keys(self) -> list[dict[str, Any]]:
        if self.away:
            raise ConnectionError
        self.fetched += 1
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return [{**public, "kid": self.key_id, "use": "sig"}]

    def token_stands(self, access_token: str) -> bool:  # noqa: ARG002
        if self.away:
            raise ConnectionError
        return self.stands

    def sign(self, **changed: Any) -> str:
        now = int(time.time())
        claims = {
            "sub": "user-1",
            "iss": SETTINGS.token_issuer,
            "client_id": "client",
            "token_use": "access",
            "iat": now,
            "exp": now + 3600,
            **changed,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.key, "RS256", headers={"kid": self.key_id})


class Case:
    def __init__(self) -> None:
        self.pool = FakePool()
        self.clock = AgeingClock()
        self.authorizer = Authorizer(SETTINGS, self.pool, self.clock)

    def decide(self, token: str) -> dict[str, Any]:
        answer = self.authorizer.authorize({"identitySource": [f"Bearer {token}"]})
        [statement] = answer["policyDocument"]["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        context: dict[str, Any] = answer["context"]
        return context


@pytest.fixture
def case() -> Case:
    return Case()


def test_a_good_token_gives_its_user_and_its_times(case: Case) -> None:
    context = case.decide(case.pool.sign())

    assert context["userId"] == "user-1"
    assert context["expiresAt"] - context["issuedAt"] == 3600


def test_a_token_that_ran_out_is_told_apart(case: Case) -> None:
    token = case.pool.sign()
    event = case.clock.advance(3601)
    issued_at = int(event.at.timestamp())

    assert case.decide(token) == {"errorCode": "AUTH_TOKEN_EXPIRED"}
    case.clock.replace([Ageing(event.at - timedelta(seconds=5), 3601)])
    assert "userId" in case.decide(case.pool.sign(iat=issued_at - 5, exp=issued_at + 3600))


@pytest.mark.parametrize(
    "changed",
    [
        {"token_use": "id"},
        {"client_id": "another"},
        {"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other"},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nbf": YEAR_2100},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_token_for_something_else_is_unauthorized(case: Case, changed: dict[str, Any]) -> None:
    assert case.decide(case.pool.sign(**changed)) == {"errorCode": "AUTH_UNAUTHORIZED"}


def test_a_token_signed_by_a_stranger_is_unauthorized(case: Case) -> None:
    assert case.decide(FakePool().sign()) == {"errorCode": "AUTH_UNAUTHORIZED"}


def test_a_token_that_cognito_took_back_is_unauthorized(case: Case) -> None:
    token = case.pool.sign()
    case.pool.stands = False

    assert case.decide(token) == {"errorCode": "AUTH_UNAUTHORIZED"}


def test_keys_are_read_once_and_again_for_an_unknown_id(case: Case) -> None:
    for _ in range(3):
        case.decide(case.pool.sign())
    assert case.pool.fetched == 1
    case.clock.advance(60)
    case.pool.rotate("second")

    assert "userId" in case.decide(case.pool.sign())
    assert case.pool.fetched == 2


def test_made_up_key_ids_do_not_make_it_read_the_keys_again_and_again(case: Case) -> None:
    case.decide(case.pool.sign())
    case.pool.rotate("never published")
    case.pool.fetched = 0
    for _ in range(20):
        case.decide(case.pool.sign())

    assert case.pool.fetched <= 1


def test_a_fresh_token_from_a_clock_a_moment_ahead_is_good(case: Case) -> None:
    now = int(time.time())

    assert "userId" in case.decide(case.pool.sign(iat=now + 2, exp=now + 3602))


def test_unusable_keys_are_raised_and_no_refusal(case: Case) -> None:
    token = case.pool.sign()
    case.pool.fetch_keys = lambda: [{"kid": "first", "kty": "RSA"}]  # type: ignore[method-assign]
    case.authorizer = Authorizer(SETTINGS, case.pool, case.clock)

    with pytest.raises(UnusableKeyError):
        case.decide(token)


def test_an_outage_is_raised_and_no_refusal(case: Case) -> None:
    case.pool.away = True

    with pytest.raises(ConnectionError):
        case.decide(case.pool.sign())
