"""The literals and parameters of a PartiQL statement, read as values.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html
"""

from collections.abc import Sequence
from typing import Any

from emulation.cloud.dynamodb.partiql_tokens import KEYWORDS, Token, UnknownStatementError
from emulation.cloud.dynamodb.values import Value

CONSTANTS: dict[str, Value] = {"TRUE": {"BOOL": True}, "FALSE": {"BOOL": False}, "NULL": {"NULL": True}}
SETS = {"S": "SS", "N": "NS", "B": "BS"}

Part = Token | Value


def is_name(part: Part | None) -> bool:
    """Whether it names an attribute or a function."""
    if not isinstance(part, Token):
        return False
    return part.kind == "quoted" or (part.kind == "word" and part.text.upper() not in KEYWORDS)


def unquoted(token: Token) -> str:
    """A name or text without its quotation marks."""
    mark = token.text[0]
    return token.text[1:-1].replace(2 * mark, mark) if mark in "'\"" else token.text


def read_values(tokens: Sequence[Token], parameters: Sequence[Value]) -> list[Part]:
    """The tokens of a well-formed statement, a value instead of those that make one."""
    return _Reader(tokens, parameters).read()


class _Reader:
    def __init__(self, tokens: Sequence[Token], parameters: Sequence[Value]) -> None:
        self._tokens = tokens
        self._parameters = iter(parameters)
        self._next = 0

    def read(self) -> list[Part]:
        parts: list[Part] = []
        while self._next < len(self._tokens):
            before = parts[-1] if parts else None
            parts.append(self._value() if self._begins_value(before) else self._take())
        return parts

    def _begins_value(self, before: Part | None) -> bool:
        token = self._tokens[self._next]
        if token.text in ("[", "-"):
            # Behind an operand they are an index and an operator.
            is_operand = (
                isinstance(before, dict) or is_name(before) or before in (Token("sign", "]"), Token("sign", ")"))
            )
            return not is_operand
        is_constant = token.kind == "word" and token.text.upper() in CONSTANTS
        return is_constant or token.kind in ("text", "number") or token.text in ("?", "<<", "{")

    def _value(self) -> Value:
        token = self._take()
        match token.text:
            case "?":
                return next(self._parameters)
            case "-":
                return {"N": f"-{self._take().text}"}
            case "[":
                return {"L": self._values("]")}
            case "<<":
                return _set_of(self._values(">>"))
            case "{":
                return {"M": self._members()}
        if token.kind == "text":
            return {"S": unquoted(token)}
        if token.kind == "number":
            return {"N": token.text}
        if token.kind == "word" and token.text.upper() in CONSTANTS:
            return CONSTANTS[token.text.upper()]
        raise UnknownStatementError(f"{token.text} in a literal")

    def _values(self, end: str) -> list[Value]:
        found: list[Value] = []
        while self._tokens[self._next].text != end:
            found.append(self._value())
            self._skip(",")
        self._take()
        return found

    def _members(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self._tokens[self._next].text != "}":
            name = unquoted(self._take())
            self._skip(":")
            found[name] = self._value()
            self._skip(",")
        self._take()
        return found

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip(self, sign: str) -> None:
        if self._tokens[self._next] == Token("sign", sign):
            self._next += 1


def _set_of(values: list[Value]) -> Value:
    kinds = {kind for value in values for kind in value}
    if len(kinds) != 1 or not kinds <= SETS.keys():
        raise UnknownStatementError("a set of several types")
    [kind] = kinds
    members: list[Any] = [value[kind] for value in values]
    return {SETS[kind]: members}
