"""Reads the parameters of a request."""

from typing import Any

from emulation.cloud.cognito.refusals import invalid_parameter
from emulation.cloud.errors import AwsError

Body = dict[str, Any]


def text(body: Body, name: str) -> str:
    """A required text; raises InvalidParameterException when it is missing."""
    value = body.get(name)
    if value is None:
        place = name[:1].lower() + name[1:]
        raise invalid_parameter(
            f"1 validation error detected: Value at '{place}' failed to satisfy constraint: Member must not be null"
        )
    if not isinstance(value, str):
        raise AwsError("SerializationException", f"{name} must be a string")
    return value


def entry(parameters: Any, name: str) -> str:
    """An entry of AuthParameters or ChallengeResponses; raises InvalidParameterException when it is missing."""
    value = (parameters or {}).get(name)
    if not value:
        raise invalid_parameter(f"Missing required parameter {name}")
    return str(value)


def attributes(body: Body, name: str = "UserAttributes") -> dict[str, str]:
    """A list of attributes, by their names; one without a value is empty."""
    return {text(one, "Name"): str(one.get("Value") or "") for one in body.get(name) or []}
