"""The words of DynamoDB's expressions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import re
from dataclasses import dataclass
from functools import cache

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from emulation.cloud.dynamodb.refusals import RequestError

MAX_EXPRESSION_BYTES = 4096

_TOKEN = re.compile(
    r"""\s*(?:(?P<name>[A-Za-z][A-Za-z0-9_]*) | (?P<placeholder>\#[A-Za-z0-9_]+) | (?P<value>:[A-Za-z0-9_]+)
    | (?P<number>[0-9]+) | (?P<sign><>|<=|>=|[=<>+\-(),.\[\]]) | (?P<other>\S))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is name, placeholder (#), value (:), number, sign, other or end."""

    kind: str
    text: str
    start: int
    end: int


class Tokens:
    """The tokens of one expression, read from left to right. `expression` is its parameter's name, for refusals."""

    def __init__(self, expression: str, text: str) -> None:
        self.expression = expression
        self._text = text
        self._tokens = self._read()
        self.position = 0

    def _read(self) -> list[Token]:
        if not self._text.strip():
            raise self.invalid("The expression can not be empty;")
        size = len(self._text.encode())
        if size > MAX_EXPRESSION_BYTES:
            raise self.invalid(f"Expression size has exceeded the maximum allowed size; expression size: {size}")
        found = [
            Token(match.lastgroup or "", match[match.lastgroup or 0], match.start(match.lastgroup or 0), match.end())
            for match in _TOKEN.finditer(self._text)
        ]
        end = len(self._text)
        return [*found, Token("end", "<EOF>", end, end)]

    @property
    def current(self) -> Token:
        """The next token, not yet taken."""
        return self._tokens[self.position]

    def take(self) -> Token:
        """The next token."""
        token = self.current
        self.position += token.kind != "end"
        return token

    def is_sign(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        return self.current.kind == "sign" and self.current.text in signs

    def is_word(self, *words: str) -> bool:
        """Whether one of these words comes next, whatever its case."""
        return self.current.kind == "name" and self.current.text.upper() in words

    def accept(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        found = self.is_sign(sign)
        self.position += found
        return found

    def accept_word(self, word: str) -> bool:
        """Take a word if it comes next."""
        found = self.is_word(word)
        self.position += found
        return found

    def expect(self, sign: str) -> None:
        """Take a sign that must come next."""
        if not self.accept(sign):
            raise self.syntax_error()

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self.current.kind != "end":
            raise self.syntax_error()

    def syntax_error(self) -> RequestError:
        """The next token cannot stand where it stands."""
        token = self.current
        first = self._tokens[max(0, self.position - 1)]
        last = self._tokens[min(len(self._tokens) - 1, self.position + 1)]
        near = self._text[first.start : last.end]
        return self.invalid(f'Syntax error; token: "{token.text}", near: "{near}"')

    def invalid(self, fault: str) -> RequestError:
        """A refusal of this expression."""
        return RequestError(f"Invalid {self.expression}: {fault}")


@cache
def reserved_words() -> frozenset[str]:
    """The words that need a placeholder where they are attributes' names, in upper case."""
    return frozenset(ReservedKeywords.get_reserved_keywords())
