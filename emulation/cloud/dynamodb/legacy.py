"""The parameters that expressions have replaced."""

from collections.abc import Mapping
from typing import Any

from emulation.cloud.dynamodb.refusals import DynamoDBError

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
PARAMETERS = ("AttributeUpdates", "ConditionalOperator", "Expected", "KeyConditions", "QueryFilter", "ScanFilter")


class NotEmulatedError(DynamoDBError):
    """Something that DynamoDB does and the local cloud does not; not to be tried again."""

    def __init__(self, message: str) -> None:
        super().__init__("NotImplemented", message)
        self.status = 501


def refuse_legacy(request: Mapping[str, Any]) -> None:
    """Raises NotEmulatedError for a legacy parameter, naming it."""
    for name in PARAMETERS:
        if request.get(name) is not None:
            raise NotEmulatedError(
                f"The local cloud does not emulate DynamoDB's legacy parameter {name}; use an expression."
            )
