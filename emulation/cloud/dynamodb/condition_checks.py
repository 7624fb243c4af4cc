"""Reads a condition, and refuses what DynamoDB refuses before it looks at any item: operands that can never fit."""

from collections.abc import Callable
from typing import Any

from emulation.cloud.dynamodb.condition_parser import parse_condition
from emulation.cloud.dynamodb.conditions import (
    ORDERINGS,
    Among,
    Attribute,
    Between,
    Call,
    Comparison,
    Condition,
    Given,
    Size,
    in_order,
    walk,
)
from emulation.cloud.dynamodb.paths import resolve, shown
from emulation.cloud.dynamodb.placeholders import Placeholders
from emulation.cloud.dynamodb.refusals import RequestError
from emulation.cloud.dynamodb.values import Value

ORDERED_KINDS = frozenset({"S", "N", "B"})
SIZELESS_KINDS = frozenset({"N", "BOOL", "NULL"})
KINDS = ("B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M")


def read_condition(expression: str, text: str, placeholders: Placeholders) -> Condition:
    """The condition that a parameter's text means, its placeholders bound and its operands checked.

    Raises RequestError.
    """
    parsed = parse_condition(expression, text)
    placeholders.bind(expression, parsed.mentioned)
    checks = _Checks(expression, placeholders)
    for node in walk(parsed.condition):
        check = _CHECKS.get(type(node))
        if check is not None:
            check(checks, node)
    return parsed.condition


class _Checks:
    def __init__(self, expression: str, placeholders: Placeholders) -> None:
        self._expression = expression
        self._placeholders = placeholders

    def check_comparison(self, node: Comparison) -> None:
        self._check_distinct(node.sign, node.left, node.right)
        if node.sign in ORDERINGS:
            self._check_kinds(node.sign, ORDERED_KINDS, node.left, node.right)

    def check_between(self, node: Between) -> None:
        self._check_kinds("BETWEEN", ORDERED_KINDS, node.operand, node.low, node.high)
        low, high = self._given(node.low), self._given(node.high)
        if low is None or high is None:
            return
        bounds = (
            f"lower bound operand: AttributeValue: {_shown(low)}, upper bound operand: AttributeValue: {_shown(high)}"
        )
        if low.keys() != high.keys():
            raise self._invalid(f"The BETWEEN operator requires same data type for lower and upper bounds; {bounds}")
        if in_order(">", low, high):
            raise self._invalid(
                f"The BETWEEN operator requires upper bound to be greater than or equal to lower bound; {bounds}"
            )

    def check_among(self, node: Among) -> None:
        for choice in node.choices:
            self._check_distinct("IN", node.operand, choice)

    def check_call(self, node: Call) -> None:
        if len(node.operands) == 2:
            self._check_distinct(node.function, *node.operands)
        if node.function == "begins_with":
            self._check_kinds("begins_with", frozenset({"S", "B"}), *node.operands)
        if node.function == "attribute_type":
            self._check_type_name(self._given(node.operands[1]))

    def check_size(self, node: Size) -> None:
        self._check_kinds("size", frozenset(KINDS) - SIZELESS_KINDS, node.operand)

    def _check_type_name(self, name: Value | None) -> None:
        kind = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}" if name is None else next(iter(name))
        if name is None or kind != "S":
            raise self._wrong_kind("attribute_type", kind)
        if name["S"] not in KINDS:
            valid = ",".join(KINDS)
            raise self._invalid(f"Invalid attribute type name found; type: {name['S']}, valid types: {{{valid}}}")

    def _check_distinct(self, sign: str, first: Any, second: Any) -> None:
        if not isinstance(first, Attribute) or not isinstance(second, Attribute):
            return
        path = resolve(first.path, self._placeholders.names)
        if path == resolve(second.path, self._placeholders.names):
            raise self._invalid(
                "The first operand must be distinct from the remaining operands for this operator or function; "
                f"operator: {sign}, first operand: {shown(path)}"
            )

    def _check_kinds(self, function: str, kinds: frozenset[str], *operands: Any) -> None:
        for operand in operands:
            value = self._given(operand)
            if value is not None and not kinds & value.keys():
                raise self._wrong_kind(function, next(iter(value)))

    def _given(self, operand: Any) -> Value | None:
        return self._placeholders.values[operand.name] if isinstance(operand, Given) else None

    def _wrong_kind(self, function: str, kind: str) -> RequestError:
        return self._invalid(
            f"Incorrect operand type for operator or function; operator or function: {function}, operand type: {kind}"
        )

    def _invalid(self, fault: str) -> RequestError:
        return RequestError(f"Invalid {self._expression}: {fault}")


def _shown(value: Value) -> str:
    [(kind, content)] = value.items()
    return f"{{{kind}:{content}}}"


_CHECKS: dict[type, Callable[[_Checks, Any], None]] = {
    Comparison: _Checks.check_comparison,
    Between: _Checks.check_between,
    Among: _Checks.check_among,
    Call: _Checks.check_call,
    Size: _Checks.check_size,
}
