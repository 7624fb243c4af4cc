"""Attribute values as DynamoDB takes and stores them, in its JSON: {"S": "text"}.

Stored values are canonical, so that two are equal in DynamoDB exactly when they are equal in Python: numbers without
leading and trailing zeroes, sets in order, binaries as their bytes encode.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any

from emulation.cloud.dynamodb.refusals import RequestError, SerializationError, ValidationError

Value = dict[str, Any]

MAX_DIGITS = 38
LARGEST_EXPONENT, SMALLEST_EXPONENT = 125, -130
# 32 levels with the scalar in the middle: 31 lists and maps around it are taken, 32 are not.
MOST_CONTAINERS = 31
# Sums are exact before they are checked.
EXACT = Context(prec=400)

# By kind, what values of it are ordered by. The code points of texts have the order of their bytes in UTF-8.
ORDERED_BY: dict[str, Callable[[str], Any]] = {"S": str, "N": Decimal, "B": base64.b64decode}

# Longer than that of any number in range, and short enough for Python.
_EXPONENT_DIGITS = 12
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INVALID = "One or more parameter values were invalid: "


def stored_value(value: Any, containers: int = 0) -> Value:
    """A value as it is stored, `containers` deep in lists and maps; raises RequestError or SerializationError."""
    if type(value) is not dict:
        raise SerializationError("Unexpected value type in payload")
    present = value if None not in value.values() else {kind: one for kind, one in value.items() if one is not None}
    known = [kind for kind in present if kind in _CHECKS]
    if len(known) != 1:
        fault = "has more than one datatypes set" if known else "is empty"
        raise RequestError(f"Supplied AttributeValue {fault}, must contain exactly one of the supported datatypes")
    kind = known[0]
    return {kind: _CHECKS[kind](present[kind], containers)}


def stored_values(values: Mapping[str, Any]) -> dict[str, Value]:
    """The values of an item, a key or a request's placeholders, as they are stored."""
    return {name: stored_value(value) for name, value in values.items()}


def stored_number(text: str) -> str:
    """A number without leading and trailing zeroes; raises RequestError for one that is none, or out of range."""
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) <= MAX_DIGITS:
        return text
    if not _NUMBER.fullmatch(text):
        raise RequestError(f"The parameter cannot be converted to a numeric value: {text}")
    number = _to_decimal(text)
    if number == 0:
        return "0"
    if number.adjusted() > LARGEST_EXPONENT:
        raise RequestError("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if number.adjusted() < SMALLEST_EXPONENT:
        raise RequestError("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    if len("".join(map(str, number.as_tuple().digits)).strip("0")) > MAX_DIGITS:
        raise RequestError("Attempting to store more than 38 significant digits in a Number")
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _to_decimal(text: str) -> Decimal:
    """A number; an exponent that Python does not take is one that DynamoDB does not take either."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent) <= _EXPONENT_DIGITS:
        return Decimal(text)
    size = min(int(exponent.lstrip("+-").lstrip("0")[: _EXPONENT_DIGITS + 1] or "0"), 10**_EXPONENT_DIGITS)
    return Decimal(f"{mantissa}e{'-' if exponent[0] == '-' else ''}{size}")


def ordered(value: Value) -> Any:
    """What DynamoDB orders values of one kind by: the number, the text or the bytes; None for other kinds."""
    [(kind, content)] = value.items()
    return ORDERED_BY[kind](content) if kind in ORDERED_BY else None


def _text(content: Any, _containers: int = 0) -> str:
    if type(content) is not str:
        raise SerializationError(f"{_json_type(content)} cannot be converted to String")
    return content


def _number(content: Any, _containers: int = 0) -> str:
    return stored_number(_text(content))


def _binary(content: Any, _containers: int = 0) -> str:
    if type(content) is not str:
        raise SerializationError("Unexpected value type in payload")
    try:
        return base64.b64encode(base64.b64decode(content, validate=True)).decode()
    except (binascii.Error, ValueError) as error:
        raise SerializationError(f"'{content}' can not be converted to a Blob: {error}") from None


def _flag(content: Any, _containers: int) -> bool:
    if type(content) is not bool:
        raise SerializationError(f"{_json_type(content)} cannot be converted to Boolean")
    return content


def _null(content: Any, containers: int) -> bool:
    if not _flag(content, containers):
        raise RequestError(f"{_INVALID}Null attribute value types must have the value of true")
    return True


def _members(content: Any, read: Callable[[Any], str], empty: str) -> list[str]:
    if type(content) is not list:
        raise SerializationError("Unexpected value type in payload")
    if not content:
        raise RequestError(f"{_INVALID}{empty}")
    return [read(one) for one in content]


def _text_set(content: Any, _containers: int) -> list[str]:
    members = _members(content, _text, "An string set  may not be empty")
    return sorted(_distinct(members, f"Input collection [{', '.join(members)}] contains duplicates."))


def _number_set(content: Any, _containers: int) -> list[str]:
    members = _members(content, _number, "An number set  may not be empty")
    return sorted(_distinct(members, "Input collection contains duplicates."), key=Decimal)


def _binary_set(content: Any, _containers: int) -> list[str]:
    members = _members(content, _binary, "Binary sets should not be empty")
    fault = f"Input collection [{', '.join(members)}]of type BS contains duplicates."
    return sorted(_distinct(members, fault), key=base64.b64decode)


def _distinct(members: list[str], fault: str) -> list[str]:
    if len(set(members)) < len(members):
        raise RequestError(f"{_INVALID}{fault}")
    return members


def _list(content: Any, containers: int) -> list[Value]:
    if type(content) is not list:
        raise SerializationError("Unexpected value type in payload")
    inside = _deeper(containers)
    return [stored_value(part, inside) for part in content]


def _map(content: Any, containers: int) -> dict[str, Value]:
    if type(content) is not dict:
        raise SerializationError("Unexpected value type in payload")
    inside = _deeper(containers)
    return {name: stored_value(part, inside) for name, part in content.items()}


def _deeper(containers: int) -> int:
    if containers >= MOST_CONTAINERS:
        raise ValidationError(
            "Nesting Levels have exceeded supported limits: "
            "Attributes in the item have nested levels beyond supported limit"
        )
    return containers + 1


def _json_type(content: Any) -> str:
    names = {bool: f"{content}_VALUE".upper(), int: "NUMBER_VALUE", float: "DECIMAL_VALUE", str: "STRING_VALUE"}
    return names.get(type(content), "START_ARRAY" if type(content) is list else "START_OBJECT")


_CHECKS: dict[str, Callable[[Any, int], Any]] = {
    "S": _text,
    "N": _number,
    "B": _binary,
    "BOOL": _flag,
    "NULL": _null,
    "SS": _text_set,
    "NS": _number_set,
    "BS": _binary_set,
    "L": _list,
    "M": _map,
}
