"""The Users table: one profile per user."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from server.aws.attributes import MAX_ITEM_BYTES, from_item, item_sizes, to_attribute, to_item
from server.aws.failures import error_code, outages_as_unavailable
from server.errors import InvalidInputError
from server.models.user import Profile

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


class UsersTable:
    """Profiles by user id (the `sub` that Cognito gave)."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    async def get(self, user_id: str) -> Profile | None:
        """The profile as it is now, or None."""
        async with outages_as_unavailable():
            answer = await self._client.get_item(
                TableName=self._table, Key={"userId": to_attribute(user_id)}, ConsistentRead=True
            )
        return Profile.model_validate(from_item(answer["Item"])) if "Item" in answer else None

    async def create(self, profile: Profile) -> bool:
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

    async def replace(self, current: Profile, changed: Profile) -> bool:
        """Write name, preferences and time of a profile that is still as it was read; False when it is not."""
        item = to_item(changed.model_dump(by_alias=True))
        if sum(item_sizes(item).values()) > MAX_ITEM_BYTES:
            raise InvalidInputError.of("preferences", f"the profile would be larger than {MAX_ITEM_BYTES} bytes")
        values: dict[str, Any] = {
            ":userId": to_attribute(current.user_id),
            ":seen": to_attribute(current.updated_at),
            ":name": item["name"],
            ":preferences": item["preferences"],
            ":updatedAt": item["updatedAt"],
        }
        async with outages_as_unavailable():
            try:
                await self._client.update_item(
                    TableName=self._table,
                    Key={"userId": to_attribute(current.user_id)},
                    UpdateExpression="SET #name = :name, preferences = :preferences, updatedAt = :updatedAt",
                    ConditionExpression="userId = :userId AND updatedAt = :seen",
                    ExpressionAttributeNames={"#name": "name"},
                    ExpressionAttributeValues=values,
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True

    async def delete(self, user_id: str) -> None:
        """Delete the profile; nothing happens when it is gone."""
        async with outages_as_unavailable():
            await self._client.delete_item(TableName=self._table, Key={"userId": to_attribute(user_id)})
