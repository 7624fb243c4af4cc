"""How many bytes DynamoDB counts for an item.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
That page counts a number's digits "approximately"; measured to the byte at the limit of 409,600, the digits before and
after the point are counted separately: https://github.com/paritysuite/dynamodb-conformance (limits/numberByteSize).
"""

from collections.abc import Mapping
from typing import Any

MAX_ITEM_BYTES = 409_600


def item_bytes(item: Mapping[str, Any]) -> int:
    """The size of an item in DynamoDB's JSON, attribute names included."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Mapping[str, Any]) -> int:
    """The size of one attribute value, such as {"S": "text"}."""
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return _number_bytes(content)
        case "B":
            return _binary_bytes(content)
        case "SS":
            return sum(len(text.encode()) for text in content)
        case "NS":
            return sum(_number_bytes(number) for number in content)
        case "BS":
            return sum(_binary_bytes(binary) for binary in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + value_bytes(part) for name, part in content.items())
        case "L":
            return 3 + sum(1 + value_bytes(part) for part in content)
        case _:  # NULL and BOOL
            return 1


def _number_bytes(text: str) -> int:
    """One byte, one for each two significant digits before and after the point, and one for the sign."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    if exponent:
        whole, fraction = whole + fraction, ""
    if not fraction:
        whole = whole.rstrip("0")
    if not whole:
        fraction = fraction.lstrip("0")
    return 1 + (len(whole) + 1) // 2 + (len(fraction) + 1) // 2 + mantissa.startswith("-")


def _binary_bytes(content: str | bytes) -> int:
    """The raw bytes, which the JSON form carries in base64."""
    if isinstance(content, bytes):
        return len(content)
    return len(content) * 3 // 4 - content[-2:].count("=")
