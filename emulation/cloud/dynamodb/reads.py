"""GetItem, BatchGetItem and TransactGetItems.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.capacity import TRANSACTION_FACTOR, Consumed, item_read_units, report, report_all
from emulation.cloud.dynamodb.keys import check_key
from emulation.cloud.dynamodb.paths import Path, project
from emulation.cloud.dynamodb.placeholders import Placeholders
from emulation.cloud.dynamodb.projections import read_projection
from emulation.cloud.dynamodb.refusals import (
    EmptyKeyError,
    RequestError,
    TransactionCanceledError,
    ValidationError,
)
from emulation.cloud.dynamodb.tables import find_item, find_table
from emulation.cloud.dynamodb.values import Value, stored_values

MOST_KEYS = 100
MAX_ANSWER_BYTES = 16 * 1024 * 1024
NO_FAULT = {"Code": "None"}

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Get:
    """One item to be read: its table, its key, and the paths of a projection, none for the whole item."""

    table: Table
    key: dict[str, Value]
    paths: tuple[Path, ...]

    @property
    def identity(self) -> str:
        return json.dumps([self.table.table_arn, self.key], sort_keys=True)


class Reads:
    """Reads of single items, by their keys. Every read is consistent; only what it costs tells them apart."""

    def get_item(self, request: Request, region: str) -> str:
        """GetItem's answer as JSON."""
        paths = _read_paths(request)
        key = stored_values(request["Key"])
        table = find_table(region, request["TableName"])
        check_key(table, key)
        item = find_item(table, key)
        parts = []
        if item is not None:
            # The whole item has its JSON already.
            parts.append(f'"Item":{json.dumps(project(item.attributes, paths)) if paths else item.text}')
        consumed = Consumed(table.name)
        consumed.table_units = item_read_units(item, bool(request.get("ConsistentRead")))
        told = report(request, consumed, is_write=False)
        parts += [f'"{name}":{json.dumps(units)}' for name, units in told.items()]
        return f"{{{','.join(parts)}}}"

    def batch_get_item(self, request: Request, region: str) -> dict[str, Any]:
        """BatchGetItem's answer; what does not fit into 16 MB is left unprocessed."""
        wanted: dict[str, Request] = request["RequestItems"]
        read = {name: (_read_paths(one), [stored_values(key) for key in one["Keys"]]) for name, one in wanted.items()}
        if sum(len(keys) for _, keys in read.values()) > MOST_KEYS:
            raise ValidationError("Too many items requested for the BatchGetItem call")
        gets = {
            name: [_Get(find_table(region, name), key, paths) for key in keys] for name, (paths, keys) in read.items()
        }
        for batch in gets.values():
            for get in batch:
                check_key(get.table, get.key)
            check_distinct(batch[0].table, [get.key for get in batch])
        batches = _Batches(MAX_ANSWER_BYTES)
        for name, batch in gets.items():
            batches.read(name, wanted[name], batch)
        return batches.answer(request)

    def transact_get_items(self, request: Request, region: str) -> dict[str, Any]:
        """TransactGetItems' answer."""
        read = [
            (one["Get"], _read_paths(one["Get"]), stored_values(one["Get"]["Key"])) for one in request["TransactItems"]
        ]
        gets = [_Get(find_table(region, one["TableName"]), key, paths) for one, paths, key in read]
        if len({get.identity for get in gets}) < len(gets):
            raise ValidationError("Transaction request cannot include multiple operations on one item")
        _check_keys(gets)
        consumed: dict[str, Consumed] = {}
        responses = []
        for get in gets:
            item = find_item(get.table, get.key)
            one = consumed.setdefault(get.table.name, Consumed(get.table.name, "ReadCapacityUnits"))
            one.table_units += TRANSACTION_FACTOR * item_read_units(item, consistent=True)
            responses.append({} if item is None else {"Item": _projected(item.attributes, get.paths)})
        return {"Responses": responses, **report_all(request, consumed.values(), is_write=False)}


class _Batches:
    """The answer to a BatchGetItem while it is put together."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._found: dict[str, list[Any]] = {}
        self._left: dict[str, Any] = {}
        self._consumed: list[Consumed] = []

    def read(self, name: str, request: Request, gets: list[_Get]) -> None:
        """Read one table's items as far as there is room."""
        found = self._found.setdefault(name, [])
        consumed = Consumed(gets[0].table.name)
        self._consumed.append(consumed)
        for place, get in enumerate(gets):
            item = find_item(get.table, get.key)
            self._room -= 0 if item is None else item.byte_count
            if self._room < 0:
                self._left[name] = {**request, "Keys": request["Keys"][place:]}
                return
            consumed.table_units += item_read_units(item, bool(request.get("ConsistentRead")))
            if item is not None:
                found.append(_projected(item.attributes, get.paths))

    def answer(self, request: Request) -> dict[str, Any]:
        """All that was read, and what was not."""
        units = report_all(request, self._consumed, is_write=False)
        return {"Responses": self._found, "UnprocessedKeys": self._left, **units}


def check_distinct(table: Table, keys: list[dict[str, Value]]) -> None:
    """Raises ValidationError when two have the same primary key."""
    if len({json.dumps([key[name] for name in table.table_key_attrs]) for key in keys}) < len(keys):
        raise ValidationError("Provided list of item keys contains duplicates")


def cancellation(error: ValidationError) -> dict[str, Any]:
    """Why an action cancels its transaction; what the request alone shows to be wrong refuses it instead."""
    if isinstance(error, RequestError | EmptyKeyError):
        raise error
    return {"Code": "ValidationError", "Message": error.message}


def _read_paths(request: Request) -> tuple[Path, ...]:
    placeholders = Placeholders(request)
    text, plain = request.get("ProjectionExpression"), request.get("AttributesToGet")
    if plain is not None and text is not None:
        raise RequestError(
            "Can not use both expression and non-expression parameters in the same request: "
            "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
        )
    paths = () if text is None else read_projection(text, placeholders)
    placeholders.check_all_used()
    return paths if plain is None else tuple((name,) for name in plain)


def _projected(attributes: dict[str, Value], paths: tuple[Path, ...]) -> dict[str, Value]:
    return project(attributes, paths) if paths else attributes


def _check_keys(gets: list[_Get]) -> None:
    """A key that is not its table's cancels the transaction."""
    reasons: list[dict[str, Any]] = []
    for get in gets:
        try:
            check_key(get.table, get.key)
        except ValidationError as error:
            reasons.append(cancellation(error))
        else:
            reasons.append(NO_FAULT)
    if reasons != [NO_FAULT] * len(reasons):
        raise TransactionCanceledError(reasons)
