"""How each service words that it is in trouble.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
"""

from typing import NamedTuple

from emulation.cloud.exchange import Answer, json_error, xml_error
from emulation.cloud.faults.fault import Kind


class Trouble(NamedTuple):
    """Status, code and message of an error."""

    status: int
    code: str
    message: str


DYNAMODB = "com.amazonaws.dynamodb.v20120810#"
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
        500, f"{DYNAMODB}InternalServerError", "The request processing has failed because of an unknown error."
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
# A transaction that is throttled is cancelled, and says for each of its parts why.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
CANCELLED = (
    f'{{"__type":"{DYNAMODB}TransactionCanceledException",'
    '"Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [ThrottlingError]",'
    '"CancellationReasons":[{"Code":"ThrottlingError","Message":"Throughput exceeds the current capacity for one or '
    'more global secondary indexes. DynamoDB is automatically scaling your index so please try again shortly."}]}'
)


def word_trouble(kind: Kind, service: str, action: str, request_id: str) -> Answer:
    """The answer of a service that throttles, or has failed."""
    if (service, action, kind) == ("dynamodb", "TransactWriteItems", Kind.THROTTLE):
        return Answer(400, CANCELLED.encode(), [("Content-Type", "application/x-amz-json-1.0")])
    trouble = TROUBLES.get((service, kind)) or OTHERS[kind]
    answer = (xml_error if service == "s3" else json_error)(*trouble)
    answer.headers.append(("x-amz-request-id" if service == "s3" else "x-amzn-RequestId", request_id))
    return answer
