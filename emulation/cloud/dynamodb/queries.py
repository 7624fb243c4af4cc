"""Query and Scan.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulation.cloud.dynamodb.capacity import report
from emulation.cloud.dynamodb.condition_checks import read_condition
from emulation.cloud.dynamodb.conditions import Attribute, Condition, Scope, holds, walk
from emulation.cloud.dynamodb.items import StoredItem
from emulation.cloud.dynamodb.key_conditions import KeyTest, check_key_tests, find_range, read_key_condition
from emulation.cloud.dynamodb.pages import Page, PageRequest, Source, open_source, read_page
from emulation.cloud.dynamodb.partitions import Partition, Place
from emulation.cloud.dynamodb.paths import Path, project, resolve
from emulation.cloud.dynamodb.placeholders import Placeholders
from emulation.cloud.dynamodb.projections import read_projection
from emulation.cloud.dynamodb.refusals import RequestError, ValidationError
from emulation.cloud.dynamodb.sorted_items import SortedItems
from emulation.cloud.dynamodb.tables import find_table
from emulation.cloud.dynamodb.values import Value, stored_values

FILTER = "FilterExpression"
SELECT_NOUNS = {"COUNT": "only the Count"}

Request = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Selection:
    """What a Query or Scan answers of what it reads."""

    request: Request
    placeholders: Placeholders
    filter: Condition | None
    paths: tuple[Path, ...]


class Queries:
    """Reads of many items. A global index is read as its lag lets it see the table."""

    def __init__(self, items: SortedItems) -> None:
        self._items = items

    def query(self, request: Request, region: str) -> str:
        """Query's answer as JSON."""
        selection = _read_selection(request)
        text = request.get("KeyConditionExpression")
        if text is None:
            raise RequestError(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            )
        tests = read_key_condition(text, selection.placeholders)
        selection.placeholders.check_all_used()
        start = _read_start(request)
        source = open_source(request, find_table(region, request["TableName"]))
        by_name = check_key_tests(tests, source.schema)
        _check_filter(selection, source)
        if start is not None:
            source.check_start(start, "")
            _check_start_in_range(start, by_name, source)
        key = {name: by_name[name].values[0] for name in source.schema.hash_names}
        after = None if start is None else source.sorting.place(start)
        sort_tests = [by_name[name] for name in source.schema.range_names if name in by_name]
        found = _walk(self._items.find(source, key), sort_tests, after, request.get("ScanIndexForward") is False)
        return _answer(selection, read_page(source, found, _page_request(selection, source)))

    def scan(self, request: Request, region: str) -> str:
        """Scan's answer as JSON."""
        selection = _read_selection(request)
        selection.placeholders.check_all_used()
        start = _read_start(request)
        segment, segments = _read_segment(request)
        source = open_source(request, find_table(region, request["TableName"]))
        if start is not None:
            source.check_start(start, ": The provided key element does not match the schema")
        places = [(source.place(item.attributes), item) for item in self._items.all(source)]
        after = None if start is None else source.place(start)
        chosen = [one for one in places if one[0][0] % segments == segment and (after is None or one[0] > after)]
        found = [item for _, item in sorted(chosen, key=lambda one: one[0])]
        return _answer(selection, read_page(source, found, _page_request(selection, source)))


def _walk(partition: Partition, tests: Sequence[KeyTest], after: Place | None, backwards: bool) -> Iterator[StoredItem]:
    """The items of a partition that pass the tests of its sort key, in order or from the last to the first."""
    begin, end = find_range(partition, tests)
    if after is not None and backwards:
        end = min(end, partition.begin(after))
    elif after is not None:
        begin = max(begin, partition.end(after))
    places = range(begin, end)
    return (partition.items[place] for place in (reversed(places) if backwards else places))


def _read_selection(request: Request) -> _Selection:
    placeholders = Placeholders(request)
    text = request.get(FILTER)
    condition = None if text is None else read_condition(FILTER, text, placeholders)
    projection, plain = request.get("ProjectionExpression"), request.get("AttributesToGet")
    paths = () if projection is None else read_projection(projection, placeholders)
    _check_select(request, "ProjectionExpression" if projection is not None else "AttributesToGet" if plain else "")
    return _Selection(request, placeholders, condition, paths or tuple((name,) for name in plain or ()))


def _check_select(request: Request, chosen_by: str) -> None:
    select = request.get("Select")
    if select == "SPECIFIC_ATTRIBUTES" and not chosen_by:
        raise RequestError(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
        )
    if select not in (None, "SPECIFIC_ATTRIBUTES") and chosen_by:
        raise RequestError(f"Cannot specify the {chosen_by} when choosing to get {SELECT_NOUNS.get(select, select)}")
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in request:
        raise RequestError("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")


def _read_start(request: Request) -> dict[str, Value] | None:
    start = request.get("ExclusiveStartKey")
    return None if start is None else stored_values(start)


def _read_segment(request: Request) -> tuple[int, int]:
    segment, segments = request.get("Segment"), request.get("TotalSegments")
    if segment is None and segments is None:
        return 0, 1
    if segment is None or segments is None:
        name, other = ("Segment", "TotalSegments") if segment is None else ("TotalSegments", "Segment")
        raise RequestError(
            f"The {name} parameter is required but was not present in the request when parameter {other} is present"
        )
    if segment >= segments:
        raise RequestError(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            f"Segment: {segment} is not less than TotalSegments: {segments}"
        )
    return segment, segments


def _check_filter(selection: _Selection, source: Source) -> None:
    if selection.filter is None:
        return
    names = selection.placeholders.names
    heads = {resolve(node.path, names)[0] for node in walk(selection.filter) if isinstance(node, Attribute)}
    for name in source.schema.kinds:
        if name in heads:
            raise ValidationError(
                f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"
            )


def _check_start_in_range(start: dict[str, Value], tests: Mapping[str, KeyTest], source: Source) -> None:
    for name, test in tests.items():
        if test.holds(start[name]):
            continue
        if name in source.schema.hash_names:
            raise ValidationError("The provided starting key is outside query boundaries based on provided conditions")
        raise ValidationError("The provided starting key does not match the range key predicate")


def _page_request(selection: _Selection, source: Source) -> PageRequest:
    request = selection.request
    return PageRequest(request.get("Limit"), bool(request.get("ConsistentRead")), _fetches(selection, source))


def _fetches(selection: _Selection, source: Source) -> bool:
    """Whether a local index has to read the items themselves; a global one cannot."""
    index = source.index
    if index is None or index.projected is None:
        return False
    everything = selection.request.get("Select") == "ALL_ATTRIBUTES"
    missing = [str(path[0]) for path in selection.paths if path[0] not in index.projected]
    if index.is_global and everything:
        raise ValidationError(
            "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for "
            f"global secondary index {index.name} because its projection type is not ALL"
        )
    if index.is_global and missing:
        raise ValidationError(
            "One or more parameter values were invalid: "
            f"Global secondary index {index.name} does not project [{', '.join(missing)}]"
        )
    return everything or bool(missing)


def _answer(selection: _Selection, page: Page) -> str:
    """The page's items that pass the filter, as JSON; an item that is answered whole has its JSON already."""
    places = list(range(len(page.items)))
    if selection.filter is not None:
        names, values = selection.placeholders.names, selection.placeholders.values
        places = [place for place in places if holds(selection.filter, Scope(page.items[place], names, values))]
    parts = [f'"Count":{len(places)}', f'"ScannedCount":{len(page.items)}']
    if selection.request.get("Select") != "COUNT":
        if page.texts is not None and not selection.paths:
            texts = [page.texts[place] for place in places]
        else:
            items = [page.items[place] for place in places]
            texts = [json.dumps(project(item, selection.paths) if selection.paths else item) for item in items]
        parts.append(f'"Items":[{",".join(texts)}]')
    if page.last_key is not None:
        parts.append(f'"LastEvaluatedKey":{json.dumps(page.last_key)}')
    told = report(selection.request, page.consumed, is_write=False)
    parts += [f'"{name}":{json.dumps(units)}' for name, units in told.items()]
    return f"{{{','.join(parts)}}}"
