"""Guitars as items of DynamoDB, and the expressions that turn one item into another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from server.aws.attributes import AttributeValue, check_item_size, from_item, to_attribute, to_item
from server.aws.failures import error_code
from server.models.guitar import StoredGuitar

# Behind all guitars' ids, the table also holds how many guitars of a brand there are, and who has which upload.
TALLY = "tally#"
CLAIM = "upload#"


def guitar_key(user_id: str, guitar_id: str) -> dict[str, AttributeValue]:
    """The primary key of a guitar; of a tally or a claim with TALLY or CLAIM before what it is of."""
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


@dataclass(frozen=True)
class RefusedWrite:
    """A write that was refused: for each part whether its condition failed, and the guitar as it was found.

    With no failed condition, another transaction was in the way.
    """

    conditions: list[bool]
    guitar: StoredGuitar | None


def refused_write(error: ClientError) -> RefusedWrite | None:
    """What an error says of a write's conditions; None when something else went wrong."""
    response: Mapping[str, Any] = error.response
    if error_code(error) == "ConditionalCheckFailedException":
        reasons: list[Mapping[str, Any]] = [{"Code": "ConditionalCheckFailed", "Item": response.get("Item")}]
    elif error_code(error) == "TransactionCanceledException":
        reasons = list(response.get("CancellationReasons", []))
    elif error_code(error) == "TransactionConflictException":
        reasons = [{"Code": "TransactionConflict"}]
    else:
        return None
    codes = [reason.get("Code", "None") for reason in reasons]
    if not codes or not {"None", "ConditionalCheckFailed", "TransactionConflict"}.issuperset(codes):
        return None
    item = reasons[0].get("Item")
    return RefusedWrite([code == "ConditionalCheckFailed" for code in codes], load_guitar(item) if item else None)
