"""What runs on events instead of requests: a verified address, and records of the tables' streams."""

from collections.abc import Mapping
from typing import Any

from server.aws.attributes import from_item
from server.models.guitar import upload_id_in
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


async def follow_tables(services: Services, event: Mapping[str, Any]) -> None:
    """Bring the images bucket after the tables: keep what a guitar took in, delete what nothing refers to any more.

    Records may come more than once; what is gone already is no error. Raises when S3 or DynamoDB refuses something,
    so that the batch is delivered again.
    """
    for record in event["Records"]:
        change = record["dynamodb"]
        before, after = from_item(change.get("OldImage", {})), from_item(change.get("NewImage", {}))
        if "guitarId" not in change["Keys"]:
            if record["eventName"] == "REMOVE":
                await _delete_collection(services, before["userId"])
            continue
        held, holds = uploads_of(before), uploads_of(after)
        for upload_id in sorted(holds.keys() - held.keys()):
            for key in holds[upload_id]:
                await services.images.keep(key)
        for upload_id in sorted(held.keys() - holds.keys()):
            await services.images.delete_all_versions(_prefix_of(held[upload_id]))
            # Only now may the upload's id be used again, and by then there is nothing left to use.
            await services.guitars.release(before["userId"], upload_id)


def uploads_of(item: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The uploads that an item of the Guitars table refers to: their objects' keys by their ids."""
    uploads = {image["id"]: (image["key"], image["thumbnailKey"]) for image in item.get("images", [])}
    receipt_key = item.get("privateInfo", {}).get("receiptKey")
    return uploads | ({upload_id_in(receipt_key): (receipt_key,)} if receipt_key else {})


def _prefix_of(keys: tuple[str, ...]) -> str:
    """What the keys of an upload begin with, and no other's. A receipt is one object; the two of a picture lie in a
    folder of its own, so that one listing, which costs as much as a write, finds both."""
    return keys[0] if len(keys) == 1 else f"{keys[0].rpartition('/')[0]}/"


async def _delete_collection(services: Services, user_id: str) -> None:
    await services.guitars.delete_all(user_id)
    for kind in ("images", "receipts"):
        await services.images.delete_all_versions(f"{kind}/{user_id}/")
