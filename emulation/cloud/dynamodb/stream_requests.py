"""What a request to DynamoDB Streams names has to be there: moto fails at what is not.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
"""

import re
from collections.abc import Mapping
from typing import Any

from moto.dynamodbstreams.models import dynamodbstreams_backends

from emulation.cloud.dynamodb.refusals import NAMESPACE, DynamoDBError, ValidationError
from emulation.cloud.dynamodb.tables import backend_of
from emulation.settings import ACCOUNT_ID

_STREAM = re.compile(rf"arn:aws:dynamodb:([\w-]+):{ACCOUNT_ID}:table/([\w.-]+)/stream/(.+)")


def check_stream(action: str, request: Mapping[str, Any]) -> None:
    """Raises ValidationError for what is no stream, and ResourceNotFoundException for one that is not there."""
    if action == "GetRecords":
        _check_iterator(request["ShardIterator"])
    elif action in ("DescribeStream", "GetShardIterator"):
        shard = _find_shard(request["StreamArn"])
        if action == "GetShardIterator" and request["ShardId"] != shard:
            raise _not_found("Requested resource not found: Shard does not exist")


def _check_iterator(iterator: str) -> None:
    found = _STREAM.fullmatch(iterator.partition("|")[0])
    if found is None:
        raise ValidationError("Invalid ShardIterator")
    if iterator not in dynamodbstreams_backends[ACCOUNT_ID][found[1]].shard_iterators:
        raise ValidationError("Invalid ShardIterator")


def _find_shard(arn: str) -> str:
    found = _STREAM.fullmatch(arn)
    if found is None:
        raise ValidationError("Invalid StreamArn")
    region, table_name, label = found.groups()
    table = backend_of(region).tables.get(table_name)
    if table is None or table.stream_shard is None or table.latest_stream_label != label:
        raise _not_found(f"Requested resource not found: Stream: {arn} not found")
    return str(table.stream_shard.id)


def _not_found(message: str) -> DynamoDBError:
    return DynamoDBError(f"{NAMESPACE}ResourceNotFoundException", message)
