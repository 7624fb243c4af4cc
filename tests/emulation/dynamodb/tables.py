"""Tables for the tests, made once for all of them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.emulation.aws_endpoint import AwsEndpoint

KEYS_ONLY = {"ProjectionType": "KEYS_ONLY"}
ALL = {"ProjectionType": "ALL"}


@dataclass
class Tables:
    """`dynamodb` is a client; `plain` has the key `pk`; `sorted` has `pk` and `sk`, two global indexes and a local one.

    `by_group` (group, rank) holds everything, `by_label` (label) keys alone, `by_rank` (pk, rank) everything.
    """

    dynamodb: Any
    plain: str = field(default_factory=lambda: f"plain-{uuid4()}")
    sorted: str = field(default_factory=lambda: f"sorted-{uuid4()}")
    numbered: str = field(default_factory=lambda: f"numbered-{uuid4()}")

    def create(self) -> None:
        """Make them."""
        self._create(self.plain, ["pk"], {"pk": "S"})
        self._create(self.numbered, ["pk", "sk"], {"pk": "S", "sk": "N"})
        self._create(
            self.sorted,
            ["pk", "sk"],
            {"pk": "S", "sk": "S", "group": "S", "rank": "N", "label": "S"},
            GlobalSecondaryIndexes=[
                _index("by_group", ["group", "rank"], ALL),
                _index("by_label", ["label"], KEYS_ONLY),
            ],
            LocalSecondaryIndexes=[_index("by_rank", ["pk", "rank"], ALL)],
        )

    def _create(self, name: str, keys: list[str], kinds: dict[str, str], **indexes: Any) -> None:
        self.dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in kinds.items()],
            KeySchema=_schema(keys),
            **indexes,
        )

    def new_key(self) -> dict[str, dict[str, str]]:
        """A key of `plain` that nothing has."""
        return {"pk": {"S": str(uuid4())}}

    def put(self, item: dict[str, Any], table: str = "") -> dict[str, Any]:
        """Put an item into `plain`, or into another table; the item."""
        self.dynamodb.put_item(TableName=table or self.plain, Item=item)
        return item

    def read(self, key: dict[str, Any], table: str = "") -> dict[str, Any] | None:
        """The item as it is."""
        answer = self.dynamodb.get_item(TableName=table or self.plain, Key=key, ConsistentRead=True)
        item: dict[str, Any] | None = answer.get("Item")
        return item


def open_tables(aws: AwsEndpoint) -> Tables:
    """The tables at an endpoint; names and values are sent as they are, for it is AWS that has to refuse them."""
    tables = Tables(aws.client("dynamodb", parameter_validation=False))
    tables.create()
    return tables


def _schema(keys: list[str]) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": role} for key, role in zip(keys, ("HASH", "RANGE"), strict=False)]


def _index(name: str, keys: list[str], projection: dict[str, Any]) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": _schema(keys), "Projection": projection}


def text(length: int) -> dict[str, str]:
    """A text of that many bytes."""
    return {"S": "x" * length}


def number(value: int) -> dict[str, str]:
    """A number."""
    return {"N": str(value)}
