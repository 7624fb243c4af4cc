"""UpdateExpressions applied to an item.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from moto.dynamodb.models.table import Table

from emulation.cloud.dynamodb.conditions import Attribute, Given, Scope, value_of
from emulation.cloud.dynamodb.paths import Path, fault_of_meeting, find, resolve
from emulation.cloud.dynamodb.placeholders import Placeholders
from emulation.cloud.dynamodb.refusals import RequestError, ValidationError
from emulation.cloud.dynamodb.update_parser import (
    EXPRESSION,
    Action,
    Computed,
    UpdateOperand,
    parse_update,
    walk_operand,
)
from emulation.cloud.dynamodb.values import EXACT, Value, stored_number, stored_value

WRONG_TYPE = "An operand in the update expression has an incorrect data type"
KIND_NAMES = {"S": "STRING", "N": "NUMBER", "B": "BINARY", "NULL": "NULL", "BOOL": "BOOLEAN", "L": "LIST", "M": "MAP"}
SETS = frozenset({"SS", "NS", "BS"})


@dataclass(frozen=True, slots=True)
class Update:
    """The actions of an UpdateExpression with their resolved paths, and what its placeholders stand for."""

    actions: tuple[tuple[Action, Path], ...]
    placeholders: Placeholders

    @property
    def paths(self) -> list[Path]:
        """The paths that it writes."""
        return [path for _, path in self.actions]

    def apply(self, attributes: Mapping[str, Value]) -> dict[str, Value]:
        """The item after the update; raises ValidationError where the item does not fit it.

        Every operand is read from the item as it was, so `SET a = b, b = a` swaps.
        """
        scope = Scope(attributes, self.placeholders.names, self.placeholders.values)
        prepared = [(action, path, _evaluate(action.operand, scope)) for action, path in self.actions]
        changed = dict(attributes)
        for name in {path[0] for _, path, _ in prepared if path[0] in changed}:
            changed[str(name)] = copy.deepcopy(changed[str(name)])
        for action, path, value in sorted(prepared, key=_order):
            _WRITERS[action.section](_Place(changed, path), value)
        return changed


def read_update(text: str, placeholders: Placeholders) -> Update:
    """The update that a text means; raises RequestError."""
    parsed = parse_update(text)
    placeholders.bind(EXPRESSION, parsed.mentioned)
    actions = tuple((action, resolve(action.path, placeholders.names)) for action in parsed.actions)
    fault = fault_of_meeting(path for _, path in actions)
    if fault is not None:
        raise RequestError(f"Invalid {EXPRESSION}: {fault}")
    for action, _ in actions:
        _check_operands(action, placeholders.values)
    return Update(actions, placeholders)


def check_key_untouched(update: Update, table: Table) -> None:
    """Raises ValidationError when the update writes a part of the primary key."""
    for path in update.paths:
        if path[0] in table.table_key_attrs:
            raise ValidationError(
                f"One or more parameter values were invalid: Cannot update attribute {path[0]}. "
                "This attribute is part of the key"
            )


def _check_operands(action: Action, values: Mapping[str, Value]) -> None:
    if action.section in ("ADD", "DELETE") and isinstance(action.operand, Given):
        kind = next(iter(values[action.operand.name]))
        if kind not in SETS and (action.section, kind) != ("ADD", "N"):
            raise RequestError(
                f"Invalid {EXPRESSION}: Incorrect operand type for operator or function; "
                f"operator: {action.section}, operand type: {KIND_NAMES[kind]}"
            )
    wanted = {"list_append": "L", "+": "N", "-": "N"}
    for computed in walk_operand(action.operand):
        if not isinstance(computed, Computed) or computed.function not in wanted:
            continue
        for operand in (computed.left, computed.right):
            if isinstance(operand, Given) and wanted[computed.function] not in values[operand.name]:
                raise RequestError(
                    f"Invalid {EXPRESSION}: Incorrect operand type for operator or function; operator or function: "
                    f"{computed.function}, operand type: {next(iter(values[operand.name]))}"
                )


def _evaluate(operand: UpdateOperand | None, scope: Scope) -> Value | None:
    match operand:
        case None:
            return None
        case Given():
            return value_of(operand, scope)
        case Attribute():
            value = value_of(operand, scope)
            if value is None:
                raise ValidationError("The provided expression refers to an attribute that does not exist in the item")
            return value
        case Computed("if_not_exists", Attribute() as attribute, other):
            present = value_of(attribute, scope)
            return _evaluate(other, scope) if present is None else present
    left, right = _evaluate(operand.left, scope), _evaluate(operand.right, scope)
    return _compute(operand.function, left or {}, right or {})


def _compute(function: str, left: Value, right: Value) -> Value:
    kind = "L" if function == "list_append" else "N"
    if kind not in left or kind not in right:
        raise ValidationError(WRONG_TYPE)
    if kind == "L":
        return {"L": [*left["L"], *right["L"]]}
    return _sum(left, right if function == "+" else {"N": str(EXACT.minus(Decimal(right["N"])))})


def _sum(left: Value, right: Value) -> Value:
    total = EXACT.add(Decimal(left["N"]), Decimal(right["N"]))
    return {"N": stored_number(format(total, "f"))}


def _order(prepared: tuple[Action, Path, Any]) -> tuple[int, int]:
    """Removals last and from the end of a list, so that its other places keep their numbers; SET appends in order."""
    action, path, _ = prepared
    place = path[-1] if isinstance(path[-1], int) else 0
    return (1, -place) if action.section == "REMOVE" else (0, place)


class _Place:
    """Where a path ends in an item that may be changed."""

    def __init__(self, attributes: dict[str, Value], path: Path) -> None:
        self._last = path[-1]
        self._inside: Any = attributes
        if len(path) == 1:
            return
        parent = find(attributes, path[:-1])
        self._inside = None if parent is None else parent.get("L" if isinstance(self._last, int) else "M")
        if self._inside is None:
            raise ValidationError("The document path provided in the update expression is invalid for update")

    def read(self) -> Value | None:
        if isinstance(self._inside, list):
            return self._inside[self._last] if self._last < len(self._inside) else None  # type: ignore[operator,index]
        found: Value | None = self._inside.get(self._last)
        return found

    def write(self, value: Value) -> None:
        if isinstance(self._inside, list) and self._last >= len(self._inside):  # type: ignore[operator]
            self._inside.append(value)
        else:
            self._inside[self._last] = value

    def remove(self) -> None:
        if self.read() is not None:
            del self._inside[self._last]


def _set(place: _Place, value: Value | None) -> None:
    # Checked again: what was put together may be nested deeper than any of its parts.
    place.write(stored_value(value))


def _remove(place: _Place, _value: Value | None) -> None:
    place.remove()


def _add(place: _Place, value: Value | None) -> None:
    added, present = value or {}, place.read()
    if present is None:
        place.write(added)
        return
    [(kind, content)] = added.items()
    if kind not in present:
        raise ValidationError(WRONG_TYPE)
    if kind == "N":
        place.write(_sum(present, added))
    else:
        place.write(stored_value({kind: list({*present[kind], *content})}))


def _delete(place: _Place, value: Value | None) -> None:
    removed, present = value or {}, place.read()
    if present is None:
        return
    [(kind, content)] = removed.items()
    if kind not in present:
        raise ValidationError(WRONG_TYPE)
    rest = [member for member in present[kind] if member not in content]
    if rest:
        place.write({kind: rest})
    else:
        place.remove()


_WRITERS = {"SET": _set, "REMOVE": _remove, "ADD": _add, "DELETE": _delete}
