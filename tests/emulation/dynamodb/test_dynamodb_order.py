"""Query against a plain model of it: every item, sorted and tested; whatever was written and read before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.emulation.dynamodb.tables import Tables

EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
Item = dict[str, Any]
# By kind, values whose order is another one as text, in UTF-16 or in base64.
SORT_KEYS: dict[str, list[Any]] = {
    "S": ["a", "aa", "ab", "aB", "b", "é", "\uffff", "\U0001f3b8", "10", "9"],
    "N": ["-3", "-0.5", "0", "0.25", "9", "10", "100", "123456789012345678901234567890"],
    "B": [b"\x00", b"\x7f", b"\x80", b"\x80\x00", b"\xff", b"\xff\xff", b"a", b"ab"],
}
ORDERED_BY: dict[str, Callable[[Any], Any]] = {"S": lambda text: text.encode(), "N": Decimal, "B": bytes}
RANKS = ["-1", "0", "2", "10"]
SIGNS: dict[str, Callable[..., bool]] = {
    "{} = :a": lambda value, one, _: value == one,
    "{} < :a": lambda value, one, _: value < one,
    "{} <= :a": lambda value, one, _: value <= one,
    "{} > :a": lambda value, one, _: value > one,
    "{} >= :a": lambda value, one, _: value >= one,
    "{} BETWEEN :a AND :b": lambda value, one, other: one <= value <= other,
    "begins_with({}, :a)": lambda value, one, _: value.startswith(one),
}


def ordered(value: Mapping[str, Any]) -> Any:
    [(kind, content)] = value.items()
    return ORDERED_BY[kind](content)


@dataclass(frozen=True)
class Question:
    """A Query of the table, or of an index, whose sort key and order these are; `start` is of a page before."""

    index: str | None
    sort_names: tuple[str, ...]
    test: str | None
    values: tuple[dict[str, Any], ...]
    backwards: bool
    limit: int | None
    filters: bool
    start: Item | None = None

    @property
    def hash_name(self) -> str:
        return "group" if self.index == "by_group" else "pk"

    def holds(self, item: Mapping[str, Any]) -> bool:
        if self.test is None:
            return True
        return SIGNS[self.test](ordered(item[self.sort_names[0]]), *map(ordered, self.values))

    def place(self, item: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(ordered(item[name]) for name in self.sort_names)

    def expected(self, items: list[Item]) -> dict[str, Any]:
        """The answer, by a look at everything."""
        found = [one for one in items if {self.hash_name, *self.sort_names} <= one.keys() and self.holds(one)]
        found.sort(key=self.place, reverse=self.backwards)
        if self.start is not None:
            after = self.place(self.start)
            found = [one for one in found if (self.place(one) < after if self.backwards else self.place(one) > after)]
        read = found if self.limit is None else found[: self.limit]
        shown = [one for one in read if not self.filters or one["odd"] == {"N": "1"}]
        answer = {"Items": shown, "Count": len(shown), "ScannedCount": len(read)}
        if self.limit is not None and len(read) == self.limit:
            names = {"pk", "sk", self.hash_name, *self.sort_names}
            answer["LastEvaluatedKey"] = {name: read[-1][name] for name in names}
        return answer


@dataclass
class Collection:
    """One partition of a table, and of its global index; `items` as they must be there."""

    dynamodb: Any
    table: str
    kind: str
    owner: dict[str, str] = field(default_factory=lambda: {"S": str(uuid4())})
    items: dict[Any, Item] = field(default_factory=dict)

    def write(self, sort_key: Any, rank: str | None, odd: str) -> None:
        item = {"pk": self.owner, "sk": {self.kind: sort_key}, "odd": {"N": odd}}
        if rank is not None:
            item |= {"group": self.owner, "rank": {"N": rank}}
        self.dynamodb.put_item(TableName=self.table, Item=item)
        self.items[sort_key] = item

    def delete(self, sort_key: Any) -> None:
        self.dynamodb.delete_item(TableName=self.table, Key={"pk": self.owner, "sk": {self.kind: sort_key}})
        self.items.pop(sort_key, None)

    def ask(self, question: Question) -> dict[str, Any]:
        condition, names, values = "#h = :h", {"#h": question.hash_name}, {":h": self.owner}
        if question.test is not None:
            condition += f" AND {question.test.format('#r')}"
            names["#r"] = question.sort_names[0]
            values |= {mark: one for mark, one in zip((":a", ":b"), question.values, strict=True) if mark in condition}
        request: dict[str, Any] = {"ScanIndexForward": not question.backwards}
        if question.filters:
            request["FilterExpression"] = "odd = :odd"
            values[":odd"] = {"N": "1"}
        optional = {"IndexName": question.index, "Limit": question.limit, "ExclusiveStartKey": question.start}
        answer: dict[str, Any] = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            **request,
            **{name: value for name, value in optional.items() if value is not None},
        )
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def check(self, question: Question) -> None:
        """Ask page after page."""
        asked: Question | None = question
        while asked is not None:
            answer = self.ask(asked)
            assert answer == asked.expected(list(self.items.values()))
            following = answer.get("LastEvaluatedKey")
            asked = None if following is None else replace(question, start=following)


def create_table(dynamodb: Any, kind: str) -> str:
    """A table with sort keys of a kind, a local index and a global one: its name."""
    name = f"ordered-{uuid4()}"
    kinds = {"pk": "S", "sk": kind, "group": "S", "rank": "N"}
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": one} for key, one in kinds.items()],
        KeySchema=_schema("pk", "sk"),
        LocalSecondaryIndexes=[_index("by_rank", "pk")],
        GlobalSecondaryIndexes=[_index("by_group", "group")],
    )
    return name


def _schema(hash_name: str, range_name: str) -> list[dict[str, str]]:
    return [{"AttributeName": hash_name, "KeyType": "HASH"}, {"AttributeName": range_name, "KeyType": "RANGE"}]


def _index(name: str, hash_name: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": _schema(hash_name, "rank"), "Projection": {"ProjectionType": "ALL"}}


@st.composite
def questions(draw: st.DrawFn, kind: str) -> Question:
    index = draw(st.sampled_from([None, "by_rank", "by_group"]))
    of, kind = (SORT_KEYS[kind], kind) if index is None else (RANKS, "N")
    tests = [test for test in SIGNS if kind != "N" or "begins_with" not in test]
    ends = sorted(draw(st.lists(st.sampled_from(of), min_size=2, max_size=2)), key=ORDERED_BY[kind])
    return Question(
        index,
        ("sk",) if index is None else ("rank", "sk"),
        draw(st.none() | st.sampled_from(tests)),
        tuple({kind: end} for end in ends),
        draw(st.booleans()),
        draw(st.none() | st.integers(1, 4)),
        draw(st.booleans()),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Any]]:
    """A kind of sort key, and what is done and asked, each in one of two partitions.

    That is the arguments of `write`, of `delete`, or a question.
    """
    kind = draw(st.sampled_from(list(SORT_KEYS)))
    sort_keys = st.sampled_from(SORT_KEYS[kind])
    written = st.tuples(sort_keys, st.none() | st.sampled_from(RANKS), st.sampled_from(["0", "1"]))
    steps = written | written | st.tuples(sort_keys) | questions(kind)
    return kind, draw(st.lists(st.tuples(st.integers(0, 1), steps), min_size=30, max_size=50))


@EXAMPLES
@given(history=histories())
def test_a_query_reads_what_a_look_at_all_items_finds(tables: Tables, history: tuple[str, list[Any]]) -> None:
    dynamodb = tables.dynamodb
    kind, steps = history
    table = create_table(dynamodb, kind)
    collections = [Collection(dynamodb, table, kind) for _ in range(2)]
    for place, step in steps:
        match step:
            case Question():
                collections[place].check(step)
            case (sort_key,):
                collections[place].delete(sort_key)
            case _:
                collections[place].write(*step)
    dynamodb.delete_table(TableName=table)


def test_a_page_begins_behind_a_start_key_that_has_been_deleted(tables: Tables) -> None:
    dynamodb = tables.dynamodb
    collection = Collection(dynamodb, create_table(dynamodb, "S"), "S")
    for sort_key in SORT_KEYS["S"]:
        collection.write(sort_key, "2", "1")
    for index, sort_names in ((None, ("sk",)), ("by_rank", ("rank", "sk")), ("by_group", ("rank", "sk"))):
        for backwards in (False, True):
            first = Question(index, sort_names, None, (), backwards, 3, filters=False)
            last = collection.ask(first)["LastEvaluatedKey"]
            collection.delete(last["sk"]["S"])
            collection.check(replace(first, start=last))
            collection.write(last["sk"]["S"], "2", "1")
