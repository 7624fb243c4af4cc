"""DynamoDB's attribute values, to and from Python, without losing a digit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from server.errors import InvalidInputError
from server.exact_json import encode
from server.models.base import MAX_ITEM_BYTES

AttributeValue = dict[str, Any]


def to_attribute(value: Any) -> AttributeValue:
    """A JSON-like value (text, bool, int, Decimal, None, list, dict) as a DynamoDB attribute value."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case Decimal():
            return {"N": format(value, "f")}
        case None:
            return {"NULL": True}
        case list():
            return {"L": [to_attribute(inner) for inner in value]}
        case dict():
            return {"M": to_item(value)}
    raise TypeError(f"{type(value).__name__} has no DynamoDB type here")


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """The Python value of a DynamoDB attribute value; whole numbers are int, others Decimal."""
    [(kind, value)] = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else number
        case "NULL":
            return None
        case "L":
            return [from_attribute(inner) for inner in value]
        case "M":
            return from_item(value)
    raise TypeError(f"DynamoDB type {kind} is not used here")


def to_item(values: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """A dict as an item."""
    return {name: to_attribute(value) for name, value in values.items()}


def from_item(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """An item as a dict."""
    return {name: from_attribute(attribute) for name, attribute in item.items()}


def attribute_size(attribute: Mapping[str, Any]) -> int:
    """The bytes that DynamoDB counts for a value.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    [(kind, value)] = attribute.items()
    match kind:
        case "S":
            return len(str(value).encode())
        case "N":
            return _number_size(str(value))
        case "L":
            return 3 + sum(1 + attribute_size(inner) for inner in value)
        case "M":
            return 3 + sum(1 + len(name.encode()) + attribute_size(inner) for name, inner in value.items())
    return 1


def _number_size(text: str) -> int:
    """One byte, one for each two significant digits before and after the point, and one for the sign.

    AWS counts digits "approximately"; to the byte: https://github.com/paritysuite/dynamodb-conformance
    """
    whole, _, fraction = text.lstrip("-").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    if not fraction:
        whole = whole.rstrip("0")
    if not whole:
        fraction = fraction.lstrip("0")
    return 1 + (len(whole) + 1) // 2 + (len(fraction) + 1) // 2 + text.startswith("-")


def item_sizes(item: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """The bytes of each attribute, name included; their sum is the item's size."""
    return {name: len(name.encode()) + attribute_size(attribute) for name, attribute in item.items()}


def check_item_size(item: Mapping[str, Mapping[str, Any]], what: str) -> None:
    """Raises InvalidInputError for the largest attribute of an item that DynamoDB would refuse for its size."""
    # The JSON of an item has more bytes than DynamoDB counts.
    if len(encode(item)) <= MAX_ITEM_BYTES:
        return
    sizes = item_sizes(item)
    if sum(sizes.values()) > MAX_ITEM_BYTES:
        largest = max(sizes, key=sizes.__getitem__)
        raise InvalidInputError.of(largest, f"the {what} would be larger than {MAX_ITEM_BYTES} bytes")
