"""DynamoDB's parameters and answers as the JSON that they are.

The SDK turns one into the other value by value, by its model of the service. What differs are bytes and times: no item
of ours has bytes, and no call of ours has times.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from server.exact_json import encode

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


def speak_plain_json(client: "DynamoDBClient") -> None:
    """Have a client's parameters sent, and its answers taken, as they stand."""
    events = client.meta.events
    # After the SDK's own: the token that makes a transaction's second try harmless is a parameter too.
    events.register_last("before-parameter-build", _take_parameters)
    events.register("before-call", _write_body)
    events.register("before-parse", _read_body)


def _take_parameters(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    # Of a batch, the SDK asks for the tables' names before it is sent.
    if "RequestItems" not in params:
        context["parameters"] = dict(params)
        params.clear()


def _write_body(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    if "parameters" in context:
        params["body"] = encode(context.pop("parameters"))


def _read_body(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    # Errors, and what is no JSON, are the SDK's to read.
    if response_dict["status_code"] < 300:
        with suppress(ValueError):
            customized_response_dict.update(msgspec.json.decode(response_dict["body"]))
            response_dict["body"] = b""
