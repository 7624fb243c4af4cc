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
    "moto.cognitoidp.models.CognitoIdpBackend.admin_create_user": "4a1a2ac4f13be5b3",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_delete_user": "04fa99df869e2d3e",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_enable_user": "ff32b229b9e7cce7",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_get_user": "09c03b07a174b3d1",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_set_user_mfa_preference": "f11333ea4b402034",
    "moto.cognitoidp.models.CognitoIdpBackend.admin_update_user_attributes": "1948bf0b6e4f5e8b",
    "moto.cognitoidp.models.CognitoIdpBackend.set_user_pool_mfa_config": "8dcaaf5d07869c1c",
    "moto.cognitoidp.models.CognitoIdpUser.__init__": "61f8eaea80a51eb8",
    "moto.cognitoidp.models.CognitoIdpUser.delete_attributes": "4dab8c3887958adf",
    "moto.cognitoidp.models.CognitoIdpUser.update_attributes": "57e1ca9c31d760c9",
    "moto.cognitoidp.models.CognitoIdpUserPool.__init__": "0780af7bc11a5d8c",
    "moto.cognitoidp.models.CognitoIdpUserPool._get_user": "024eeb997cbe4bbe",
    "moto.cognitoidp.models.CognitoIdpUserPool.update_extended_config": "816b946f6df18df1",
    "moto.cognitoidp.models.CognitoIdpUserPoolAttribute.__init__": "4bc161bfd8f0cd35",
    "moto.cognitoidp.models.CognitoIdpUserPoolAttribute._init_constraints": "0c781698fa87ebf0",
    "moto.cognitoidp.models.CognitoIdpUserPoolClient.__init__": "6e9659c7f9016ba2",
    "moto.cognitoidp.utils.check_secret_hash": "72ad588bc788d05c",
    "moto.cognitoidp.utils.validate_username_format": "07bf63b183cc7125",
    "moto.core.authorization.ActionAuthenticatorMixin._authenticate_and_authorize_normal_action": "cef80e5d9a93cf92",
    "moto.core.authorization.ActionAuthenticatorMixin._authenticate_and_authorize_s3_action": "370c6ad6e8b2f921",
    "moto.core.base_backend.BackendDict": "0dd231d37bf44b1d",
    "moto.core.common_models.BaseModel": "e378ff11f02a4b8f",
    "moto.core.loaders.create_loader": "74fbf696ab281b78",
    "moto.core.request.EnvironHeaders": "5e27b7fab9326910",
    "moto.core.request.Request": "a97f1afe684547a8",
    "moto.core.responses.BaseResponse.call_action": "30d775b428da928c",
    "moto.core.responses.BaseResponse.get_region_from_url": "7edb786e884ea2f6",
    "moto.core.utils._load_service_model": "70e32c7495454fd6",
    "moto.core.utils.convert_to_flask_response": "8131b2f7b7f6a968",
    "moto.core.utils.method_names_from_class": "30ee0d7f25741ac8",
    "moto.dynamodb.models.DynamoDBBackend.batch_execute_statement": "8b4304d229b120b3",
    "moto.dynamodb.models.DynamoDBBackend.delete_table": "cdb49b006f22ce76",
    "moto.dynamodb.models.DynamoDBBackend.execute_statement": "3e0aeb7b8bb1f3b2",
    "moto.dynamodb.models.dynamo_type.DynamoType.__eq__": "633501567abf19d3",
    "moto.dynamodb.models.dynamo_type.DynamoType.__hash__": "ba02e34c097ab420",
    "moto.dynamodb.models.dynamo_type.DynamoType.__init__": "716d137c4561d4d7",
    "moto.dynamodb.models.dynamo_type.DynamoType.to_json": "2350b8670b49870b",
    "moto.dynamodb.models.dynamo_type.Item.__init__": "3e07309b43b2478d",
    "moto.dynamodb.models.dynamo_type.Item.to_json": "84dd80026bd9f4cd",
    "moto.dynamodb.models.dynamo_type.LimitedSizeDict": "e60364273e86b4f4",
    "moto.dynamodb.models.table.GlobalSecondaryIndex": "cc462744e63ca328",
    "moto.dynamodb.models.table.SecondaryIndex": "3fb80e0b5f78d74f",
    "moto.dynamodb.models.table.StreamRecord": "0b18c1235e9e7743",
    "moto.dynamodb.models.table.StreamShard": "6b3ddced0225745e",
    "moto.dynamodb.models.table.Table.__init__": "85f421c7b4bc8fd7",
    "moto.dynamodb.models.table.Table.__len__": "81e7a8cc22cc1a8c",
    "moto.dynamodb.models.table.Table._get_default_encryption_key": "68c5ab4f860ddcf2",
    "moto.dynamodb.models.table.Table.all_indexes": "aee334af41ab77c1",
    "moto.dynamodb.models.table.Table.set_stream_specification": "bf4c1a000909d855",
    "moto.dynamodb.parsing.partiql.get_query_metadata": "10e38beda2b2c3c3",
    "moto.dynamodb.parsing.reserved_keywords.ReservedKeywords": "fba09133b4557c0e",
    "moto.dynamodbstreams.models.ShardIterator": "1345bc554b2244d9",
    "moto.moto_server.werkzeug_app.create_backend_app": "cddc21116cac93c1",
    "moto.s3.models.CorsRule": "f313dd71afdc3b6f",
    "moto.s3.models.FakeBucket.set_cors": "8519fd77a3d15bf0",
    "moto.s3.models.FakeBucket.set_lifecycle": "bfcb4f96d3baff74",
    "moto.s3.models.FakeDeleteMarker": "d73ae13c8b3451c2",
    "moto.s3.models.FakeKey.__getstate__": "f1dd25d2f183af92",
    "moto.s3.models.FakeKey.__init__": "f908efba29b210c4",
    "moto.s3.models.FakeKey.__setstate__": "2f17b1d0a3637d7d",
    "moto.s3.models.FakeKey.dispose": "22de44f9e761cda5",
    "moto.s3.models.FakeKey.etag": "d67b3b857bf1c5f4",
    "moto.s3.models.FakeKey.set_metadata": "ca288082fd3fbfed",
    "moto.s3.models.FakeKey.value": "574b5bfc7b46595a",
    "moto.s3.models.LifecycleAndFilter": "12689aeac16e007e",
    "moto.s3.models.LifecycleFilter": "2baeb5374eb9569d",
    "moto.s3.models.LifecycleRule.__init__": "72b8e90cba9c65ec",
    "moto.s3.models.MultipartDict": "d6072de79cef5c83",
    "moto.s3.models.S3Backend._set_delete_marker": "0a20932d006debeb",
    "moto.s3.models.S3Backend.delete_object": "9714c56149149bc9",
    "moto.s3.models.S3Backend.delete_objects": "17bd6e422f8e37cd",
    "moto.s3.models.S3Backend.list_object_versions": "dd517bcc1adef557",
    "moto.s3.models.S3Backend.list_objects": "874bfc015afd29b0",
    "moto.s3.models.S3Backend.list_objects_v2": "f5ccc0986f75de52",
    "moto.s3.models.S3Backend.put_object": "46941c65c16d5162",
    "moto.s3.models.S3Backend.reset": "9cb0c1e54f0f5a70",
    "moto.s3.models.S3BackendDict": "3ef3ee02eb453fe6",
    "moto.s3.responses.S3Response._bucket_response_delete_keys": "697e39716b1a2bb6",
    "moto.s3.responses.S3Response._get_checksum": "acfb977f9769a023",
    "moto.s3.responses.S3Response._get_cors_headers_other": "20ef67122dbbf0df",
    "moto.s3.responses.S3Response._key_response": "e3c7a45e4a0a6665",
    "moto.s3.responses.S3Response.put_object": "51ffe043a80c4295",
    "moto.s3.responses.S3Response.setup_class": "6f44407bd5080eea",
    "moto.s3.utils._VersionedKeyStore": "87c128b84eaab981",
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
    return sha256("\n".join(ast.dump(node) for node in found).encode()).hexdigest()[:16]


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
