"""Reads UpdateExpressions; the same text is read once.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
The refusals are worded as https://github.com/architect/dynalite (db/updateParser.pegjs) records them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from emulation.cloud.dynamodb.conditions import Attribute, Given
from emulation.cloud.dynamodb.lexer import Tokens
from emulation.cloud.dynamodb.paths import Path, parse_path, placeholders_in
from emulation.cloud.dynamodb.placeholders import Mentioned

EXPRESSION = "UpdateExpression"
SECTIONS = ("SET", "REMOVE", "ADD", "DELETE")
FUNCTIONS = ("if_not_exists", "list_append")


@dataclass(frozen=True, slots=True)
class Computed:
    """`left + right`, `left - right`, `if_not_exists(left, right)` or `list_append(left, right)`."""

    function: str
    left: "UpdateOperand"
    right: "UpdateOperand"


UpdateOperand = Attribute | Given | Computed


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do at a path, of the section SET, REMOVE, ADD or DELETE; REMOVE has no operand."""

    section: str
    path: Path
    operand: UpdateOperand | None


@dataclass(frozen=True, slots=True)
class ParsedUpdate:
    """An update as written, and the placeholders that it mentions."""

    actions: tuple[Action, ...]
    mentioned: Mentioned


@lru_cache(maxsize=1000)
def parse_update(text: str) -> ParsedUpdate:
    """The actions that an UpdateExpression means; raises RequestError."""
    tokens = Tokens(EXPRESSION, text)
    readers: dict[str, Callable[[Tokens], Action]] = {
        "SET": _parse_set,
        "REMOVE": lambda tokens: Action("REMOVE", parse_path(tokens), None),
        "ADD": lambda tokens: _parse_members("ADD", tokens),
        "DELETE": lambda tokens: _parse_members("DELETE", tokens),
    }
    actions: list[Action] = []
    seen: set[str] = set()
    while tokens.current.kind != "end":
        if not tokens.is_word(*SECTIONS):
            raise tokens.syntax_error()
        section = tokens.take().text.upper()
        if section in seen:
            raise tokens.invalid(f'The "{section}" section can only be used once in an update expression;')
        seen.add(section)
        actions.append(readers[section](tokens))
        while tokens.accept(","):
            actions.append(readers[section](tokens))
    return ParsedUpdate(tuple(actions), _mentioned(actions))


def _parse_set(tokens: Tokens) -> Action:
    path = parse_path(tokens)
    tokens.expect("=")
    return Action("SET", path, _parse_value(tokens))


def _parse_members(section: str, tokens: Tokens) -> Action:
    path = parse_path(tokens)
    if tokens.current.kind != "value":
        raise tokens.syntax_error()
    return Action(section, path, Given(tokens.take().text))


def _parse_value(tokens: Tokens) -> UpdateOperand:
    left = _parse_operand(tokens)
    if tokens.is_sign("+", "-"):
        return Computed(tokens.take().text, left, _parse_operand(tokens))
    return left


def _parse_operand(tokens: Tokens) -> UpdateOperand:
    if tokens.accept("("):
        operand = _parse_value(tokens)
        tokens.expect(")")
        return operand
    if tokens.current.kind == "value":
        return Given(tokens.take().text)
    start = tokens.position
    if tokens.current.kind == "name":
        name = tokens.take().text
        if tokens.accept("("):
            return _parse_call(tokens, name)
        tokens.position = start
    return Attribute(parse_path(tokens))


def _parse_call(tokens: Tokens, name: str) -> Computed:
    if name not in FUNCTIONS:
        raise tokens.invalid(f"Invalid function name; function: {name}")
    operands = [_parse_operand(tokens)]
    while tokens.accept(","):
        operands.append(_parse_operand(tokens))
    tokens.expect(")")
    if len(operands) != 2:
        raise tokens.invalid(
            "Incorrect number of operands for operator or function; "
            f"operator or function: {name}, number of operands: {len(operands)}"
        )
    if name == "if_not_exists" and not isinstance(operands[0], Attribute):
        raise tokens.invalid(f"Operator or function requires a document path; operator or function: {name}")
    return Computed(name, operands[0], operands[1])


def walk_operand(operand: UpdateOperand | None) -> Iterator[Any]:
    """An operand and everything inside it."""
    if operand is not None:
        yield operand
    if isinstance(operand, Computed):
        yield from walk_operand(operand.left)
        yield from walk_operand(operand.right)


def _mentioned(actions: list[Action]) -> Mentioned:
    operands = [operand for action in actions for operand in walk_operand(action.operand)]
    paths = [action.path for action in actions] + [one.path for one in operands if isinstance(one, Attribute)]
    return Mentioned(placeholders_in(paths), tuple(one.name for one in operands if isinstance(one, Given)))
