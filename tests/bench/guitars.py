"""The guitar that the rows of the API write and read: as sent, as an item, as stored by the stub."""

import json
from typing import Any

USER_ID = "0194a1f0-0000-7000-8000-000000000001"
GUITAR_ID = "0194a1f0-0000-7000-8000-000000000002"
TOKEN = "Bearer of-a-benchmark"
GUITARS_TABLE = "guitars"
USERS_TABLE = "users"
BODY: dict[str, Any] = {
    "brand": "Fender",
    "model": "Telecaster",
    "year": 1952,
    "type": "Electric",
    "bodyMaterial": "Ash",
    "neckMaterial": "Maple",
    "numberOfFrets": 21,
    "color": "Butterscotch blonde",
    "caseIncluded": True,
    "detailedSpecs": {"weight": 3.4, "strings": ["10", "13", "17", "26", "36", "46"]},
    "privateInfo": {"serialNumber": "0042", "purchasePrice": 12345.9, "currency": "EUR"},
    "notes": [{"content": "A new set of strings, again."}, {"content": "The nut was filed."}],
}
_NOTES = [
    {
        "M": {
            "id": {"S": f"0194a1f0-0000-7000-8000-00000000001{number}"},
            "content": {"S": note["content"]},
            "createdAt": {"S": "2026-01-01T00:00:00.000Z"},
        }
    }
    for number, note in enumerate(BODY["notes"])
]
ITEM: dict[str, Any] = {
    "userId": {"S": USER_ID},
    "guitarId": {"S": GUITAR_ID},
    "version": {"N": "1"},
    "brand": {"S": "Fender"},
    "model": {"S": "Telecaster"},
    "year": {"N": "1952"},
    "type": {"S": "Electric"},
    "bodyMaterial": {"S": "Ash"},
    "neckMaterial": {"S": "Maple"},
    "numberOfFrets": {"N": "21"},
    "color": {"S": "Butterscotch blonde"},
    "caseIncluded": {"BOOL": True},
    "detailedSpecs": {
        "M": {
            "weight": {"N": "3.4"},
            "strings": {"L": [{"S": text} for text in ("10", "13", "17", "26", "36", "46")]},
        }
    },
    "privateInfo": {"M": {"serialNumber": {"S": "0042"}, "purchasePrice": {"N": "12345.9"}, "currency": {"S": "EUR"}}},
    "notes": {"L": _NOTES},
    "images": {"L": []},
    "createdAt": {"S": "2026-01-01T00:00:00.000Z"},
    "updatedAt": {"S": "2026-01-01T00:00:00.000Z"},
}
# What a new guitar is written with: the guitar, its owner's existence, the tally of its brand.
TRANSACTION: list[dict[str, Any]] = [
    {
        "Put": {
            "TableName": GUITARS_TABLE,
            "Item": ITEM,
            "ConditionExpression": "attribute_not_exists(guitarId)",
        }
    },
    {
        "ConditionCheck": {
            "TableName": USERS_TABLE,
            "Key": {"userId": {"S": USER_ID}},
            "ConditionExpression": "attribute_exists(userId)",
        }
    },
    {
        "Update": {
            "TableName": GUITARS_TABLE,
            "Key": {"userId": {"S": USER_ID}, "guitarId": {"S": "tally#Fender"}},
            "UpdateExpression": "ADD guitars :change",
            "ExpressionAttributeValues": {":change": {"N": "1"}},
        }
    },
]


def sent() -> bytes:
    """The body of POST /guitars."""
    return json.dumps(BODY).encode()
