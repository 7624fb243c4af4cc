"""The policy of a form: what has to be true of its fields and of the file.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from emulation.cloud.s3.errors import S3Error, access_denied

# What a form carries besides what its policy is about.
UNCONDITIONED = frozenset({"policy", "x-amz-signature", "file"})
IGNORED_PREFIX = "x-ignore-"
EXPIRATION_FORMS = ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class PostPolicy:
    """`conditions` are triples of operator, field (or smallest size) and value (or largest size)."""

    expires_at: datetime
    conditions: tuple[tuple[str, Any, Any], ...]

    def check_fields(self, values: Mapping[str, str]) -> None:
        """Raise AccessDenied at the first condition that does not hold, or for a field that no condition names."""
        named = set()
        for operator, field, value in self.conditions:
            if operator == "content-length-range":
                continue
            name = field.removeprefix("$").lower()
            named.add(name)
            if not _holds(operator, name, value, values.get(name)):
                text = json.dumps([operator, field, value], ensure_ascii=False)
                raise access_denied(f"Invalid according to Policy: Policy Condition failed: {text}")
        extra = sorted(
            name
            for name in values
            if name not in named and name not in UNCONDITIONED and not name.startswith(IGNORED_PREFIX)
        )
        if extra:
            raise access_denied(f"Invalid according to Policy: Extra input fields: {extra[0]}")

    def check_size(self, size: int) -> None:
        """Raise EntityTooSmall or EntityTooLarge when the file's size in bytes is outside of a range."""
        for operator, smallest, largest in self.conditions:
            if operator != "content-length-range":
                continue
            if size < smallest:
                raise S3Error(
                    400,
                    "EntityTooSmall",
                    "Your proposed upload is smaller than the minimum allowed size",
                    {"ProposedSize": size, "MinSizeAllowed": smallest},
                )
            if size > largest:
                raise S3Error(
                    400,
                    "EntityTooLarge",
                    "Your proposed upload exceeds the maximum allowed size",
                    {"ProposedSize": size, "MaxSizeAllowed": largest},
                )


def _holds(operator: str, name: str, value: str, given: str | None) -> bool:
    if operator == "eq":
        return given == value
    if name == "content-type":
        # A list of types is one of which each begins so.
        return all(one.strip().startswith(value) for one in (given or "").split(","))
    return (given or "").startswith(value)


def read_policy(encoded: str) -> PostPolicy:
    """A policy from its Base64 text; raises InvalidPolicyDocument."""
    try:
        document = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raise _invalid("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise _invalid("Invalid JSON.")
    for name in ("expiration", "conditions"):
        if name not in document:
            raise _invalid(f"Policy missing {name}.")
    conditions = document["conditions"]
    if not isinstance(conditions, list):
        raise _invalid("Expecting a list of conditions.")
    return PostPolicy(_read_expiration(document["expiration"]), tuple(map(_read_condition, conditions)))


def _read_expiration(text: Any) -> datetime:
    for form in EXPIRATION_FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except (TypeError, ValueError):
            continue
    raise _invalid(f"Invalid 'expiration' value: '{text}'")


def _read_condition(condition: Any) -> tuple[str, Any, Any]:
    match condition:
        case dict():
            if len(condition) != 1:
                raise _invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
            [(name, value)] = condition.items()
            if isinstance(value, str):
                return "eq", f"${name}", value
        case [str(operator), str(name), str(value)] if operator.lower() in ("eq", "starts-with"):
            if name.startswith("$"):
                return operator.lower(), name, value
        case [str(operator), smallest, largest] if operator.lower() == "content-length-range":
            try:
                return "content-length-range", int(smallest), int(largest)
            except (TypeError, ValueError):
                pass
    raise _invalid(f"Invalid Condition: {json.dumps(condition)}")


def _invalid(reason: str) -> S3Error:
    return S3Error(400, "InvalidPolicyDocument", f"Invalid Policy: {reason}")
