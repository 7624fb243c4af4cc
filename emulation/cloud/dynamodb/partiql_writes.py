"""PartiQL's INSERT, UPDATE and DELETE as the writes that they are: an item, or a key with expressions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.insert.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.delete.html
"""

from collections.abc import Iterator, Sequence
from typing import Any

from emulation.cloud.dynamodb.partiql_tokens import Token, UnknownStatementError
from emulation.cloud.dynamodb.partiql_values import Part, is_name, unquoted
from emulation.cloud.dynamodb.refusals import NAMESPACE, ConditionFailedError, DynamoDBError, ValidationError
from emulation.cloud.dynamodb.values import Value
from emulation.cloud.dynamodb.writes import Writes

CLAUSES = frozenset({"SET", "REMOVE", "WHERE", "RETURNING"})
RETURN_VALUES = {"ALL": "ALL", "MODIFIED": "UPDATED"}
# Functions of PartiQL that stand where an update expression has clauses of their own.
UNTRANSLATED = frozenset({"set_add", "set_delete"})

Parts = Sequence[Part]


class PartiqlWrite:
    """A well-formed statement, its literals and parameters read as values, on a table with these key attributes."""

    def __init__(self, parts: Parts, table_name: str, key_names: Sequence[str]) -> None:
        self._parts = parts
        self._table_name = table_name
        self._key_names = key_names
        self._names: dict[str, str] = {}
        self._values: dict[str, Value] = {}

    def carry_out(self, writes: Writes, region: str) -> list[dict[str, Value]]:
        """The items that RETURNING asks for; raises DynamoDBError, or UnknownStatementError."""
        verb = _word(self._parts[0])
        if verb == "INSERT":
            return self._insert(writes, region)
        clauses = list(_clauses(self._parts))
        key, conditions = self._read_where(next(parts for name, parts in clauses if name == "WHERE"))
        request: dict[str, Any] = {"TableName": self._table_name, "Key": key}
        if verb == "UPDATE":
            request["UpdateExpression"] = self._update_expression(clauses)
            # Unlike UpdateItem, UPDATE makes no item.
            request["ConditionExpression"] = " AND ".join([self._exists(), *conditions])
        elif conditions:
            # What is not there is deleted; what is there and differs is not.
            request["ConditionExpression"] = f"NOT {self._exists()} OR {' AND '.join(conditions)}"
        for name, parts in clauses:
            if name == "RETURNING":
                request["ReturnValues"] = f"{RETURN_VALUES[_word(parts[0])]}_{_word(parts[1])}"
        write = writes.update_item if verb == "UPDATE" else writes.delete_item
        answer = write(self._with_placeholders(request), region)
        return [answer["Attributes"]] if "Attributes" in answer else []

    def _insert(self, writes: Writes, region: str) -> list[dict[str, Value]]:
        item = self._parts[-1]
        if isinstance(item, Token) or "M" not in item:
            raise ValidationError("Item to be inserted must be a map")
        request = {"TableName": self._table_name, "Item": item["M"], "ConditionExpression": f"NOT {self._exists()}"}
        try:
            writes.put_item(self._with_placeholders(request), region)
        except ConditionFailedError:
            raise DynamoDBError(f"{NAMESPACE}DuplicateItemException", "Duplicate primary key exists in table") from None
        return []

    def _exists(self) -> str:
        return f"attribute_exists({self._name(self._key_names[0])})"

    def _read_where(self, parts: Parts) -> tuple[dict[str, Value], list[str]]:
        """The key, and the conditions beside it."""
        key: dict[str, Value] = {}
        others = []
        for part in _conjuncts(parts):
            match part:
                case [Token() as name, Token(text="="), dict() as value] | [
                    dict() as value,
                    Token(text="="),
                    Token() as name,
                ] if unquoted(name) in self._key_names:
                    if key.setdefault(unquoted(name), value) != value:
                        raise UnknownStatementError(f"two values of {name.text} in a key")
                case _:
                    others.append(part)
        if len(key) < len(self._key_names):
            raise ValidationError("Where clause does not contain a mandatory equality on all key attributes")
        return key, [self._expression(part) for part in others]

    def _update_expression(self, clauses: list[tuple[str, Parts]]) -> str:
        actions = {
            name: [self._expression(parts) for clause, parts in clauses if clause == name] for name in ("SET", "REMOVE")
        }
        return " ".join(f"{name} {', '.join(parts)}" for name, parts in actions.items() if parts)

    def _expression(self, parts: Parts) -> str:
        """Parts of a statement as an expression of DynamoDB's other actions."""
        written: list[str] = []
        position = 0
        while position < len(parts):
            part = parts[position]
            position += 1
            if not isinstance(part, Token):
                among = part.get("L") if written[-1:] == ["IN"] else None
                written.append(self._value(part) if among is None else f"({', '.join(map(self._value, among))})")
            elif _word(part) == "IS":
                negated = _word(parts[position]) == "NOT"
                position += negated
                written.append(f"{'NOT ' * negated}{self._type_test(written.pop(), parts[position])}")
                position += 1
            elif _word(part) == "NOT" and position < len(parts) and _word(parts[position]) == "IN":
                if written[-1] == ")":
                    raise UnknownStatementError("NOT IN behind brackets")
                written.append(f"NOT {written.pop()}")
            elif not is_name(part):
                written.append({"!=": "<>"}.get(part.text, part.text.upper()))
            elif part.kind == "word" and position < len(parts) and parts[position] == Token("sign", "("):
                if part.text.lower() in UNTRANSLATED:
                    raise UnknownStatementError(f"{part.text} in a statement")
                written.append(part.text.lower())
            else:
                path, position = self._path(parts, position - 1)
                written.append(path)
        return " ".join(written)

    def _type_test(self, path: str, kind: Part) -> str:
        if isinstance(kind, Token):
            return f"attribute_not_exists({path})"
        return f"attribute_type({path}, {self._value({'S': 'NULL'})})"

    def _path(self, parts: Parts, position: int) -> tuple[str, int]:
        path = ""
        while position < len(parts):
            match parts[position : position + 3]:
                case [Token(text="."), Token() as name, *_]:
                    path += f".{self._name(unquoted(name))}"
                    position += 2
                case [Token(text="["), {"N": index}, Token(text="]")]:
                    path += f"[{index}]"
                    position += 3
                case [Token() as name, *_] if not path:
                    path = self._name(unquoted(name))
                    position += 1
                case _:
                    break
        return path, position

    def _name(self, name: str) -> str:
        return self._names.setdefault(name, f"#n{len(self._names)}")

    def _value(self, value: Value) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        return placeholder

    def _with_placeholders(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._names:
            request["ExpressionAttributeNames"] = {mark: name for name, mark in self._names.items()}
        if self._values:
            request["ExpressionAttributeValues"] = self._values
        return request


def _word(part: Part) -> str:
    return part.text.upper() if isinstance(part, Token) and part.kind == "word" else ""


def _clauses(parts: Parts) -> Iterator[tuple[str, Parts]]:
    """Each clause behind the table, by the word that it begins with."""
    begins = [place for place, part in enumerate(parts) if _word(part) in CLAUSES]
    for begin, end in zip(begins, [*begins[1:], len(parts)], strict=True):
        yield _word(parts[begin]), parts[begin + 1 : end]


def _conjuncts(parts: Parts) -> list[list[Part]]:
    """What ANDs join; one alone where an OR does."""
    found: list[list[Part]] = [[]]
    depth = 0
    is_between = False
    for part in parts:
        depth += {"(": 1, ")": -1}.get(part.text, 0) if isinstance(part, Token) else 0
        if depth == 0 and _word(part) == "OR":
            return [list(parts)]
        if depth == 0 and _word(part) == "AND" and not is_between:
            found.append([])
            continue
        is_between = _word(part) == "BETWEEN" or (is_between and _word(part) != "AND")
        found[-1].append(part)
    return found
