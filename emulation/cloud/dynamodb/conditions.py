"""Conditions on an item: ConditionExpression and FilterExpression, as trees and evaluated.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import base64
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from emulation.cloud.dynamodb.paths import Path, find, resolve
from emulation.cloud.dynamodb.values import Value, ordered

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression is evaluated against: an item's attributes, and the request's placeholders."""

    attributes: Mapping[str, Value]
    names: Mapping[str, str]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value at a path."""

    path: Path


@dataclass(frozen=True, slots=True)
class Given:
    """The value of a placeholder."""

    name: str


@dataclass(frozen=True, slots=True)
class Size:
    """size(operand): characters, bytes or elements; numbers, flags and null have none."""

    operand: "Operand"


Operand = Union[Attribute, Given, Size]  # noqa: UP007 - it refers to itself


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left sign right`."""

    sign: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Between:
    """`operand BETWEEN low AND high`, both included."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """`operand IN (choice, …)`."""

    operand: Operand
    choices: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function that holds or does not."""

    function: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """`left AND right`."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Either:
    """`left OR right`."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Negation:
    """`NOT condition`."""

    condition: "Condition"


Condition = Union[Comparison, Between, Among, Call, Both, Either, Negation]  # noqa: UP007


def walk(node: Condition | Operand) -> Iterator[Any]:
    """A condition and everything inside it, from left to right."""
    yield node
    match node:
        case Size(operand) | Negation(operand):
            inside: tuple[Any, ...] = (operand,)
        case Comparison(_, left, right) | Both(left, right) | Either(left, right):
            inside = (left, right)
        case Between(operand, low, high):
            inside = (operand, low, high)
        case Among(operand, choices):
            inside = (operand, *choices)
        case Call(_, operands):
            inside = operands
        case _:
            inside = ()
    for part in inside:
        yield from walk(part)


def value_of(operand: Operand, scope: Scope) -> Value | None:
    """An operand's value; None where the item has none."""
    match operand:
        case Attribute(path):
            return find(scope.attributes, resolve(path, scope.names))
        case Given(name):
            return scope.values[name]
    value = value_of(operand.operand, scope)
    if value is None:
        return None
    [(kind, content)] = value.items()
    if kind in ("N", "BOOL", "NULL"):
        return None
    return {"N": str(len(base64.b64decode(content) if kind == "B" else content))}


def holds(condition: Condition, scope: Scope) -> bool:
    """Whether a condition holds for an item."""
    match condition:
        case Comparison(sign, left, right):
            return _compare(sign, value_of(left, scope), value_of(right, scope))
        case Both(first, second):
            return holds(first, scope) and holds(second, scope)
        case Either(first, second):
            return holds(first, scope) or holds(second, scope)
        case Negation(inner):
            return not holds(inner, scope)
        case Call(function, operands):
            return FUNCTIONS[function](*(value_of(operand, scope) for operand in operands))
        case Between(operand, low, high):
            value = value_of(operand, scope)
            return in_order(">=", value, value_of(low, scope)) and in_order("<=", value, value_of(high, scope))
    value = value_of(condition.operand, scope)
    return value is not None and any(value == value_of(choice, scope) for choice in condition.choices)


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    """What is missing differs from everything, and has no order."""
    if sign == "=":
        return left is not None and left == right
    if sign == "<>":
        return left is None or left != right
    return in_order(sign, left, right)


def in_order(sign: str, left: Value | None, right: Value | None) -> bool:
    """Whether `left sign right` for an ordering sign: only two texts, numbers or binaries have an order."""
    if left is None or right is None or left.keys() != right.keys():
        return False
    smaller, larger = ordered(left), ordered(right)
    return smaller is not None and ORDERINGS[sign](smaller, larger)


def begins_with(value: Value | None, prefix: Value | None) -> bool:
    """Whether a text or binary begins with another."""
    if value is None or prefix is None or value.keys() != prefix.keys() or not value.keys() & {"S", "B"}:
        return False
    return bool(ordered(value).startswith(ordered(prefix)))


def _contains(value: Value | None, part: Value | None) -> bool:
    if value is None or part is None:
        return False
    [(kind, content)] = value.items()
    [(part_kind, part_content)] = part.items()
    if kind == "L":
        return part in content
    if kind in ("SS", "NS", "BS"):
        return bool(kind[0] == part_kind and part_content in content)
    return kind == part_kind and kind in ("S", "B") and ordered(part) in ordered(value)


def _has_type(value: Value | None, kind: Value | None) -> bool:
    return value is not None and kind is not None and kind["S"] in value


FUNCTIONS: dict[str, Callable[..., bool]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "attribute_type": _has_type,
    "begins_with": begins_with,
    "contains": _contains,
}
