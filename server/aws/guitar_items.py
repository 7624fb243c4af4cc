"""Guitars as items of DynamoDB, and the expressions that turn one item into another."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from server.aws.attributes import AttributeValue, check_item_size, from_item, to_attribute, to_item
from server.aws.failures import error_code
from server.models.guitar import StoredGuitar


def guitar_key(user_id: str, guitar_id: str) -> dict[str, AttributeValue]:
    """The primary key of a guitar, or of a claim."""
    return {"userId": to_attribute(user_id), "guitarId": to_attribute(guitar_id)}


def start_key(user_id: str, guitar_id: str, brand: str | None) -> dict[str, AttributeValue]:
    """Where a query goes on after a guitar; with a brand, on the brand index."""
    return guitar_key(user_id, guitar_id) | ({} if brand is None else {"brand": to_attribute(brand)})


def load_guitar(item: Mapping[str, Any]) -> StoredGuitar:
    """The guitar in an item."""
    return StoredGuitar.model_validate(from_item(item))


def dump_guitar(guitar: StoredGuitar) -> dict[str, AttributeValue]:
    """The guitar as an item; raises InvalidInputError when it is larger than an item may be."""
    item = to_item(guitar.model_dump(by_alias=True, exclude_none=True))
    check_item_size(item, "guitar")
    return item


def difference(
    before: Mapping[str, AttributeValue], after: Mapping[str, AttributeValue], current: StoredGuitar
) -> dict[str, Any]:
    """The expressions that turn one item into the other, if it is still as it was read."""
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
    return {
        "UpdateExpression": f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else ""),
        "ConditionExpression": "userId = :userId AND #version = :seen",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def refused_conditions(error: ClientError) -> list[bool] | None:
    """Which conditions of a write did not hold, the guitar's first; None when something else went wrong.

    All False is a transaction that met another one on the same items.
    """
    if error_code(error) == "ConditionalCheckFailedException":
        return [True]
    if error_code(error) != "TransactionCanceledException":
        return None
    codes = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
    if not codes or not {"None", "ConditionalCheckFailed", "TransactionConflict"}.issuperset(codes):
        return None
    return [code == "ConditionalCheckFailed" for code in codes]


def refused_guitar(error: ClientError) -> StoredGuitar | None:
    """The guitar as it was found when a condition did not hold."""
    response: Mapping[str, Any] = error.response
    [first, *_] = response.get("CancellationReasons", [response])
    return load_guitar(first["Item"]) if first.get("Item") else None
