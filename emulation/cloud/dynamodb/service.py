"""DynamoDB's actions on items, answered without moto's pipeline around its model."""

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from emulation.cloud.dynamodb.index_lag import IndexLag, Seconds
from emulation.cloud.dynamodb.legacy import refuse_legacy
from emulation.cloud.dynamodb.moto_mends import mend_tables
from emulation.cloud.dynamodb.parameters import check_parameters
from emulation.cloud.dynamodb.queries import Queries
from emulation.cloud.dynamodb.reads import Reads
from emulation.cloud.dynamodb.refusals import DynamoDBError, RequestError, SerializationError
from emulation.cloud.dynamodb.sorted_items import SortedItems
from emulation.cloud.dynamodb.store import Store
from emulation.cloud.dynamodb.time_to_live import TimeToLive
from emulation.cloud.dynamodb.transactions import Tokens, Transactions
from emulation.cloud.dynamodb.writes import Writes
from emulation.cloud.exchange import Answer
from server.clock import Clock

JSON_TYPE = "application/x-amz-json-1.0"
# In these actions a fault of the request is reported as one among several that there could be.
ENVELOPED = frozenset({"PutItem", "UpdateItem", "DeleteItem"})

Handler = Callable[[Mapping[str, Any], str], dict[str, Any] | str]


class DynamoDB:
    """Answers what is asked about items; moto answers what is asked about tables."""

    def __init__(
        self,
        tokens: Tokens,
        clock: Clock,
        new_id: Callable[[], str],
        index_lag_seconds: float,
        monotonic: Seconds,
    ) -> None:
        self._new_id = new_id
        items = SortedItems(IndexLag(index_lag_seconds, monotonic))
        self.store = Store(clock, items, new_id)
        self.time_to_live = TimeToLive(self.store, clock)
        reads, queries, writes = Reads(), Queries(items), Writes(self.store)
        mend_tables(writes)
        self._actions: dict[str, Handler] = {
            "BatchGetItem": reads.batch_get_item,
            "BatchWriteItem": writes.batch_write_item,
            "DeleteItem": writes.delete_item,
            "DescribeTimeToLive": self.time_to_live.describe_time_to_live,
            "GetItem": reads.get_item,
            "PutItem": writes.put_item,
            "Query": queries.query,
            "Scan": queries.scan,
            "TransactGetItems": reads.transact_get_items,
            "TransactWriteItems": Transactions(self.store, tokens, clock).transact_write_items,
            "UpdateItem": writes.update_item,
            "UpdateTimeToLive": self.time_to_live.update_time_to_live,
        }

    def answer(self, action: str, body: Any, region: str) -> Answer | None:
        """The answer to a request; None when it is moto's to give. `body` is the request's JSON, read."""
        try:
            check_parameters(action, body)
            handler = self._actions.get(action)
            if handler is None:
                return None
            refuse_legacy(body)
            result = handler(body, region)
        except UnicodeEncodeError:
            return self._refuse(action, SerializationError("A string holds half of a surrogate pair"))
        except DynamoDBError as error:
            return self._refuse(action, error)
        return self._answer(200, result if isinstance(result, str) else json.dumps(result))

    def _refuse(self, action: str, error: DynamoDBError) -> Answer:
        enveloped = isinstance(error, RequestError) and action in ENVELOPED
        message = f"1 validation error detected: {error.message}" if enveloped else error.message
        return self._answer(error.status, json.dumps({"__type": error.code, "message": message, **error.fields}))

    def _answer(self, status: int, text: str) -> Answer:
        body = text.encode()
        headers = {
            "Content-Type": JSON_TYPE,
            "x-amz-crc32": str(zlib.crc32(body)),
            "x-amzn-RequestId": self._new_id().upper(),
        }
        return Answer(status, body, list(headers.items()))
