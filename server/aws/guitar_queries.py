"""The Query that finds guitars: key conditions of the table or its brand index, and filters on the rest."""

from typing import Any

from server.aws.attributes import AttributeValue, to_attribute
from server.aws.guitar_items import TALLY
from server.models.guitar import GuitarQuery

BRAND_INDEX = "brand-userId-index"


def find_request(table: str, user_id: str, query: GuitarQuery) -> dict[str, Any]:
    """The request for an owner's guitars that match, without a limit and a beginning.

    It has a FilterExpression only where it filters: such a request reads more than it finds.
    """
    request: dict[str, Any] = {"TableName": table}
    values: dict[str, AttributeValue] = {":userId": to_attribute(user_id)}
    names: dict[str, str] = {}
    filters = []
    if query.brand is None:
        request |= {"ConsistentRead": True, "KeyConditionExpression": "userId = :userId AND guitarId < :tallies"}
        values[":tallies"] = to_attribute(TALLY)
    else:
        request |= {"IndexName": BRAND_INDEX, "KeyConditionExpression": "brand = :brand AND userId = :userId"}
        values[":brand"] = to_attribute(query.brand)
    for value, attribute, placeholder, sign in (
        (query.type, "type", ":type", "="),
        (query.year_from, "year", ":yearFrom", ">="),
        (query.year_to, "year", ":yearTo", "<="),
    ):
        if value is not None:
            names[f"#{attribute}"] = attribute
            values[placeholder] = to_attribute(value)
            filters.append(f"#{attribute} {sign} {placeholder}")
    if filters:
        request |= {"FilterExpression": " AND ".join(filters), "ExpressionAttributeNames": names}
    return request | {"ExpressionAttributeValues": values}
