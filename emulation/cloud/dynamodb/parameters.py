"""How DynamoDB and its streams refuse a request by its parameters alone."""

from typing import Any

from emulation.cloud.dynamodb.refusals import SerializationError, ValidationError
from emulation.cloud.parameters import WrongTypeError, find_faults, word_faults


def check_parameters(action: str, request: Any, service: str = "dynamodb") -> None:
    """Raises SerializationError for a parameter of another type, ValidationError for one that breaks a constraint."""
    try:
        faults = find_faults(service, action, request)
    except WrongTypeError as error:
        raise SerializationError(str(error)) from None
    if faults:
        raise ValidationError(word_faults(faults))
