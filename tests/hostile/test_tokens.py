"""Tokens that somebody made up, changed, took from elsewhere, or kept for too long: each is told the same."""

import base64
import hashlib
import hmac
import json
import time
import urllib.parse
from typing import Any

import boto3
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.api.client import Answer, Api, User, new_password
from tests.hostile.wire import exchange
from tests.targets import Pass


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token."""
    header, claims, _ = (one + "===" for one in token.split("."))
    return json.loads(base64.urlsafe_b64decode(header)), json.loads(base64.urlsafe_b64decode(claims))


def signed_hs256(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    text = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
    return f"{text}.{part(hmac.new(key, text.encode(), hashlib.sha256).digest())}"


async def ask(api: Api, authorization: str) -> Answer:
    return await api.call("GET", "/user/profile", headers={"Authorization": authorization})


async def refused(api: Api, token: str, what: str) -> None:
    answer = await ask(api, f"Bearer {token}")
    assert (answer.status, answer.error) == (
        401,
        {"code": "AUTH_UNAUTHORIZED", "message": "Missing or invalid token", "statusCode": 401},
    ), what


async def public_keys(api: Api, user: User) -> dict[str, Any]:
    """The pool's published keys by their ids."""
    pool_id = opened(user.access_token)[1]["iss"].rpartition("/")[2]
    answer = await api.fetch("GET", f"{api.target.aws_url}/{pool_id}/.well-known/jwks.json")
    return {key["kid"]: key for key in answer.json["keys"]}


async def test_a_token_signed_with_a_public_key_as_a_secret_is_refused(api: Api, user: User) -> None:
    header, claims = opened(user.access_token)
    jwk = (await public_keys(api, user))[header["kid"]]
    key = jwt.PyJWK(jwk, algorithm="RS256").key
    pem = serialization.PublicFormat.SubjectPublicKeyInfo
    pkcs1 = serialization.PublicFormat.PKCS1
    secrets = {
        "pem": key.public_bytes(serialization.Encoding.PEM, pem),
        "pkcs1": key.public_bytes(serialization.Encoding.PEM, pkcs1),
        "der": key.public_bytes(serialization.Encoding.DER, pem),
        "jwk": json.dumps(jwk).encode(),
        "modulus": jwk["n"].encode(),
        "empty": b"",
    }
    for kind, secret in secrets.items():
        await refused(api, signed_hs256(header, claims, secret), kind)
        await refused(api, signed_hs256(header, claims, secret.strip()), kind)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", "RS256 ", "rs256", "RS1", "dir", None, [], 0, {}])
async def test_an_algorithm_of_the_senders_choice_is_refused(api: Api, user: User, alg: Any) -> None:
    header, claims = opened(user.access_token)
    head, payload, signature = user.access_token.split(".")
    changed = part({**header, "alg": alg})

    await refused(api, f"{changed}.{payload}.", "no signature")
    await refused(api, f"{changed}.{payload}.{signature}", "the old signature")
    await refused(api, f"{head}.{part({**claims, 'sub': 'x'})}.{signature}", "other claims")


KEY_IDS: list[Any] = [
    "../../../../dev/null",
    "/dev/null",
    "/proc/self/environ",
    "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "x' UNION SELECT 'secret' --",
    "'; DROP TABLE users; --",
    "| sleep 10",
    "$(id)",
    "a\x00b",
    "a\r\nX-Injected: 1",
    "🎸",
    "\ud800",
    "k" * 5000,
    "",
    " ",
    None,
    0,
    True,
    [],
    {},
    {"$ne": ""},
]


@pytest.mark.parametrize("key_id", KEY_IDS, ids=lambda value: repr(value)[:20])
async def test_a_key_id_is_looked_up_among_the_pools_keys_and_nowhere_else(api: Api, user: User, key_id: Any) -> None:
    header, claims = opened(user.access_token)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    await refused(api, signed_hs256({**header, "kid": key_id}, claims, b""), "an empty secret")
    if isinstance(key_id, str):
        await refused(api, jwt.encode(claims, stranger, "RS256", headers={"kid": key_id}), "a stranger's key")


async def test_a_token_does_not_bring_its_own_key(api: Api, user: User) -> None:
    header, claims = opened(user.access_token)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(stranger.public_key())), "kid": header["kid"]}
    for name, value in {
        "jwk": jwk,
        "jku": f"{api.target.front_door_url}/keys.json",
        "x5u": "https://evil.example/key.pem",
        "x5c": ["MIIB"],
        "x5t": "AAAA",
        "crit": ["jwk"],
        "b64": False,
        "zip": "DEF",
        "cty": "JWT",
    }.items():
        token = jwt.encode(claims, stranger, "RS256", headers={"kid": header["kid"], name: value})
        await refused(api, token, name)
    ec_key = ec.generate_private_key(ec.SECP256R1())
    await refused(api, jwt.encode(claims, ec_key, "ES256", headers={"kid": header["kid"]}), "an elliptic curve")
    await refused(api, jwt.encode(claims, stranger, "PS256", headers={"kid": header["kid"]}), "PS256")


async def test_a_name_that_stands_twice_gives_no_way_in(api: Api, user: User) -> None:
    head, payload, signature = user.access_token.split(".")
    header = base64.urlsafe_b64decode(head + "===")
    claims = base64.urlsafe_b64decode(payload + "===")
    twice = header[:-1] + b', "kid": "unknown", "alg": "none"}'

    await refused(api, f"{part(twice)}.{payload}.{signature}", "header")
    await refused(api, f"{part(twice)}.{payload}.", "header, unsigned")
    another = part(claims[:-1] + b', "sub": "x"}')
    await refused(api, f"{head}.{another}.{signature}", "claims")


SHAPES = [
    "",
    ".",
    "..",
    "...",
    "a.b",
    "a.b.c",
    "a.b.c.d",
    "a.b.c.d.e",
    "{}.{}.{}",
    "=.=.=",
    "%2e%2e%2e",
    f"{part(b'[' * 4500)}.e30.AA",
    f"{part(b'null')}.e30.AA",
    f"{part(b'{}')}.{part(b'{}')}.AA",
    f"{part(bytes(range(256)))}.{part(bytes(range(256)))}.AA",
    "a" * 8192,
    "a" * 8193,
    "a." * 4096,
    "a" * 30_000,
]


@pytest.mark.parametrize("token", SHAPES, ids=lambda value: f"{len(value)}-{value[:8]}")
async def test_what_is_no_token_is_refused_whatever_its_size(api: Api, token: str) -> None:
    answer = await ask(api, f"Bearer {token}")

    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_a_token_is_not_taken_with_anything_around_it(api: Api, user: User) -> None:
    token = user.access_token
    for value in (
        f"Bearer {token} {token}",
        f"Bearer {token},Bearer {token}",
        f"Bearer {token}, {token}",
        f"Bearer Bearer {token}",
        f"Bearer \t{token}x",
        f"Bearer {token}.",
        f"Bearer .{token}",
        f"Bearer {token}é",
        f"Bearer {urllib.parse.quote(token)}%20",
        f'Bearer "{token}"',
        f"Token {token}",
        f"Bearer\u00a0{token}",
    ):
        answer = await ask(api, value)
        assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED"), value[:20]


async def test_of_two_authorizations_none_counts(api: Api, user: User, other: User) -> None:
    for base, prefix in ((api.target.api_url, ""), (api.target.front_door_url, "/api")):
        headers = [f"Authorization: Bearer {one.access_token}" for one in (user, other)]
        answer = await exchange(base, f"GET {prefix}/user/profile HTTP/1.1", *headers)
        assert answer.status in (400, 401), base
        assert user.email.encode() not in answer.body
        assert other.email.encode() not in answer.body


async def test_an_expired_token_says_so_and_a_forged_expired_one_does_not(api: Api, user: User, let_pass: Pass) -> None:
    header, claims = opened(user.access_token)
    await let_pass(claims["exp"] - claims["iat"] + 1)

    answer = await ask(api, f"Bearer {user.access_token}")
    assert (answer.status, answer.error["code"]) == (401, "AUTH_TOKEN_EXPIRED")
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    await refused(api, jwt.encode(claims, stranger, "RS256", headers={"kid": header["kid"]}), "forged")


async def test_a_token_from_the_future_that_the_pool_did_not_sign_is_refused(api: Api, user: User) -> None:
    header, claims = opened(user.access_token)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    later = int(time.time()) + 3600
    for changed in ({"nbf": later}, {"iat": later, "exp": later + 60}, {"exp": 10**400}, {"exp": "never"}, {"iat": -1}):
        token = jwt.encode({**claims, **changed}, stranger, "RS256", headers={"kid": header["kid"]})
        await refused(api, token, str(changed)[:40])


async def test_tokens_of_another_pool_or_another_client_are_refused(api: Api, user: User) -> None:
    cognito = boto3.client(
        "cognito-idp",
        endpoint_url=api.target.aws_url,
        region_name=REGION,
        aws_access_key_id=DEVELOPER_ACCESS_KEY,
        aws_secret_access_key=DEVELOPER_SECRET_KEY,
    )
    own_pool = opened(user.access_token)[1]["iss"].rpartition("/")[2]
    other_pool = cognito.create_user_pool(PoolName="another")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = []
    try:
        for pool in (own_pool, other_pool):
            client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="another", ExplicitAuthFlows=flows)
            client_id = client["UserPoolClient"]["ClientId"]
            made.append((pool, client_id))
            email, password = user.email, user.password
            if pool == other_pool:
                password = new_password()
                cognito.admin_create_user(UserPoolId=pool, Username=email, MessageAction="SUPPRESS")
                cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
            signed_in = cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )["AuthenticationResult"]
            for kind in ("AccessToken", "IdToken"):
                await refused(api, signed_in[kind], f"{kind} of {pool}")
    finally:
        for pool, client_id in made:
            cognito.delete_user_pool_client(UserPoolId=pool, ClientId=client_id)
        cognito.delete_user_pool(UserPoolId=other_pool)
        cognito.close()


async def test_tokens_for_something_else_are_refused(api: Api, user: User) -> None:
    await refused(api, user.id_token, "id token")
    await refused(api, user.refresh_token, "refresh token")


async def test_a_revoked_session_is_refused_once_the_cached_decision_has_aged(
    api: Api, user: User, let_pass: Pass
) -> None:
    assert (await ask(api, f"Bearer {user.access_token}")).status == 200
    assert (await api.call("POST", "/auth/logout", {"refreshToken": user.refresh_token})).status == 200
    await let_pass(301)

    await refused(api, user.access_token, "revoked")
    answer = await api.call("POST", "/auth/refresh", {"refreshToken": user.refresh_token})
    assert (answer.status, answer.error["code"]) == (401, "AUTH_UNAUTHORIZED")


async def test_a_token_of_a_deleted_account_opens_nothing(api: Api, user: User, let_pass: Pass) -> None:
    assert (await api.call("DELETE", "/user", user=user)).status == 200
    await let_pass(301)

    await refused(api, user.access_token, "deleted")
