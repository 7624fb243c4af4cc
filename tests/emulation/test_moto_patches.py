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

from emulation.cloud import cognito, relies_on

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
    "moto.core.base_backend.BackendDict": "0dd231d37bf44b1d",
    "moto.core.common_models.BaseModel": "e378ff11f02a4b8f",
    "moto.core.request.EnvironHeaders": "5e27b7fab9326910",
    "moto.core.request.Request": "a97f1afe684547a8",
    "moto.core.responses.BaseResponse.call_action": "30d775b428da928c",
    "moto.core.responses.BaseResponse.get_region_from_url": "7edb786e884ea2f6",
    "moto.core.responses.BaseResponse.serialized": "afededab0d716cd7",
    "moto.core.utils.convert_to_flask_response": "8131b2f7b7f6a968",
    "moto.core.utils.method_names_from_class": "30ee0d7f25741ac8",
    "moto.dynamodb.models.DynamoDBBackend.get_keys_value": "e015d5d686269ae7",
    "moto.dynamodb.models.DynamoDBBackend.transact_write_items": "94a73192b0265dd2",
    "moto.dynamodb.models.DynamoDBBackend.update_item": "6000180588ba6a15",
    "moto.dynamodb.models.dynamo_type.DynamoType.__init__": "716d137c4561d4d7",
    "moto.dynamodb.models.dynamo_type.Item.__deepcopy__": "d4f5222c086f396d",
    "moto.dynamodb.models.dynamo_type.Item.__eq__": "9071c6bb1fb6cc18",
    "moto.dynamodb.models.dynamo_type.Item.__init__": "3e07309b43b2478d",
    "moto.dynamodb.models.dynamo_type.LimitedSizeDict": "e60364273e86b4f4",
    "moto.dynamodb.models.table.StreamRecord": "0b18c1235e9e7743",
    "moto.dynamodb.models.table.StreamShard": "6b3ddced0225745e",
    "moto.dynamodb.models.table.Table.delete_item": "15d007a15b13e607",
    "moto.dynamodb.models.table.Table.get_item": "e8ae12968db712fb",
    "moto.dynamodb.models.table.Table.put_item": "1c77fd6e4fb5ceb6",
    "moto.dynamodb.models.table.Table.set_stream_specification": "bf4c1a000909d855",
    "moto.dynamodb.responses.DynamoHandler.call_action": "eb3a45f483808cd1",
    "moto.dynamodbstreams.models.ShardIterator": "1345bc554b2244d9",
    "moto.moto_server.werkzeug_app.create_backend_app": "cddc21116cac93c1",
    "moto.s3.models.FakeKey.__getstate__": "f1dd25d2f183af92",
    "moto.s3.models.FakeKey.__init__": "f908efba29b210c4",
    "moto.s3.models.FakeKey.__setstate__": "2f17b1d0a3637d7d",
    "moto.s3.models.FakeKey.dispose": "22de44f9e761cda5",
    "moto.s3.models.FakeKey.etag": "d67b3b857bf1c5f4",
    "moto.s3.models.FakeKey.value": "574b5bfc7b46595a",
    "moto.s3.models.S3Backend.reset": "9cb0c1e54f0f5a70",
    "moto.s3.models.S3BackendDict": "3ef3ee02eb453fe6",
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
    assert sorted(DIGESTS) == sorted({*relies_on.RELIES_ON, *cognito.RELIES_ON})


@pytest.mark.parametrize("name", sorted({*relies_on.RELIES_ON, *cognito.RELIES_ON}))
def test_moto_is_as_it_was_when_it_was_looked_at(name: str) -> None:
    current = digest(name)
    assert DIGESTS.get(name) == current, (
        f"{name} has changed in moto {version('moto')}. Look at what the local cloud does with it, then write:\n"
        f'    "{name}": "{current}",'
    )
