"""DynamoDB's attribute values and the size that it counts."""

from decimal import Decimal

import pytest

from server.aws.attributes import from_item, item_sizes, to_item

VALUES = {
    "text": "é🎸",
    "empty": "",
    "whole": 7,
    "negative": -7,
    "exact": Decimal("12345678.9"),
    "tiny": Decimal("1E-130"),
    "huge": 10**37,
    "yes": True,
    "nothing": None,
    "list": [1, ["a", {"b": False}]],
    "map": {"inner": {"deep": Decimal("0.1")}},
}


def test_values_come_back_as_they_went() -> None:
    assert from_item(to_item(VALUES)) == VALUES


def test_numbers_go_without_exponents_and_come_back_whole_or_exact() -> None:
    item = to_item({"a": Decimal("1E+3"), "b": Decimal("2.50")})

    assert item == {"a": {"N": "1000"}, "b": {"N": "2.50"}}
    assert repr(from_item(item)) == "{'a': 1000, 'b': Decimal('2.50')}"


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 2),
        (True, 1),
        (None, 1),
        (1, 2),
        (-1, 3),
        (1000, 2),
        (12345, 4),
        (Decimal("0.1"), 2),
        (Decimal("1.1"), 3),
        (Decimal("0.001"), 2),
        (Decimal("-12.345"), 5),
        ([], 3),
        ({}, 3),
        (["a"], 5),
        ({"k": "a"}, 6),
    ],
)
def test_an_item_is_counted_as_dynamodb_documents_it(value: object, size: int) -> None:
    assert item_sizes(to_item({"name": value})) == {"name": 4 + size}


def test_what_json_does_not_have_has_no_attribute_value() -> None:
    with pytest.raises(TypeError):
        to_item({"a": b"bytes"})
