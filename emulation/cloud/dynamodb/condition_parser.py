"""Reads conditions; the same text is read once.

The refusals are worded as DynamoDB's are, which https://github.com/architect/dynalite (db/conditionParser.pegjs) and
https://github.com/paritysuite/dynamodb-conformance record.
"""

from dataclasses import dataclass
from functools import lru_cache

from emulation.cloud.dynamodb.conditions import (
    FUNCTIONS,
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
    Operand,
    Size,
    walk,
)
from emulation.cloud.dynamodb.lexer import Tokens
from emulation.cloud.dynamodb.paths import parse_path, placeholders_in
from emulation.cloud.dynamodb.placeholders import Mentioned
from emulation.cloud.dynamodb.refusals import RequestError

COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
MOST_CHOICES = 100
OPERAND_COUNTS = dict.fromkeys(FUNCTIONS, 2) | {"attribute_exists": 1, "attribute_not_exists": 1, "size": 1}


@dataclass(frozen=True, slots=True)
class ParsedCondition:
    """A condition as written, and the placeholders that it mentions."""

    condition: Condition
    mentioned: Mentioned


@lru_cache(maxsize=1000)
def parse_condition(expression: str, text: str) -> ParsedCondition:
    """The condition that a parameter's text means; raises RequestError."""
    tokens = Tokens(expression, text)
    try:
        condition = _Parser(tokens).parse()
    except RecursionError:
        raise tokens.invalid("The expression is nested too deeply;") from None
    return ParsedCondition(condition, _mentioned(condition))


@dataclass(frozen=True, slots=True)
class _Group:
    """A condition that stands in parentheses."""

    condition: Condition


def _bare(condition: "Condition | _Group") -> Condition:
    return condition.condition if isinstance(condition, _Group) else condition


class _Parser:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def parse(self) -> Condition:
        condition = _bare(self._parse_either())
        self._tokens.expect_end()
        return condition

    def _parse_either(self) -> Condition | _Group:
        left = self._parse_both()
        if not self._tokens.accept_word("OR"):
            return left
        return Either(_bare(left), _bare(self._parse_either()))

    def _parse_both(self) -> Condition | _Group:
        left = self._parse_negation()
        if not self._tokens.accept_word("AND"):
            return left
        return Both(_bare(left), _bare(self._parse_both()))

    def _parse_negation(self) -> Condition | _Group:
        if self._tokens.accept_word("NOT"):
            return Negation(_bare(self._parse_negation()))
        if self._tokens.is_sign("(") and not self._is_operand():
            return self._parse_group()
        return self._parse_test()

    def _parse_group(self) -> _Group:
        self._tokens.expect("(")
        condition = self._parse_either()
        self._tokens.expect(")")
        if isinstance(condition, _Group):
            raise self._tokens.invalid("The expression has redundant parentheses;")
        return _Group(condition)

    def _is_operand(self) -> bool:
        """Whether the parentheses that follow are around an operand: `(a) = :b`."""
        tokens = self._tokens
        start = tokens.position
        try:
            self._parse_operand()
        except RequestError:
            return False
        else:
            return tokens.is_sign(*COMPARATORS) or tokens.is_word("BETWEEN", "IN")
        finally:
            tokens.position = start

    def _parse_test(self) -> Condition:
        tokens = self._tokens
        if tokens.current.kind == "name" and tokens.current.text in FUNCTIONS:
            return Call(tokens.current.text, self._parse_call(tokens.take().text))
        operand = self._parse_operand()
        if tokens.is_sign(*COMPARATORS):
            return Comparison(tokens.take().text, operand, self._parse_operand())
        if tokens.accept_word("BETWEEN"):
            low = self._parse_operand()
            if not tokens.accept_word("AND"):
                raise tokens.syntax_error()
            return Between(operand, low, self._parse_operand())
        if tokens.accept_word("IN"):
            choices = self._parse_list()
            if len(choices) > MOST_CHOICES:
                raise tokens.invalid(
                    f"The IN operator is provided with too many operands; number of operands: {len(choices)}"
                )
            return Among(operand, choices)
        raise tokens.syntax_error()

    def _parse_operand(self) -> Operand:
        tokens = self._tokens
        if tokens.accept("("):
            operand = self._parse_operand()
            tokens.expect(")")
            return operand
        if tokens.current.kind == "value":
            return Given(tokens.take().text)
        if tokens.current.kind == "name" and self._is_call():
            name = tokens.take().text
            if name != "size":
                known = name in FUNCTIONS
                fault = "The function is not allowed to be used this way in an expression" if known else ""
                raise tokens.invalid(f"{fault or 'Invalid function name'}; function: {name}")
            return Size(*self._parse_call(name))
        return Attribute(parse_path(tokens))

    def _is_call(self) -> bool:
        self._tokens.position += 1
        found = self._tokens.is_sign("(")
        self._tokens.position -= 1
        return found

    def _parse_call(self, name: str) -> tuple[Operand, ...]:
        operands = self._parse_list()
        if len(operands) != OPERAND_COUNTS[name]:
            raise self._tokens.invalid(
                "Incorrect number of operands for operator or function; "
                f"operator or function: {name}, number of operands: {len(operands)}"
            )
        if name.startswith("attribute_") and not isinstance(operands[0], Attribute):
            raise self._tokens.invalid(f"Operator or function requires a document path; operator or function: {name}")
        return operands

    def _parse_list(self) -> tuple[Operand, ...]:
        self._tokens.expect("(")
        operands = [self._parse_operand()]
        while self._tokens.accept(","):
            operands.append(self._parse_operand())
        self._tokens.expect(")")
        return tuple(operands)


def _mentioned(condition: Condition) -> Mentioned:
    nodes = list(walk(condition))
    names = placeholders_in(node.path for node in nodes if isinstance(node, Attribute))
    return Mentioned(names, tuple(node.name for node in nodes if isinstance(node, Given)))
