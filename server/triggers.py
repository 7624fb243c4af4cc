"""What runs on events instead of requests: a verified address, and records of the tables' streams."""

from collections.abc import Mapping
from typing import Any

from server.aws.attributes import from_item
from server.profiles import new_profile
from server.services import Services


async def create_profile(services: Services, event: dict[str, Any]) -> dict[str, Any]:
    """Cognito's PostConfirmation: write the Users item. Cognito wants its event back.

    It also fires after a password reset, and up to three times for one confirmation.
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
    """
    if event["triggerSource"] == "PostConfirmation_ConfirmSignUp":
        await services.users.create(new_profile(services, event["request"]["userAttributes"]))
    return event


async def clean_up(services: Services, event: Mapping[str, Any]) -> None:
    """Delete what a changed or removed item left behind: objects of a guitar, everything of an account.

    Records may come more than once; what is gone already is no error. Raises when S3 or DynamoDB keeps something,
    so that the batch is delivered again.
    """
    for record in event["Records"]:
        change = record["dynamodb"]
        before = from_item(change.get("OldImage", {}))
        after = from_item(change.get("NewImage", {}))
        if "guitarId" in change["Keys"]:
            for prefix in sorted(_object_prefixes(before) - _object_prefixes(after)):
                await services.images.delete_all_versions(prefix)
        elif record["eventName"] == "REMOVE":
            await _delete_collection(services, before["userId"])


def _object_prefixes(guitar: Mapping[str, Any]) -> set[str]:
    """The keys, and for pictures the folder, that a guitar refers to."""
    folders = {image["key"].rpartition("/")[0] + "/" for image in guitar.get("images", [])}
    receipt_key = guitar.get("privateInfo", {}).get("receiptKey")
    return folders | ({receipt_key} if receipt_key else set())


async def _delete_collection(services: Services, user_id: str) -> None:
    for guitar_id in await services.guitars.guitar_ids(user_id):
        await services.guitars.remove(user_id, guitar_id)
    for kind in ("images", "receipts"):
        await services.images.delete_all_versions(f"{kind}/{user_id}/")
