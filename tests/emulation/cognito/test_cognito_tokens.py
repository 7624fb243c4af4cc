import json
import time
from typing import Any

import jwt
import pytest

from tests.emulation.aws_endpoint import AwsEndpoint, open_page
from tests.emulation.cognito.pool import UserPool
from tests.emulation.cognito.sources import api, guide
from tests.emulation.refusals import refused

INVALID = "Invalid Access Token"
REVOKED = "Access Token has been revoked"


def key_set(pool: UserPool) -> jwt.PyJWKSet:
    status, text = open_page(f"{pool.endpoint.url}/{pool.id}/.well-known/jwks.json")
    assert status == 200
    return jwt.PyJWKSet.from_dict(json.loads(text))


def claims(pool: UserPool, token: str, audience: str | None = None) -> dict[str, Any]:
    """The claims, checked as a resource server checks them."""
    key = key_set(pool)[jwt.get_unverified_header(token)["kid"]]
    found: dict[str, Any] = jwt.decode(
        token,
        key,
        ["RS256"],
        audience=audience,
        issuer=f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}",
        options={"verify_aud": audience is not None},
    )
    return found


@pytest.mark.aws(
    "An access token has the documented claims, signed by a key of the pool",
    guide("amazon-cognito-user-pools-using-the-access-token"),
)
def test_an_access_token_has_the_documented_claims(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    token = user_pool.sign_in(person)["AccessToken"]
    found = claims(user_pool, token)
    assert set(jwt.get_unverified_header(token)) == {"kid", "alg"}
    assert {name: found[name] for name in ("sub", "username", "client_id", "token_use", "scope")} == {
        "sub": person.user_id,
        "username": person.user_id,
        "client_id": user_pool.client_id,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
    }
    assert set(found) == {
        *("sub", "iss", "client_id", "origin_jti", "event_id", "token_use", "scope"),
        *("auth_time", "exp", "iat", "jti", "username"),
    }
    assert found["exp"] - found["iat"] == 3600
    assert found["iat"] == found["auth_time"] <= time.time()


@pytest.mark.aws(
    "An id token has the documented claims, name and email_verified among them",
    guide("amazon-cognito-user-pools-using-the-id-token"),
)
def test_an_id_token_has_the_documented_claims(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    result = user_pool.sign_in(person)
    found = claims(user_pool, result["IdToken"], audience=user_pool.client_id)
    assert {name: found[name] for name in ("sub", "cognito:username", "email", "email_verified", "name")} == {
        "sub": person.user_id,
        "cognito:username": person.user_id,
        "email": person.email,
        "email_verified": True,
        "name": "Ada",
    }
    assert found["token_use"] == "id"
    assert found["origin_jti"] == claims(user_pool, result["AccessToken"])["origin_jti"]
    assert found["jti"] != claims(user_pool, result["AccessToken"])["jti"]


@pytest.mark.aws("cognito:groups stands in both tokens", guide("cognito-user-pools-user-groups"))
def test_groups_stand_in_both_tokens(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    user_pool.aws.create_group(UserPoolId=user_pool.id, GroupName="luthiers")
    user_pool.aws.admin_add_user_to_group(UserPoolId=user_pool.id, Username=person.email, GroupName="luthiers")
    result = user_pool.sign_in(person)
    for token in (result["AccessToken"], result["IdToken"]):
        assert claims(user_pool, token)["cognito:groups"] == ["luthiers"]


@pytest.mark.aws(
    "Access and id tokens live as the client says, and are refused afterwards", api("CreateUserPoolClient")
)
def test_lifetimes_are_those_of_the_client(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    client_id = user_pool.add_client(
        {
            "AccessTokenValidity": 5,
            "IdTokenValidity": 2,
            "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "days"},
        }
    )
    result = user_pool.sign_in(person, client_id=client_id)
    access, identity = claims(user_pool, result["AccessToken"]), claims(user_pool, result["IdToken"])
    assert result["ExpiresIn"] == access["exp"] - access["iat"] == 300
    assert identity["exp"] - identity["iat"] == 7200
    user_pool.endpoint.advance(300)
    with refused("NotAuthorizedException", "Access Token has expired"):
        user_pool.attributes(result["AccessToken"])


@pytest.mark.aws(
    "Tokens live an hour, refresh tokens 30 days, unless the client says otherwise", api("CreateUserPoolClient")
)
def test_lifetimes_are_an_hour_and_thirty_days_unless_said_otherwise(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    client_id = user_pool.add_client(
        {"AccessTokenValidity": None, "IdTokenValidity": None, "RefreshTokenValidity": None, "TokenValidityUnits": None}
    )
    result = user_pool.sign_in(person, client_id=client_id)
    assert result["ExpiresIn"] == 3600
    user_pool.endpoint.advance(30 * 86_400 - 60)
    assert user_pool.refresh(result["RefreshToken"], client_id)["AccessToken"]


@pytest.mark.aws(
    "Each pool has two signing keys of its own", guide("amazon-cognito-user-pools-using-tokens-verifying-a-jwt")
)
def test_each_pool_has_two_keys_of_its_own(user_pool: UserPool, aws: AwsEndpoint) -> None:
    own = {key.key_id for key in key_set(user_pool).keys}
    assert len(own) == 2
    assert own.isdisjoint(key.key_id for key in key_set(UserPool(aws)).keys)


@pytest.mark.aws("An unknown pool has no keys", guide("amazon-cognito-user-pools-using-tokens-verifying-a-jwt"))
@pytest.mark.parametrize("pool_id", ["us-east-1_nowhere", "eu-west-1_nowhere", "nowhere_1", "nowhere"])
def test_an_unknown_pool_has_no_keys(user_pool: UserPool, pool_id: str) -> None:
    status, _ = open_page(f"{user_pool.endpoint.url}/{pool_id}/.well-known/jwks.json")
    assert status == 400


@pytest.mark.aws("GetUser and the id token show what the client may read (ReadAttributes)", api("CreateUserPoolClient"))
def test_get_user_shows_what_the_client_may_read(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    token = user_pool.sign_in(person)["AccessToken"]
    assert user_pool.aws.get_user(AccessToken=token)["Username"] == person.user_id
    assert set(user_pool.attributes(token)) == {"sub", "email", "email_verified", "name"}
    client_id = user_pool.add_client({"ReadAttributes": ["name"]})
    result = user_pool.sign_in(person, client_id=client_id)
    assert set(user_pool.attributes(result["AccessToken"])) == {"sub", "name"}
    assert "email" not in claims(user_pool, result["IdToken"])


@pytest.mark.aws("GetUser refuses an id token, and a token that is forged or cut", api("GetUser"))
def test_a_token_of_another_kind_or_key_is_refused(user_pool: UserPool, aws: AwsEndpoint) -> None:
    result = user_pool.sign_in(user_pool.new_person())
    forged = jwt.encode(
        jwt.decode(result["AccessToken"], options={"verify_signature": False}), "0" * 32, algorithm="HS256"
    )
    cut = result["AccessToken"][:-8]
    other = UserPool(aws)
    foreign = other.sign_in(other.new_person())["AccessToken"]
    header, _, signature = result["AccessToken"].split(".")
    swapped = ".".join((header, foreign.split(".")[1], signature))
    for token in (result["IdToken"], forged, cut, swapped, "nonsense"):
        with refused("NotAuthorizedException", INVALID):
            user_pool.attributes(token)


@pytest.mark.aws("The tokens of a deleted user are refused (UserNotFoundException)", api("GetUser"))
def test_a_token_of_a_deleted_user_is_refused(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    result = user_pool.sign_in(person)
    user_pool.aws.admin_delete_user(UserPoolId=user_pool.id, Username=person.email)
    with refused("UserNotFoundException", "User does not exist."):
        user_pool.attributes(result["AccessToken"])
    with refused("UserNotFoundException"):
        user_pool.refresh(result["RefreshToken"])


@pytest.mark.aws("AdminDisableUser revokes the user's tokens", api("AdminDisableUser"))
def test_disabling_a_user_revokes_their_tokens(user_pool: UserPool) -> None:
    person = user_pool.new_person()
    result = user_pool.sign_in(person)
    user_pool.aws.admin_disable_user(UserPoolId=user_pool.id, Username=person.email)
    with refused("NotAuthorizedException", "User is disabled."):
        user_pool.attributes(result["AccessToken"])
    user_pool.aws.admin_enable_user(UserPoolId=user_pool.id, Username=person.email)
    with refused("NotAuthorizedException", REVOKED):
        user_pool.attributes(result["AccessToken"])


@pytest.mark.aws("GlobalSignOut ends every session of the user", api("GlobalSignOut"))
@pytest.mark.parametrize("by", ["user", "administrator"])
def test_a_global_sign_out_ends_every_session(user_pool: UserPool, by: str) -> None:
    person = user_pool.new_person()
    first, second = user_pool.sign_in(person), user_pool.sign_in(person)
    if by == "user":
        user_pool.aws.global_sign_out(AccessToken=first["AccessToken"])
    else:
        user_pool.aws.admin_user_global_sign_out(UserPoolId=user_pool.id, Username=person.email)
    for result in (first, second):
        with refused("NotAuthorizedException", REVOKED):
            user_pool.attributes(result["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            user_pool.refresh(result["RefreshToken"])
    user_pool.attributes(user_pool.sign_in(person)["AccessToken"])
