"""How each service words that it is in trouble, and DynamoDB that a transaction is in the way.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
"""

import json
from typing import Any, NamedTuple

from emulation.cloud.dynamodb.refusals import NAMESPACE
from emulation.cloud.exchange import Answer, json_answer, json_error, xml_error
from emulation.cloud.faults.fault import Kind


class Trouble(NamedTuple):
    """Status, code and message of an error."""

    status: int
    code: str
    message: str


TROUBLES = {
    # What a table with on-demand capacity answers while it grows.
    ("dynamodb", Kind.THROTTLE): Trouble(
        400,
        "com.amazon.coral.availability#ThrottlingException",
        "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table "
        "or index so please try again shortly. If exceptions persist, check if you have a hot key: "
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.",
    ),
    ("dynamodb", Kind.ERROR): Trouble(
        500, f"{NAMESPACE}InternalServerError", "The request processing has failed because of an unknown error."
    ),
    ("dynamodb", Kind.CONFLICT): Trouble(
        400, f"{NAMESPACE}TransactionConflictException", "Transaction is ongoing for the item"
    ),
    ("dynamodb", Kind.IN_PROGRESS): Trouble(
        400,
        f"{NAMESPACE}TransactionInProgressException",
        "The transaction with the given request token is already in progress.",
    ),
    ("s3", Kind.THROTTLE): Trouble(503, "SlowDown", "Please reduce your request rate."),
    ("s3", Kind.ERROR): Trouble(500, "InternalError", "We encountered an internal error. Please try again."),
    ("cognito-idp", Kind.THROTTLE): Trouble(400, "TooManyRequestsException", "Rate exceeded"),
    ("cognito-idp", Kind.ERROR): Trouble(500, "InternalErrorException", "Something went wrong"),
}
OTHERS = {
    Kind.THROTTLE: Trouble(400, "ThrottlingException", "Rate exceeded"),
    Kind.ERROR: Trouble(500, "InternalFailure", "The request processing has failed because of an unknown error."),
}
# A transaction is cancelled, and says for each of its parts why. Here it is always the last part.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
TRANSACTIONS = frozenset({"TransactGetItems", "TransactWriteItems"})
CANCELLING = {
    Kind.CONFLICT: {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
    Kind.THROTTLE: {
        "Code": "ThrottlingError",
        "Message": "Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is "
        "automatically scaling your index so please try again shortly.",
    },
}


def word_trouble(kind: Kind, service: str, action: str, body: bytes, request_id: str) -> Answer:
    """The answer of a service that throttles, has failed, or is busy with another transaction."""
    if service == "dynamodb" and action in TRANSACTIONS and kind in CANCELLING:
        answer = _cancel(CANCELLING[kind], body)
    else:
        trouble = TROUBLES.get((service, kind)) or OTHERS[kind]
        answer = (xml_error if service == "s3" else json_error)(*trouble)
    answer.headers.append(("x-amz-request-id" if service == "s3" else "x-amzn-RequestId", request_id))
    return answer


def _cancel(reason: dict[str, str], body: bytes) -> Answer:
    reasons = [*({"Code": "None"} for _ in _parts(body)[1:]), reason]
    codes = ", ".join(one["Code"] for one in reasons)
    told = {
        "__type": f"{NAMESPACE}TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        "CancellationReasons": reasons,
    }
    return json_answer(400, told, "application/x-amz-json-1.0")


def _parts(body: bytes) -> list[Any]:
    """The parts of a transaction; none for a body that is no transaction, which meets the fault all the same."""
    try:
        parts = json.loads(body)["TransactItems"]
    except (ValueError, TypeError, KeyError):
        return []
    return parts if isinstance(parts, list) else []
