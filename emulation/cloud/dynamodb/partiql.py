"""Whether a PartiQL statement is well-formed, which moto's reader of statements takes for granted.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
"""

from collections.abc import Callable
from typing import NamedTuple

from emulation.cloud.dynamodb.partiql_tokens import CONSTANTS, KEYWORDS, MalformedStatementError, Token, read_tokens

COMPARATORS = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})
BRACKETS = {"[": "]", "<<": ">>"}


class Statement(NamedTuple):
    """Its verb, the table that it is on, how many parameters it asks for, and all its tokens."""

    verb: str
    table: str
    parameters: int
    tokens: list[Token]


def read_statement(text: str) -> Statement:
    """Raises MalformedStatementError."""
    try:
        return _Reader(text).read()
    except RecursionError:
        raise MalformedStatementError("Nested too deep") from None


class _Reader:
    def __init__(self, statement: str) -> None:
        self._tokens = read_tokens(statement)
        self._next = 0
        self._on = ""

    def read(self) -> Statement:
        kinds: dict[str, Callable[[], object]] = {
            "SELECT": self._select,
            "INSERT": self._insert,
            "UPDATE": self._update,
            "DELETE": self._delete,
            "EXISTS": self._exists,
        }
        verb = self._word()
        if verb not in kinds:
            raise self._unexpected()
        self._next += 1
        kinds[verb]()
        if self._next < len(self._tokens):
            raise self._unexpected()
        return Statement(verb, self._on, self._tokens.count(Token("sign", "?")), self._tokens)

    def _select(self) -> None:
        if not self._takes("*"):
            self._listed(self._value)
        self._needs("FROM")
        self._table()
        if self._takes("WHERE"):
            self._condition()
        if self._takes("ORDER"):
            self._needs("BY")
            self._listed(self._ordering)

    def _ordering(self) -> None:
        self._path()
        if not self._takes("ASC"):
            self._takes("DESC")

    def _insert(self) -> None:
        self._needs("INTO")
        self._table()
        self._needs("VALUE")
        self._value()

    def _update(self) -> None:
        self._table()
        if self._word() not in ("SET", "REMOVE"):
            raise self._unexpected()
        while True:
            if self._takes("SET"):
                self._listed(self._assignment)
            elif self._takes("REMOVE"):
                self._listed(self._path)
            else:
                break
        self._where_returning()

    def _assignment(self) -> None:
        self._path()
        self._needs("=")
        self._value()

    def _delete(self) -> None:
        self._needs("FROM")
        self._table()
        self._where_returning()

    def _where_returning(self) -> None:
        self._needs("WHERE")
        self._condition()
        if self._takes("RETURNING"):
            for words in (("ALL", "MODIFIED"), ("OLD", "NEW")):
                if not any(self._takes(word) for word in words):
                    raise self._unexpected()
            self._needs("*")

    def _exists(self) -> None:
        self._needs("(")
        self._needs("SELECT")
        self._select()
        self._needs(")")

    def _table(self) -> None:
        self._on = self._token()[1].strip('"')
        self._name()
        if self._takes("."):
            self._name()

    def _condition(self) -> None:
        if not self._expression():
            raise self._unexpected()

    def _expression(self) -> bool:
        """Whether what is read is a condition, and not a mere value."""
        is_condition = self._negation()
        while is_condition and (self._takes("AND") or self._takes("OR")):
            is_condition = self._negation()
        return is_condition

    def _negation(self) -> bool:
        if not self._takes("NOT"):
            return self._comparison()
        if not self._negation():
            raise self._unexpected()
        return True

    def _comparison(self) -> bool:
        is_condition = self._value()
        if self._token()[1] in COMPARATORS:
            self._next += 1
            self._value()
        elif self._takes("BETWEEN"):
            self._value()
            self._needs("AND")
            self._value()
        elif self._takes("IS"):
            self._takes("NOT")
            if not (self._takes("NULL") or self._takes("MISSING")):
                raise self._unexpected()
        elif self._takes("NOT"):
            self._needs("IN")
            self._value()
        elif self._takes("IN"):
            self._value()
        else:
            return is_condition
        return True

    def _value(self) -> bool:
        """Whether what is read can stand as a condition: one in brackets, or a function such as begins_with(a, b)."""
        can_stand = self._operand()
        while self._token()[1] in ("+", "-"):
            self._next += 1
            self._operand()
            can_stand = False
        return can_stand

    def _operand(self) -> bool:
        self._takes("-")
        kind, text = self._token()
        if kind in ("text", "number") or text == "?" or (kind == "word" and text.upper() in CONSTANTS):
            self._next += 1
        elif self._takes("("):
            is_condition = self._expression()
            while self._takes(","):
                self._expression()
            self._needs(")")
            return is_condition
        elif text in BRACKETS:
            self._next += 1
            self._listed(self._value, BRACKETS[text])
        elif self._takes("{"):
            self._listed(self._member, "}")
        else:
            return self._path()
        return False

    def _member(self) -> None:
        if self._token()[0] not in ("text", "quoted"):
            raise self._unexpected()
        self._next += 1
        self._needs(":")
        self._value()

    def _path(self) -> bool:
        """Whether it is the call of a function."""
        is_word = self._token()[0] == "word"
        self._name()
        if is_word and self._takes("("):
            self._listed(self._value, ")")
            return True
        while True:
            if self._takes("."):
                self._name()
            elif self._takes("["):
                if self._token()[0] != "number":
                    raise self._unexpected()
                self._next += 1
                self._needs("]")
            else:
                return False

    def _name(self) -> None:
        kind, text = self._token()
        if kind not in ("word", "quoted") or (kind == "word" and text.upper() in KEYWORDS):
            raise self._unexpected()
        self._next += 1

    def _listed(self, read: Callable[[], object], end: str = "") -> None:
        if end and self._takes(end):
            return
        read()
        while self._takes(","):
            read()
        if end:
            self._needs(end)

    def _token(self) -> Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else Token("end", "")

    def _word(self) -> str:
        kind, text = self._token()
        return text.upper() if kind in ("word", "sign") else ""

    def _takes(self, word: str) -> bool:
        if self._word() != word:
            return False
        self._next += 1
        return True

    def _needs(self, word: str) -> None:
        if not self._takes(word):
            raise self._unexpected()

    def _unexpected(self) -> MalformedStatementError:
        text = self._token()[1]
        return MalformedStatementError(f"Unexpected token {text}" if text else "Unexpected end of the statement")
