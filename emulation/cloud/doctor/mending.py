"""Puts right what was found, with what the services themselves can do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from emulation.cloud.cognito.listing import list_users
from emulation.cloud.doctor.finding import Finding, Kind
from emulation.cloud.dynamodb.tables import all_items, find_table
from emulation.cloud.s3 import model
from emulation.settings import REGION
from server.aws.attributes import from_item
from server.aws.guitar_items import TALLY
from server.clock import to_iso

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud


async def mend(cloud: "Cloud", findings: Iterable[Finding]) -> list[Finding]:
    """Put right what can be, and return it. What the stream makes of it comes after."""
    mender = _Mender(cloud)
    return [finding for finding in findings if await mender.mend(finding)]


def _key(user_id: str, sort_key: str) -> dict[str, Any]:
    return {"userId": {"S": user_id}, "guitarId": {"S": sort_key}}


class _Mender:
    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        environment = cloud.stack.environment
        self._guitars, self._users = environment["DYNAMODB_TABLE_GUITARS"], environment["DYNAMODB_TABLE_USERS"]
        self._bucket = environment["S3_BUCKET_IMAGES"]

    async def mend(self, finding: Finding) -> bool:
        if finding.kind is Kind.DEAD_LETTER:
            return await self._cloud.redeliver(finding.subject)
        if finding.kind is Kind.USER_WITHOUT_PROFILE:
            return self._make_profile(finding.subject)
        if finding.kind is Kind.PROFILE_WITHOUT_USER:
            return self._ask("DeleteItem", TableName=self._users, Key={"userId": {"S": finding.subject}})
        if finding.kind in (Kind.GUITAR_WITHOUT_OWNER, Kind.CLAIM_WITHOUT_GUITAR, Kind.TALLY_WITHOUT_OWNER):
            user_id, _, sort_key = finding.subject.partition("/")
            return self._ask("DeleteItem", TableName=self._guitars, Key=_key(user_id, sort_key))
        if finding.kind is Kind.TALLY_WRONG:
            return self._count(*finding.subject.split("/", 1))
        if finding.kind is Kind.OBJECT_WITHOUT_GUITAR:
            return self._delete_object(finding.subject)
        return finding.kind is Kind.ATTACHED_OBJECT_EXPIRES and self._keep_object(finding.subject)

    def _ask(self, action: str, **body: Any) -> bool:
        answer = self._cloud.services.dynamodb.answer(action, body, REGION)
        self._cloud.note_items()
        return answer is not None and answer.status == 200

    def _count(self, user_id: str, tally: str) -> bool:
        """Write how many guitars of the brand there are now."""
        items = (from_item(item.attributes) for item in all_items(find_table(REGION, self._guitars)))
        brand = tally.removeprefix(TALLY)
        count = sum(item["userId"] == user_id and item.get("brand") == brand for item in items)
        change = {
            "UpdateExpression": "SET guitars = :count",
            "ExpressionAttributeValues": {":count": {"N": f"{count}"}},
        }
        return self._ask("UpdateItem", TableName=self._guitars, Key=_key(user_id, tally), **change)

    def _make_profile(self, user_id: str) -> bool:
        """As the PostConfirmation function would have; one that was made meanwhile stays."""
        user = next(one for one in list_users(self._cloud.services.cognito.pools()) if one["id"] == user_id)
        now = to_iso(self._cloud.data.clock.now())
        texts = {"userId": user_id, "email": user["email"], "name": user["name"], "createdAt": now, "updatedAt": now}
        item: dict[str, Any] = {name: {"S": value} for name, value in texts.items()}
        item |= {"preferences": {"M": {}}, "version": {"N": "1"}}
        condition = "attribute_not_exists(userId)"
        return self._ask("PutItem", TableName=self._users, Item=item, ConditionExpression=condition)

    def _delete_object(self, key: str) -> bool:
        bucket = model.find_bucket(self._bucket)
        if bucket is None:
            return False
        model.remove_versions(bucket, key, model.versions_of(bucket, key))
        self._cloud.keeper.touch("s3")
        return True

    def _keep_object(self, key: str) -> bool:
        bucket = model.find_bucket(self._bucket)
        found = model.current_object(bucket, key) if bucket is not None else None
        if found is None:
            return False
        model.backend().tagger.tag_resource(found.arn, [{"Key": "attachment", "Value": "attached"}])
        self._cloud.keeper.touch("s3")
        return True
