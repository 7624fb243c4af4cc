"""The Guitars table: its access patterns, one method each."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from server.aws.attributes import from_item, to_attribute, to_item
from server.aws.failures import outages_as_unavailable
from server.aws.guitar_items import (
    CLAIM,
    TALLY,
    RefusedWrite,
    difference,
    dump_guitar,
    guitar_key,
    load_guitar,
    refused_write,
    start_key,
)
from server.aws.guitar_queries import find_request
from server.errors import ApiError, ErrorCode
from server.ids import is_id
from server.models.guitar import GuitarQuery, StoredGuitar

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient

# A query reads at most 1 MB, so a page stays below the 6 MB that a function may answer.
_QUERIES_PER_PAGE = 4
# A filter drops items after they were counted against the limit.
_FILTERED_LIMIT = 200


class OwnerMissingError(Exception):
    """The owner has no profile: the account is being deleted, or its profile was never made."""


class UploadTakenError(Exception):
    """An upload belongs to another guitar, or is being deleted; `upload_id` says which."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(upload_id)
        self.upload_id = upload_id


@dataclass(frozen=True)
class FoundGuitars:
    """A page of guitars, and after which guitar's id there may be more."""

    guitars: list[StoredGuitar]
    more_after: str | None


class GuitarsTable:
    """Guitars by owner and id. Every key has the owner's id in it, so nobody reaches another's."""

    def __init__(self, client: "DynamoDBClient", table: str, users_table: str) -> None:
        self._client = client
        self._table = table
        self._users_table = users_table

    async def get(self, user_id: str, guitar_id: str) -> StoredGuitar:
        """The guitar as it is now; raises GUITAR_NOT_FOUND."""
        if not is_id(guitar_id):
            raise ApiError(ErrorCode.GUITAR_NOT_FOUND)
        async with outages_as_unavailable():
            answer = await self._client.get_item(
                TableName=self._table, Key=guitar_key(user_id, guitar_id), ConsistentRead=True
            )
        if "Item" not in answer:
            raise ApiError(ErrorCode.GUITAR_NOT_FOUND)
        return load_guitar(answer["Item"])

    async def create(self, guitar: StoredGuitar) -> bool:
        """Store a new guitar with its uploads, and count it; False when another transaction was in the way.

        Raises OwnerMissingError, UploadTakenError, and InvalidInputError when it is larger than an item may be.
        """
        put = {
            "TableName": self._table,
            "Item": dump_guitar(guitar),
            "ConditionExpression": "attribute_not_exists(guitarId)",
        }
        # A token outlives its account by the time that a decision about it is cached.
        owner = {
            "TableName": self._users_table,
            "Key": {"userId": to_attribute(guitar.user_id)},
            "ConditionExpression": "attribute_exists(userId)",
        }
        writes = [{"Put": put}, {"ConditionCheck": owner}, self._count(guitar, 1)]
        refused = await self._write(writes, guitar, guitar.upload_ids)
        if refused is None or refused.conditions[0]:
            # Ids are never given out twice: a guitar with this one was stored by the first try of this very call.
            return True
        if refused.conditions[1]:
            raise OwnerMissingError(guitar.user_id)
        return False

    async def replace(self, current: StoredGuitar, changed: StoredGuitar) -> bool:
        """Write what differs, if the guitar is still as it was read; False when it is not, or is gone.

        Raises UploadTakenError when it brings in an upload that another guitar has, and InvalidInputError when it is
        larger than an item may be.
        """
        update = {
            "TableName": self._table,
            "Key": guitar_key(current.user_id, current.guitar_id),
            **difference(dump_guitar(current), dump_guitar(changed), current),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        writes = [{"Update": update}]
        if changed.brand != current.brand:
            writes += [self._count(current, -1), self._count(changed, 1)]
        refused = await self._write(writes, changed, changed.upload_ids - current.upload_ids)
        # After a lost answer the SDK asks again, and meets its own write.
        return refused is None or refused.guitar == changed

    async def _write(
        self, writes: list[dict[str, Any]], guitar: StoredGuitar, new_uploads: set[str]
    ) -> RefusedWrite | None:
        """Write a guitar with claims on its new uploads, in one transaction; None when it was written."""
        uploads = sorted(new_uploads)
        requests: list[Any] = [*writes, *({"Put": self._claim(guitar, upload_id)} for upload_id in uploads)]
        async with outages_as_unavailable():
            try:
                if len(requests) == 1:
                    await self._client.update_item(**requests[0]["Update"])
                else:
                    await self._client.transact_write_items(TransactItems=requests)
            except ClientError as error:
                refused = refused_write(error)
                if refused is None:
                    raise
                claims = refused.conditions[len(writes) :]
                if any(claims) and not refused.conditions[0]:
                    raise UploadTakenError(uploads[claims.index(True)]) from error
                return refused
        return None

    def _claim(self, guitar: StoredGuitar, upload_id: str) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Item": to_item(
                {"userId": guitar.user_id, "guitarId": f"{CLAIM}{upload_id}", "claimedBy": guitar.guitar_id}
            ),
            "ConditionExpression": "attribute_not_exists(guitarId)",
        }

    def _count(self, guitar: StoredGuitar, change: int) -> dict[str, Any]:
        """The write that counts a guitar among those of its brand, or no longer."""
        return {
            "Update": {
                "TableName": self._table,
                # Without the attribute `brand`, so that the brand index does not take it up.
                "Key": guitar_key(guitar.user_id, f"{TALLY}{guitar.brand}"),
                "UpdateExpression": "ADD guitars :change",
                "ExpressionAttributeValues": {":change": to_attribute(change)},
            }
        }

    async def is_claimed(self, user_id: str, upload_id: str) -> bool:
        """Whether a guitar has the upload, or had it and its objects are not all gone yet.

        Ask before looking for the objects: whoever finds no claim then finds none of a picture that was let go of.
        """
        key = guitar_key(user_id, f"{CLAIM}{upload_id}")
        async with outages_as_unavailable():
            return "Item" in await self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)

    async def release(self, user_id: str, upload_id: str) -> None:
        """Forget a claim, once the objects of its upload are gone."""
        await self._delete_item(user_id, f"{CLAIM}{upload_id}")

    async def delete(self, guitar: StoredGuitar) -> bool:
        """Delete a guitar if it is still as it was read; False when it is not. What is gone is deleted."""
        delete = {
            "TableName": self._table,
            "Key": guitar_key(guitar.user_id, guitar.guitar_id),
            "ConditionExpression": "userId = :userId AND #version = :seen",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {
                ":userId": to_attribute(guitar.user_id),
                ":seen": to_attribute(guitar.version),
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        refused = await self._write([{"Delete": delete}, self._count(guitar, -1)], guitar, set())
        return refused is None or (refused.conditions[0] and refused.guitar is None)

    async def find(self, user_id: str, query: GuitarQuery, after_id: str | None) -> FoundGuitars:
        """A page of the owner's guitars that match, beginning after the guitar with that id.

        Strongly consistent and in the order of creation; with a brand it reads the brand index, which on AWS is
        eventually consistent, always, and orders the guitars of one brand and owner as it likes.
        """
        request = find_request(self._table, user_id, query)
        filtered = "FilterExpression" in request
        after: Mapping[str, Any] | None = None if after_id is None else start_key(user_id, after_id, query.brand)
        found: list[StoredGuitar] = []
        for _ in range(_QUERIES_PER_PAGE):
            wanted = query.limit - len(found)
            request["Limit"] = max(wanted, _FILTERED_LIMIT) if filtered else wanted
            if after is not None:
                request["ExclusiveStartKey"] = after
            async with outages_as_unavailable():
                answer = await self._client.query(**request)
            found += [load_guitar(item) for item in answer["Items"][:wanted]]
            if len(answer["Items"]) > wanted:
                return FoundGuitars(found, more_after=found[-1].guitar_id)
            after = answer.get("LastEvaluatedKey")
            if after is None:
                return FoundGuitars(found, more_after=None)
            if len(found) == query.limit:
                break
        return FoundGuitars(found, more_after=after["guitarId"]["S"] if after else None)

    async def brands(self, user_id: str) -> list[str]:
        """The owner's brands, sorted, each once: those of which there is a guitar."""
        tallies = self._owned(user_id, "begins_with(guitarId, :beginning)", TALLY, ("guitarId", "guitars"))
        return sorted([item["guitarId"].removeprefix(TALLY) async for item in tallies if item["guitars"] > 0])

    async def delete_all(self, user_id: str) -> None:
        """Delete all guitars of an owner, then tallies and claims."""
        for sort_keys in ("guitarId < :beginning", "guitarId >= :beginning"):
            async for item in self._owned(user_id, sort_keys, TALLY, ("guitarId",)):
                await self._delete_item(user_id, item["guitarId"])

    async def _delete_item(self, user_id: str, sort_key: str) -> None:
        async with outages_as_unavailable():
            await self._client.delete_item(TableName=self._table, Key=guitar_key(user_id, sort_key))

    async def _owned(
        self, user_id: str, sort_keys: str, beginning: str, attributes: tuple[str, ...]
    ) -> AsyncIterator[dict[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": f"userId = :userId AND {sort_keys}",
            "ExpressionAttributeValues": {":userId": to_attribute(user_id), ":beginning": to_attribute(beginning)},
            "ProjectionExpression": ", ".join(attributes),
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
