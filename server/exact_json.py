"""JSON without a loss: every digit of a number keeps its place, on the way in and on the way out."""

import json
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

# In UTF-8, without spaces.
encode = msgspec.json.Encoder(decimal_format="number").encode


def decode(content: bytes) -> Any:
    """A value written in UTF-8, fractions as Decimal; raises ValueError for what is no JSON, or names a key twice."""
    try:
        # A byte order mark is let pass (RFC 8259, 8.1).
        return _DECODER.decode(content.decode().removeprefix("\ufeff"))
    except (ArithmeticError, RecursionError) as error:
        raise ValueError("a number is beyond all bounds, or the nesting too deep") from error


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands twice")
    return values


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique)
