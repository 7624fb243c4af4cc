"""What a PartiQL statement is written in."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")+")|(?P<word>[A-Za-z_][\w]*)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?P<sign><<|>>|<>|!=|<=|>=|[-+*/=<>(){}\[\],.:?]))""",
    re.VERBOSE,
)
CONSTANTS = frozenset({"TRUE", "FALSE", "NULL", "MISSING"})
# Words that are no name of an attribute unless they are quoted.
KEYWORDS = CONSTANTS | {
    *("SELECT", "INSERT", "UPDATE", "DELETE", "FROM", "INTO", "VALUE", "SET", "REMOVE", "WHERE", "ORDER", "BY"),
    *("AND", "OR", "NOT", "IN", "BETWEEN", "IS", "RETURNING"),
}


class MalformedStatementError(Exception):
    """A statement that cannot be read; the text says where."""


class UnknownStatementError(NotImplementedError):
    """A statement that AWS would carry out, and the local cloud cannot."""


class Token(NamedTuple):
    """A text, a quoted name, a word, a number or a sign, as written."""

    kind: str
    text: str


def read_tokens(statement: str) -> list[Token]:
    """The tokens of a statement; raises MalformedStatementError."""
    tokens: list[Token] = []
    position, end = 0, len(statement.rstrip())
    while position < end:
        found = _TOKEN.match(statement, position)
        if found is None:
            raise MalformedStatementError(f"Unexpected character behind {statement[:position]}")
        tokens.append(Token(str(found.lastgroup), found[str(found.lastgroup)]))
        position = found.end()
    return tokens
