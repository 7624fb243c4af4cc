"""TransactWriteItems: all of its actions, or none.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.capacity import TRANSACTION_FACTOR, Consumed, count_write, read_units, report_all
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.reads import cancellation
from emulation.cloud.dynamodb.refusals import (
    NAMESPACE,
    ConditionFailedError,
    DynamoDBError,
    RequestError,
    TransactionCanceledError,
    ValidationError,
)
from emulation.cloud.dynamodb.store import Store
from emulation.cloud.dynamodb.tables import find_item, find_table
from emulation.cloud.dynamodb.writes import CONDITION, Write, read_change, read_put, read_removal
from server.clock import Clock

TOKEN_VALID = timedelta(minutes=10)
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
READERS: dict[str, Callable[[Mapping[str, Any]], Write]] = {
    "Put": read_put,
    "Update": read_change,
    "Delete": read_removal,
    "ConditionCheck": read_removal,
}


@dataclass(frozen=True)
class Completed:
    """A transaction that was done under a token: a digest of its request, and the bytes of each item by table."""

    at: datetime
    digest: str
    sizes: tuple[tuple[str, int], ...]


@dataclass
class Tokens:
    """The transactions of the last ten minutes, by region and ClientRequestToken."""

    completed: dict[tuple[str, str], Completed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    """An action with its table, and the item before and after it."""

    kind: str
    table: Table
    old: StoredItem | None
    new: StoredItem | None

    @property
    def size(self) -> int:
        return max((item.byte_count for item in (self.old, self.new) if item is not None), default=0)


class Transactions:
    """Transactions of writes; as everything runs one after the other, no two conflict but by a fault on demand."""

    def __init__(self, store: Store, tokens: Tokens, clock: Clock) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock

    def transact_write_items(self, request: Mapping[str, Any], region: str) -> dict[str, Any]:
        """TransactWriteItems' answer."""
        token = request.get("ClientRequestToken")
        digest = _digest(request)
        repeated = None if token is None else self._find_completed(region, token)
        if repeated is not None:
            return _answer_repeated(repeated, digest, request)
        writes = [(kind, READERS[kind](one)) for kind, one in map(_only_action, request["TransactItems"])]
        tables = [find_table(region, write.request["TableName"]) for _, write in writes]
        steps = self._plan(writes, tables)
        for step in steps:
            if step.kind != "ConditionCheck":
                self._store.commit(step.table, step.old, step.new)
        if token is not None:
            sizes = tuple((step.table.name, step.size) for step in steps)
            self._tokens.completed[region, token] = Completed(self._clock.now(), digest, sizes)
        return _answer(steps, request)

    def _find_completed(self, region: str, token: str) -> Completed | None:
        completed = self._tokens.completed
        # The oldest stand first: under load there are thousands, and each transaction asks.
        while completed and self._clock.age(next(iter(completed.values())).at) > TOKEN_VALID:
            del completed[next(iter(completed))]
        return completed.get((region, token))

    def _plan(self, writes: list[tuple[str, Write]], tables: list[Table]) -> list[_Step]:
        """The steps; raises TransactionCanceledError when one of them cannot be done."""
        reasons: list[dict[str, Any]] = []
        steps: list[_Step] = []
        seen: set[str] = set()
        for (kind, write), table in zip(writes, tables, strict=True):
            try:
                write.check_keys(table)
            except ValidationError as error:
                reasons.append(cancellation(error))
                continue
            identity = json.dumps([table.table_arn, *(write.key[name] for name in table.table_key_attrs)])
            if identity in seen:
                raise ValidationError("Transaction request cannot include multiple operations on one item")
            seen.add(identity)
            try:
                steps.append(self._plan_step(kind, write, table))
            except ConditionFailedError as error:
                reason = {"Code": "ConditionalCheckFailed", "Message": error.message}
                reasons.append(reason if error.item is None else {**reason, "Item": error.item})
            except ValidationError as error:
                reasons.append(cancellation(error))
            else:
                reasons.append({"Code": "None"})
        if len(steps) < len(writes):
            raise TransactionCanceledError(reasons)
        if sum(step.size for step in steps) > MAX_TRANSACTION_BYTES:
            raise ValidationError(f"Transaction size exceeded the maximum allowed size: {MAX_TRANSACTION_BYTES} bytes")
        return steps

    def _plan_step(self, kind: str, write: Write, table: Table) -> _Step:
        old = find_item(table, write.key)
        write.check_condition(old)
        if kind == "ConditionCheck":
            return _Step(kind, table, old, old)
        attributes = write.new_attributes(table, old)
        return _Step(kind, table, old, None if attributes is None else self._store.make_item(table, attributes, old))


def _only_action(item: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    kinds = [kind for kind in READERS if item.get(kind) is not None]
    if len(kinds) != 1:
        raise RequestError("TransactItems can only contain one of Check, Put, Update or Delete")
    kind = kinds[0]
    if kind == "ConditionCheck" and CONDITION not in item[kind]:
        raise RequestError("The ConditionExpression parameter is required for ConditionCheck")
    return kind, item[kind]


def _digest(request: Mapping[str, Any]) -> str:
    told = {name: value for name, value in request.items() if not name.startswith("Return")}
    return hashlib.blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=20).hexdigest()


def _answer(steps: list[_Step], request: Mapping[str, Any]) -> dict[str, Any]:
    consumed: dict[str, Consumed] = {}
    for step in steps:
        one = consumed.setdefault(step.table.name, Consumed(step.table.name, "WriteCapacityUnits"))
        count_write(one, step.table, step.old, step.new)
    return report_all(request, consumed.values(), is_write=True)


def _answer_repeated(completed: Completed, digest: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """A repeated transaction does nothing, and costs as much as reading its items."""
    if completed.digest != digest:
        raise DynamoDBError(
            f"{NAMESPACE}IdempotentParameterMismatchException",
            "DynamoDB rejected the request because you retried a request with a different payload "
            "but with an idempotent token that was already used.",
        )
    consumed: dict[str, Consumed] = {}
    for table_name, size in completed.sizes:
        one = consumed.setdefault(table_name, Consumed(table_name, "ReadCapacityUnits"))
        one.table_units += TRANSACTION_FACTOR * read_units(size, consistent=True)
    return report_all(request, consumed.values(), is_write=False)
