"""The Users table: one profile per user."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from server.aws.attributes import check_item_size, from_item, to_attribute, to_item
from server.aws.failures import error_code, outages_as_unavailable
from server.models.user import StoredProfile

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


class UsersTable:
    """Profiles by user id (the `sub` that Cognito gave)."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    async def get(self, user_id: str) -> StoredProfile | None:
        """The profile as it is now, or None."""
        async with outages_as_unavailable():
            answer = await self._client.get_item(
                TableName=self._table, Key={"userId": to_attribute(user_id)}, ConsistentRead=True
            )
        return StoredProfile.model_validate(from_item(answer["Item"])) if "Item" in answer else None

    async def create(self, profile: StoredProfile) -> bool:
        """Store a profile unless there is one already; False when there was."""
        async with outages_as_unavailable():
            try:
                await self._client.put_item(
                    TableName=self._table,
                    Item=to_item(profile.model_dump(by_alias=True)),
                    ConditionExpression="attribute_not_exists(userId)",
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    async def replace(self, current: StoredProfile, changed: StoredProfile) -> bool:
        """Write a profile that is still as it was read; False when it is not.

        Raises InvalidInputError when it is larger than an item may be.
        """
        item = to_item(changed.model_dump(by_alias=True))
        check_item_size(item, "profile")
        written = ("name", "preferences", "updatedAt", "version")
        async with outages_as_unavailable():
            try:
                await self._client.update_item(
                    TableName=self._table,
                    Key={"userId": to_attribute(current.user_id)},
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in written),
                    ConditionExpression="userId = :userId AND #version = :seen",
                    ExpressionAttributeNames={f"#{name}": name for name in written},
                    ExpressionAttributeValues={
                        ":userId": to_attribute(current.user_id),
                        ":seen": to_attribute(current.version),
                        **{f":{name}": item[name] for name in written},
                    },
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except ClientError as error:
                # Whoever creates a guitar looks at the profile in a transaction, which may be in the way.
                if error_code(error) not in ("ConditionalCheckFailedException", "TransactionConflictException"):
                    raise
                # After a lost answer the SDK asks again, and meets its own write.
                response: Mapping[str, Any] = error.response
                return from_item(response.get("Item", {})) == from_item(item)
        return True

    async def delete(self, user_id: str) -> None:
        """Delete the profile; nothing happens when it is gone."""
        async with outages_as_unavailable():
            await self._client.delete_item(TableName=self._table, Key={"userId": to_attribute(user_id)})
