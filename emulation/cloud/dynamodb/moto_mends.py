"""moto's own ways to the items, put right: PartiQL statements, and GetRecords, which reads streams."""

from functools import partialmethod
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table

from emulation.cloud.dynamodb.binaries import with_bytes
from emulation.cloud.dynamodb.refusals import NAMESPACE
from emulation.cloud.dynamodb.statements import batch_execute_statement, execute_statement
from emulation.cloud.dynamodb.writes import Writes

IMAGES = ("Keys", "NewImage", "OldImage")


def mend_tables(writes: Writes) -> None:
    """Let moto's statements write as other requests do, and its streams give binaries as they were written."""
    mends: tuple[tuple[type, str, Any], ...] = (
        (Table, "_get_default_encryption_key", name_key),
        (StreamShard, "get", read_records),
        (DynamoDBBackend, "execute_statement", partialmethod(execute_statement, writes)),
        (DynamoDBBackend, "batch_execute_statement", partialmethod(batch_execute_statement, writes)),
    )
    for owner, name, function in mends:
        setattr(owner, name, function)
    # moto counts an item's bytes for every attribute that is set, roughly; here they are counted once.
    if "__setitem__" in vars(LimitedSizeDict):
        del LimitedSizeDict.__setitem__


def name_key(_table: Table, account_id: str, region: str) -> str:
    """The ARN of the key that AWS manages for DynamoDB. moto would make one, and a pair of RSA keys for it."""
    arn = f"arn:aws:kms:{region}:{account_id}:key"
    return f"{arn}/{uuid5(NAMESPACE_URL, arn)}"


def read_records(shard: StreamShard, start: int, quantity: int) -> list[dict[str, Any]]:
    """Records from a sequence number on; moto encodes binaries once more, so they are decoded here."""
    first = start - shard.starting_sequence_number
    if first < 0:
        raise JsonRESTError(
            f"{NAMESPACE}TrimmedDataAccessException",
            "The operation attempted to read past the oldest stream record in a shard.",
        )
    return [_with_bytes(record.record) for record in shard.items[first : first + quantity]]


def _with_bytes(record: dict[str, Any]) -> dict[str, Any]:
    change = record["dynamodb"]
    images = {name: with_bytes(change[name]) for name in IMAGES if name in change}
    return {**record, "dynamodb": {**change, **images}}
