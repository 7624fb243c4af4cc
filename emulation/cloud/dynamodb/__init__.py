"""DynamoDB: tables as moto models them, items and expressions as AWS documents them.

A request for items goes parameters.py (what AWS's front checks) -> reads.py, queries.py, writes.py, transactions.py ->
store.py, which keeps the items in moto's tables, and in order in sorted_items.py. All else is moto's: tables, tags,
backups, exports, PartiQL's SELECT.

| moto 5.2.5 | DynamoDB | mend |
|---|---|---|
| a missing or wrong parameter is HTTP 500 | ValidationException, SerializationException | parameters.py |
| an item may have 405,000 bytes, by a rough count | 409,600, counted to the byte | item_size.py |
| any nesting and any digits; sets may repeat members | 32 levels, 38 digits; refused | values.py |
| a key attribute of an index may have any type | ValidationException | keys.py |
| conditions on missing attributes or other types are HTTP 500, or hold | they do not hold | conditions.py |
| filters may name key attributes; any ExclusiveStartKey is taken | ValidationException | queries.py, pages.py |
| a page that ends with its Limit has no LastEvaluatedKey | it has one | pages.py |
| a failed UpdateItem leaves what it had done so far | nothing is changed | updates.py, store.py |
| ConsumedCapacity is 1, or missing | by bytes, consistency and index | capacity.py |
| BatchWriteItem takes any number, puts before deletes | 25; no key twice | writes.py |
| TransactWriteItems copies whole tables, knows no ClientRequestToken | idempotent for ten minutes | transactions.py |
| no item expires | TTL, with a record by dynamodb.amazonaws.com | time_to_live.py |
| an index sees a write at once | after a while, which INDEX_LAG_MS sets | index_lag.py |
| a write that changes nothing makes a stream record, an update that creates two | none, one | store.py |
| a malformed PartiQL statement is HTTP 500 | ValidationException | partiql.py, statements.py |
| PartiQL writes past all that, few literals and no parameters | the same rules | partiql_writes.py |

Not emulated: item collection metrics, the legacy parameters (legacy.py names them); conflicts between
transactions come by faults on demand alone (emulation/cloud/faults).
"""

from emulation.cloud.dynamodb.service import DynamoDB
from emulation.cloud.dynamodb.transactions import Tokens

# What of moto is called, replaced or taken apart here; tests/emulation/test_moto_patches.py holds a digest of each.
RELIES_ON = (
    "moto.dynamodb.models.DynamoDBBackend.batch_execute_statement",
    "moto.dynamodb.models.DynamoDBBackend.delete_table",
    "moto.dynamodb.models.DynamoDBBackend.execute_statement",
    "moto.dynamodb.models.dynamo_type.DynamoType.__eq__",
    "moto.dynamodb.models.dynamo_type.DynamoType.__hash__",
    "moto.dynamodb.models.dynamo_type.DynamoType.__init__",
    "moto.dynamodb.models.dynamo_type.DynamoType.to_json",
    "moto.dynamodb.models.dynamo_type.Item.__init__",
    "moto.dynamodb.models.dynamo_type.Item.to_json",
    "moto.dynamodb.models.dynamo_type.LimitedSizeDict",
    "moto.dynamodb.models.table.GlobalSecondaryIndex",
    "moto.dynamodb.models.table.SecondaryIndex",
    "moto.dynamodb.models.table.StreamRecord",
    "moto.dynamodb.models.table.StreamShard",
    "moto.dynamodb.models.table.Table.__init__",
    "moto.dynamodb.models.table.Table.__len__",
    "moto.dynamodb.models.table.Table._get_default_encryption_key",
    "moto.dynamodb.models.table.Table.all_indexes",
    "moto.dynamodb.models.table.Table.set_stream_specification",
    "moto.dynamodb.parsing.partiql.get_query_metadata",
    "moto.dynamodb.parsing.reserved_keywords.ReservedKeywords",
    "moto.dynamodbstreams.models.ShardIterator",
)

__all__ = ["RELIES_ON", "DynamoDB", "Tokens"]
