"""Key conditions of a Query: equality on the partition key, one test of the sort key.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from emulation.cloud.dynamodb.condition_checks import read_condition
from emulation.cloud.dynamodb.conditions import (
    Among,
    Attribute,
    Between,
    Both,
    Call,
    Comparison,
    Condition,
    Either,
    Given,
    Negation,
    begins_with,
    in_order,
)
from emulation.cloud.dynamodb.keys import check_not_empty
from emulation.cloud.dynamodb.partitions import Partition
from emulation.cloud.dynamodb.paths import resolve
from emulation.cloud.dynamodb.placeholders import Placeholders
from emulation.cloud.dynamodb.refusals import RequestError, ValidationError
from emulation.cloud.dynamodb.tables import KeySchema
from emulation.cloud.dynamodb.values import Value, ordered

EXPRESSION = "KeyConditionExpression"
MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class KeyTest:
    """A test of one key attribute: a comparator, BETWEEN with two values, or begins_with."""

    name: str
    sign: str
    values: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        """Whether a key attribute's value passes."""
        match self.sign:
            case "=":
                return value == self.values[0]
            case "BETWEEN":
                return in_order(">=", value, self.values[0]) and in_order("<=", value, self.values[1])
            case "begins_with":
                return begins_with(value, self.values[0])
        return in_order(self.sign, value, self.values[0])


def read_key_condition(text: str, placeholders: Placeholders) -> list[KeyTest]:
    """The tests of a KeyConditionExpression; raises RequestError."""
    condition = read_condition(EXPRESSION, text, placeholders)
    tests = [_read_test(one, placeholders) for one in _flat(condition)]
    if len({test.name for test in tests}) < len(tests):
        raise RequestError(f"Invalid {EXPRESSION}: KeyConditionExpressions must only contain one condition per key")
    return tests


def check_key_tests(tests: Sequence[KeyTest], schema: KeySchema) -> dict[str, KeyTest]:
    """The tests by attribute, when they fit the key of the table or index; raises ValidationError."""
    by_name = {test.name: test for test in tests}
    names = (*schema.hash_names, *schema.range_names)
    if len(tests) > len(names):
        raise ValidationError(
            f"The number of query conditions ({len(tests)}) exceeds the number of key attributes defined "
            f"in the schema ({len(names)})"
            if len(names) > 1
            else "Query key condition not supported"
        )
    for name in names[: max(len(tests), len(schema.hash_names))]:
        if name not in by_name:
            raise ValidationError(f"Query condition missed key schema element: {name}")
    for place, test in enumerate(by_name[name] for name in names[: len(tests)]):
        _check_values(test, schema.kinds[test.name])
        if test.sign != "=" and (test.name in schema.hash_names or place < len(tests) - 1):
            raise ValidationError("Query key condition not supported")
    return by_name


def find_range(partition: Partition, tests: Sequence[KeyTest]) -> tuple[int, int]:
    """Where the items begin and end that pass the tests of the sort key's attributes, all but the last equalities."""
    if not tests:
        return 0, len(partition.items)
    *equal, last = [tuple(map(ordered, test.values)) for test in tests]
    before = tuple(value for [value] in equal)
    place, sign = (*before, last[0]), tests[-1].sign
    match sign:
        case "<" | "<=":
            return partition.begin(before), partition.begin(place) if sign == "<" else partition.end(place)
        case ">" | ">=":
            return partition.end(place) if sign == ">" else partition.begin(place), partition.end(before)
        case "BETWEEN":
            return partition.begin(place), partition.end((*before, last[1]))
        case "begins_with":
            return partition.begin(place), partition.end_of_prefix(place)
    return partition.begin(place), partition.end(place)


def _check_values(test: KeyTest, kind: str) -> None:
    if any(kind not in value for value in test.values):
        raise ValidationError(
            "One or more parameter values were invalid: Condition parameter type does not match schema type"
        )
    for value in test.values:
        check_not_empty(test.name, value)


def _flat(condition: Condition) -> list[Condition]:
    if isinstance(condition, Both):
        return [*_flat(condition.left), *_flat(condition.right)]
    return [condition]


def _read_test(condition: Condition, placeholders: Placeholders) -> KeyTest:
    match condition:
        case Comparison(sign, Attribute() as attribute, Given(value)) if sign != "<>":
            return _test(attribute, sign, (value,), placeholders)
        case Comparison(sign, Given(value), Attribute() as attribute) if sign != "<>":
            return _test(attribute, MIRRORED[sign], (value,), placeholders)
        case Between(Attribute() as attribute, Given(low), Given(high)):
            return _test(attribute, "BETWEEN", (low, high), placeholders)
        case Call("begins_with", (Attribute() as attribute, Given(prefix))):
            return _test(attribute, "begins_with", (prefix,), placeholders)
        case Comparison("=" | "<" | "<=" | ">" | ">=") | Between() | Call("begins_with"):
            raise RequestError(f"Invalid condition in {EXPRESSION}: Multiple attribute names used in one condition")
    raise RequestError(f"Invalid operator used in {EXPRESSION}: {_operator(condition)}")


def _test(attribute: Attribute, sign: str, values: tuple[str, ...], placeholders: Placeholders) -> KeyTest:
    path = resolve(attribute.path, placeholders.names)
    if len(path) > 1:
        raise RequestError(f"{EXPRESSION}s cannot have conditions on nested attributes")
    return KeyTest(str(path[0]), sign, tuple(placeholders.values[value] for value in values))


def _operator(condition: Any) -> str:
    match condition:
        case Either():
            return "OR"
        case Negation():
            return "NOT"
        case Among():
            return "IN"
        case Call(function):
            return str(function)
    return "<>"
