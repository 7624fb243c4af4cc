"""The sizes that DynamoDB documents: CapacityUnitCalculations, "Item sizes and formats"."""

from typing import Any

import pytest

from emulation.cloud.dynamodb.item_size import item_bytes


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "ü€"}, 5),
        ({"N": "0"}, 1),
        ({"N": "27"}, 2),
        ({"N": "-27"}, 3),
        ({"N": "1234567890"}, 6),
        ({"N": "100.00"}, 2),
        ({"B": "AP8="}, 2),
        ({"B": b"\x00\xff"}, 2),
        ({"NULL": True}, 1),
        ({"BOOL": False}, 1),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {"k": {"S": "ab"}}}, 7),
        ({"SS": ["ab", "c"]}, 3),
    ],
)
def test_a_value_has_its_documented_size(value: dict[str, Any], size: int) -> None:
    assert item_bytes({"name": value}) == len("name") + size
