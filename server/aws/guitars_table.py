"""The Guitars table: its access patterns, one method each."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from server.aws.attributes import MAX_ITEM_BYTES, AttributeValue, from_item, item_sizes, to_attribute, to_item
from server.aws.failures import error_code, outages_as_unavailable
from server.errors import ApiError, ErrorCode, InvalidInputError
from server.ids import is_id
from server.models.guitar import GuitarQuery, StoredGuitar

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient

BRAND_INDEX = "brand-userId-index"
# A query reads at most 1 MB, so a page stays below the 6 MB that a function may answer.
_QUERIES_PER_PAGE = 4
# A filter drops items after they were counted against the limit.
_FILTERED_LIMIT = 200


class GuitarsTable:
    """Guitars by owner and id. Every key has the owner's id in it, so nobody reaches another's."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    async def get(self, user_id: str, guitar_id: str) -> StoredGuitar:
        """The guitar as it is now; raises GUITAR_NOT_FOUND."""
        if not is_id(guitar_id):
            raise ApiError(ErrorCode.GUITAR_NOT_FOUND)
        async with outages_as_unavailable():
            answer = await self._client.get_item(
                TableName=self._table, Key=_key(user_id, guitar_id), ConsistentRead=True
            )
        if "Item" not in answer:
            raise ApiError(ErrorCode.GUITAR_NOT_FOUND)
        return _load(answer["Item"])

    async def create(self, guitar: StoredGuitar) -> None:
        """Store a new guitar; raises InvalidInputError when it is larger than an item may be."""
        item = _dump(guitar)
        async with outages_as_unavailable():
            try:
                await self._client.put_item(
                    TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(guitarId)"
                )
            except ClientError as error:
                # Ids are never given out twice: this one was stored by the first try of this very call.
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    async def replace(self, current: StoredGuitar, changed: StoredGuitar) -> bool:
        """Write what differs, if the guitar is still as it was read; False when it is not, or is gone."""
        before, after = _dump(current), _dump(changed)
        names: dict[str, str] = {"#version": "version"}
        values: dict[str, Any] = {":userId": to_attribute(current.user_id), ":seen": to_attribute(current.version)}
        sets, removes = [], []
        for number, name in enumerate(sorted(before.keys() | after.keys())):
            if before.get(name) == after.get(name):
                continue
            names[f"#a{number}"] = name
            if name in after:
                values[f":a{number}"] = after[name]
                sets.append(f"#a{number} = :a{number}")
            else:
                removes.append(f"#a{number}")
        expression = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
        async with outages_as_unavailable():
            try:
                await self._client.update_item(
                    TableName=self._table,
                    Key=_key(current.user_id, current.guitar_id),
                    UpdateExpression=expression,
                    ConditionExpression="userId = :userId AND #version = :seen",
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=values,
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    async def delete(self, guitar: StoredGuitar) -> bool:
        """Delete the guitar, if it is still as it was read; False when it is not, or is gone."""
        async with outages_as_unavailable():
            try:
                await self._client.delete_item(
                    TableName=self._table,
                    Key=_key(guitar.user_id, guitar.guitar_id),
                    ConditionExpression="userId = :userId AND #version = :seen",
                    ExpressionAttributeNames={"#version": "version"},
                    ExpressionAttributeValues={
                        ":userId": to_attribute(guitar.user_id),
                        ":seen": to_attribute(guitar.version),
                    },
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    async def find(self, user_id: str, query: GuitarQuery, after_id: str | None) -> "FoundGuitars":
        """A page of the owner's guitars that match, beginning after the guitar with that id.

        Strongly consistent and in the order of creation; with a brand it reads the brand index, which on AWS is
        eventually consistent, always, and orders the guitars of one brand and owner as it likes.
        """
        request = self._find_request(user_id, query)
        filtered = "FilterExpression" in request
        after: Mapping[str, Any] | None = None if after_id is None else _start_key(user_id, after_id, query.brand)
        found: list[StoredGuitar] = []
        for _ in range(_QUERIES_PER_PAGE):
            wanted = query.limit - len(found)
            request["Limit"] = max(wanted, _FILTERED_LIMIT) if filtered else wanted
            if after is not None:
                request["ExclusiveStartKey"] = after
            async with outages_as_unavailable():
                answer = await self._client.query(**request)
            found += [_load(item) for item in answer["Items"][:wanted]]
            if len(answer["Items"]) > wanted:
                return FoundGuitars(found, more_after=found[-1].guitar_id)
            after = answer.get("LastEvaluatedKey")
            if after is None:
                return FoundGuitars(found, more_after=None)
            if len(found) == query.limit:
                break
        return FoundGuitars(found, more_after=after["guitarId"]["S"] if after else None)

    async def brands(self, user_id: str) -> list[str]:
        """The owner's brands, sorted, each once."""
        brands: set[str] = set()
        async for item in self._owned(user_id, "brand"):
            brands.add(item["brand"])
        return sorted(brands)

    async def guitar_ids(self, user_id: str) -> list[str]:
        """The ids of all guitars of an owner."""
        return [item["guitarId"] async for item in self._owned(user_id, "guitarId")]

    async def remove(self, user_id: str, guitar_id: str) -> None:
        """Delete a guitar as it is; nothing happens when it is gone."""
        async with outages_as_unavailable():
            await self._client.delete_item(TableName=self._table, Key=_key(user_id, guitar_id))

    async def _owned(self, user_id: str, attribute: str) -> AsyncIterator[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "userId = :userId",
            "ExpressionAttributeNames": {"#wanted": attribute},
            "ExpressionAttributeValues": {":userId": to_attribute(user_id)},
            "ProjectionExpression": "#wanted",
            "ConsistentRead": True,
        }
        while True:
            async with outages_as_unavailable():
                answer = await self._client.query(**request)
            for item in answer["Items"]:
                yield from_item(item)
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _find_request(self, user_id: str, query: GuitarQuery) -> dict[str, Any]:
        request: dict[str, Any] = {"TableName": self._table, "KeyConditionExpression": "userId = :userId"}
        values: dict[str, AttributeValue] = {":userId": to_attribute(user_id)}
        names: dict[str, str] = {}
        filters = []
        if query.brand is None:
            request["ConsistentRead"] = True
        else:
            request |= {"IndexName": BRAND_INDEX, "KeyConditionExpression": "brand = :brand AND userId = :userId"}
            values[":brand"] = to_attribute(query.brand)
        if query.type is not None:
            names["#type"] = "type"
            values[":type"] = to_attribute(query.type)
            filters.append("#type = :type")
        for value, placeholder, comparison in (
            (query.year_from, ":yearFrom", "#year >= :yearFrom"),
            (query.year_to, ":yearTo", "#year <= :yearTo"),
        ):
            if value is not None:
                names["#year"] = "year"
                values[placeholder] = to_attribute(value)
                filters.append(comparison)
        if filters:
            request |= {"FilterExpression": " AND ".join(filters), "ExpressionAttributeNames": names}
        return request | {"ExpressionAttributeValues": values}


@dataclass(frozen=True)
class FoundGuitars:
    """A page of guitars, and after which guitar's id there may be more."""

    guitars: list[StoredGuitar]
    more_after: str | None


def _key(user_id: str, guitar_id: str) -> dict[str, AttributeValue]:
    return {"userId": to_attribute(user_id), "guitarId": to_attribute(guitar_id)}


def _start_key(user_id: str, guitar_id: str, brand: str | None) -> dict[str, AttributeValue]:
    return _key(user_id, guitar_id) | ({} if brand is None else {"brand": to_attribute(brand)})


def _load(item: Mapping[str, Any]) -> StoredGuitar:
    return StoredGuitar.model_validate(from_item(item))


def _dump(guitar: StoredGuitar) -> dict[str, AttributeValue]:
    item = to_item(guitar.model_dump(by_alias=True, exclude_none=True))
    sizes = item_sizes(item)
    if sum(sizes.values()) > MAX_ITEM_BYTES:
        largest = max(sizes, key=sizes.__getitem__)
        raise InvalidInputError.of(largest, f"the guitar would be larger than {MAX_ITEM_BYTES} bytes")
    return item
