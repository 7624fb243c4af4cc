"""How DynamoDB words what it refuses.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
"""

from typing import Any

from emulation.cloud.errors import AwsError

NAMESPACE = "com.amazonaws.dynamodb.v20120810#"


class DynamoDBError(AwsError):
    """A refusal; `fields` are answered beside the message."""

    def __init__(self, code: str, message: str, **fields: Any) -> None:
        super().__init__(code, message)
        self.fields = fields


class ValidationError(DynamoDBError):
    """The request does not fit the table, the index or the item."""

    def __init__(self, message: str) -> None:
        super().__init__("com.amazon.coral.validate#ValidationException", message)


class RequestError(ValidationError):
    """The request is wrong in itself, whatever the table holds."""


class EmptyKeyError(ValidationError):
    """A key attribute with an empty value. It refuses a whole transaction, where other faults of a key cancel one."""


class SerializationError(DynamoDBError):
    """A JSON value is of a type that cannot be read as what the request needs there."""

    def __init__(self, message: str) -> None:
        super().__init__("com.amazon.coral.service#SerializationException", message)


class ConditionFailedError(DynamoDBError):
    """A condition was not met; `item` is the item as it is, when the request asked for it."""

    def __init__(self, item: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"{NAMESPACE}ConditionalCheckFailedException",
            "The conditional request failed",
            **({} if item is None else {"Item": item}),
        )
        self.item = item


class TransactionCanceledError(DynamoDBError):
    """A transaction changed nothing; one reason for each of its actions, `{"Code": "None"}` for one without fault."""

    def __init__(self, reasons: list[dict[str, Any]]) -> None:
        codes = ", ".join(reason["Code"] for reason in reasons)
        message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
        super().__init__(f"{NAMESPACE}TransactionCanceledException", message, CancellationReasons=reasons)


def resource_not_found(message: str = "Requested resource not found") -> DynamoDBError:
    """A table, or an index of one, that is not there."""
    return DynamoDBError(f"{NAMESPACE}ResourceNotFoundException", message)
