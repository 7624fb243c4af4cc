"""DynamoDB's answers as the JSON that they are."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


def read_plainly(client: "DynamoDBClient") -> None:
    """Have a client's answers taken as they stand.

    The SDK looks up every value of every item in its model of the service, to turn Base64 into bytes and numbers into
    times: what it gives is the JSON, as no item of ours has bytes, and no call of ours answers with times.
    """
    client.meta.events.register("before-parse.dynamodb", _take_body)


def _take_body(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    # Errors, and what is no JSON, are the SDK's to read.
    if response_dict["status_code"] < 300:
        with suppress(ValueError):
            customized_response_dict.update(msgspec.json.decode(response_dict["body"]))
            response_dict["body"] = b""
