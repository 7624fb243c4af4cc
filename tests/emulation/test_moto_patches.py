"""A digest of everything in moto that the local cloud wraps, replaces or reaches into.

When one differs, moto has changed there. Read the new source beside what we do with it (the RELIES_ON tables say
where), run tests/emulation, and only then put the new digest into DIGESTS: the failing test prints the line.
"""

import ast
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from emulation.cloud import cognito, dynamodb, relies_on, s3

MOTO_VERSION = "5.2.5"
DIGESTS: dict[str, str] = {
    "moto.cognitoidp.models.CognitoIdpBackend.admin_create_user": "72b52cca1cd72b5e",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_delete_user": "69dda5231c210ea4",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_enable_user": "79557e13dd96da36",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_get_user": "797f263cc78361f8",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_set_user_mfa_preference": "ee82e7a6aae108ea",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_update_user_attributes": "a5865cd5e88a327d",
    "moto.cognitoidp.models.CognitoIdpBackend.set_user_pool_mfa_config": "a587eb17d4f1b6d0",
    "moto.cognitoidp.models.CognitoIdpUser.__init__": "27d02e34cb315878",
    "moto.cognitoidp.models.CognitoIdpUser.delete_attributes": "e243c98adb08c2db",
    "moto.cognitoidp.models.CognitoIdpUser.update_attributes": "134d9ec1c339de02",
    "moto.cognitoidp.models.CognitoIdpUserPool.__init__": "7fd8549317f89947",
    "moto.cognitoidp.models.CognitoIdpUserPool._get_user": "555fdf36832838e8",
    "moto.cognitoidp.models.CognitoIdpUserPool.update_extended_config": "1ed43cafa55a34dd",
    "moto.cognitoidp.models.CognitoIdpUserPoolAttribute.__init__": "543124d7fe530070",
    "moto.cognitoidp.models.CognitoIdpUserPoolAttribute._init_constraints": "eccd53362ba650b4",
    "moto.cognitoidp.models.CognitoIdpUserPoolClient.__init__": "265a36e7ff71e605",
    "moto.cognitoidp.utils.check_secret_hash": "ffb89ca2680ff1d3",
    "moto.cognitoidp.utils.validate_username_format": "5a74940e6798151f",
    "moto.core.authorization.ActionAuthenticatorMixin._authenticate_and_authorize_normal_action": "071947a0a4b54e66",
    "moto.core.authorization.ActionAuthenticatorMixin._authenticate_and_authorize_s3_action": "8a87b9afb33bc1b8",
    "moto.core.base_backend.BackendDict": "7f3588775502df0a",
    "moto.core.common_models.BaseModel": "2b4cc51a51d1740d",
    "moto.core.loaders.create_loader": "2260e838b7c3a124",
    "moto.core.request.EnvironHeaders": "9ecd2cf99fbdbcce",
    "moto.core.request.Request": "b3d80ed359d14a53",
    "moto.core.responses.BaseResponse.call_action": "4a9e16403290e7f1",
    "moto.core.responses.BaseResponse.get_region_from_url": "e68bf5f1db0320fe",
    "moto.core.utils._load_service_model": "731622fe0abee0ac",
    "moto.core.utils.convert_to_flask_response": "0d0be32dbbaea222",
    "moto.core.utils.method_names_from_class": "c95a41bdf8b06084",
    "moto.dynamodb.models.DynamoDBBackend.batch_execute_statement": "09b2a30c60afb53f",
    "moto.dynamodb.models.DynamoDBBackend.delete_table": "ee39bdd1059c76b4",
    "moto.dynamodb.models.DynamoDBBackend.execute_statement": "29bc902d84b8f237",
    "moto.dynamodb.models.dynamo_type.DynamoType.__eq__": "91b6f6c84d070476",
    "moto.dynamodb.models.dynamo_type.DynamoType.__hash__": "665e4089a8b15eda",
    "moto.dynamodb.models.dynamo_type.DynamoType.__init__": "a35139e4435eeedc",
    "moto.dynamodb.models.dynamo_type.DynamoType.to_json": "50ca461d2e40824d",
    "moto.dynamodb.models.dynamo_type.Item.__init__": "c4632df69be3f8df",
    "moto.dynamodb.models.dynamo_type.Item.to_json": "54b2313b19e9e413",
    "moto.dynamodb.models.dynamo_type.LimitedSizeDict": "420f0a9315cedfb1",
    "moto.dynamodb.models.table.GlobalSecondaryIndex": "73b6d5dd3d31ad9b",
    "moto.dynamodb.models.table.SecondaryIndex": "63e761b6984d5368",
    "moto.dynamodb.models.table.StreamRecord": "6087bfffd50a1b7e",
    "moto.dynamodb.models.table.StreamShard": "405ae12b8909e8ce",
    "moto.dynamodb.models.table.Table.__init__": "08a49a92740c4604",
    "moto.dynamodb.models.table.Table.__len__": "ed4e06cd3ec77b8a",
    "moto.dynamodb.models.table.Table._get_default_encryption_key": "19fe0187d7ea5097",
    "moto.dynamodb.models.table.Table.all_indexes": "cd7b0ab42ae5042b",
    "moto.dynamodb.models.table.Table.set_stream_specification": "42f31a29e7a59972",
    "moto.dynamodb.parsing.partiql.get_query_metadata": "916aa0a5eb4a4f47",
    "moto.dynamodb.parsing.reserved_keywords.ReservedKeywords": "45fafa46ea4347d7",
    "moto.dynamodbstreams.models.ShardIterator": "38ca974554fe1804",
    "moto.moto_server.werkzeug_app.create_backend_app": "f9307399ca39d41f",
    "moto.s3.models.CorsRule": "65730862c37b6810",
    "moto.s3.models.FakeBucket.set_cors": "3cafbedbedb420ea",
    "moto.s3.models.FakeBucket.set_lifecycle": "ebf88f1c272a4315",
    "moto.s3.models.FakeDeleteMarker": "86a552303f950a32",
    "moto.s3.models.FakeKey.__getstate__": "2df0dd93e54458b6",
    "moto.s3.models.FakeKey.__init__": "17cd707dfe8cb378",
    "moto.s3.models.FakeKey.__setstate__": "3ab9f9257ccc8fc1",
    "moto.s3.models.FakeKey.dispose": "629fc0dda0894140",
    "moto.s3.models.FakeKey.etag": "0ef708bd663e559f",
    "moto.s3.models.FakeKey.set_metadata": "49486807f9c2f51d",
    "moto.s3.models.FakeKey.value": "cc6d46c002e954ad",
    "moto.s3.models.LifecycleAndFilter": "ab5f0683cccfa375",
    "moto.s3.models.LifecycleFilter": "e5044d2da7bbbb38",
    "moto.s3.models.LifecycleRule.__init__": "41d1c7fc4192ca1d",
    "moto.s3.models.MultipartDict": "591830296148fca7",
    "moto.s3.models.S3Backend._set_delete_marker": "82c70e0388378c3e",
    "moto.s3.models.S3Backend.delete_object": "d8d4931f43391b99",
    "moto.s3.models.S3Backend.delete_objects": "bbcf796cde16df1a",
    "moto.s3.models.S3Backend.list_object_versions": "9bc389b3ee64db64",
    "moto.s3.models.S3Backend.list_objects": "973ef9bc917f931c",
    "moto.s3.models.S3Backend.list_objects_v2": "e8b8ade574ea7bdc",
    "moto.s3.models.S3Backend.put_object": "bb615233e0045dd8",
    "moto.s3.models.S3Backend.reset": "e0d0af2319b4dd8a",
    "moto.s3.models.S3BackendDict": "20d193b83433110d",
    "moto.s3.responses.S3Response._bucket_response_delete_keys": "c86751189dea45a0",
    "moto.s3.responses.S3Response._get_checksum": "11795778d36cc44d",
    "moto.s3.responses.S3Response._get_cors_headers_other": "3eabad7aefbd2dcf",
    "moto.s3.responses.S3Response._key_response": "c792977ace68ffba",
    "moto.s3.responses.S3Response.put_object": "52ae8c9ceafe5b98",
    "moto.s3.responses.S3Response.setup_class": "554d19fd67e0b3a4",
    "moto.s3.utils._VersionedKeyStore": "e8123b9f6e2977d7",
}


@cache
def module_of(name: str) -> tuple[str, ...]:
    """The parts of the longest module that the name begins with."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            spec = find_spec(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        if spec is not None:
            return tuple(parts[:length])
    raise AssertionError(f"There is no module in {name}.")


@cache
def parsed(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text())


def digest(name: str) -> str:
    """The digest of a function's or class's code: comments, docstrings and layout do not count.

    Read from the file, for in a running process a function may be mended already.
    """
    module = module_of(name)
    found: list[ast.AST] = [parsed(".".join(module))]
    for part in name.split(".")[len(module) :]:
        found = [
            node
            for parent in found
            for node in ast.iter_child_nodes(parent)
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == part
        ]
    assert found, f"moto has no {name} any more."
    for node in [one for parent in found for one in ast.walk(parent)]:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return sha256("\n".join(map(shape, found)).encode()).hexdigest()[:16]


def shape(node: object) -> str:
    """What a node says, without the fields that are empty: which of them there are differs between Pythons."""
    if isinstance(node, list):
        return f"[{','.join(map(shape, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ",".join(f"{name}={shape(value)}" for name, value in ast.iter_fields(node) if value not in (None, []))
    return f"{type(node).__name__}({fields})"


def test_moto_has_the_version_that_was_looked_at() -> None:
    assert version("moto") == MOTO_VERSION


def test_everything_that_is_relied_on_has_a_digest() -> None:
    assert sorted(DIGESTS) == sorted({*relies_on.RELIES_ON, *cognito.RELIES_ON, *dynamodb.RELIES_ON, *s3.RELIES_ON})


@pytest.mark.parametrize("name", sorted({*relies_on.RELIES_ON, *cognito.RELIES_ON, *dynamodb.RELIES_ON, *s3.RELIES_ON}))
def test_moto_is_as_it_was_when_it_was_looked_at(name: str) -> None:
    current = digest(name)
    assert DIGESTS.get(name) == current, (
        f"{name} has changed in moto {version('moto')}. Look at what the local cloud does with it, then write:\n"
        f'    "{name}": "{current}",'
    )
