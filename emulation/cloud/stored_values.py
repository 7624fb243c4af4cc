"""Numbers as DynamoDB stores them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from moto.dynamodb.exceptions import MockValidationException

MAX_DIGITS = 38


def stored_number(text: str) -> str:
    """A number without leading and trailing zeroes; what is no number stays, for moto refuses it.

    Raises a ValidationException for more than 38 significant digits.
    """
    try:
        number = Decimal(text)
    except (InvalidOperation, TypeError, ValueError):
        return text
    if not number.is_finite():
        return text
    if number == 0:
        return "0"
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if len(digits) > MAX_DIGITS:
        raise MockValidationException("Attempting to store more than 38 significant digits in a Number")
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def stored_value(value: Any) -> Any:
    """An attribute value in DynamoDB's JSON, its numbers as they are stored."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    kind, content = next(iter(value.items()))
    match kind, content:
        case "N", str():
            return {"N": stored_number(content)}
        case "NS", list():
            return {"NS": [stored_number(one) for one in content]}
        case "L", list():
            return {"L": [stored_value(one) for one in content]}
        case "M", dict():
            return {"M": {name: stored_value(one) for name, one in content.items()}}
    return value
