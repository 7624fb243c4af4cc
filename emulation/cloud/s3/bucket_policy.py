"""Bucket policies: what S3 refuses to store.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
"""

import json
from typing import Any

from emulation.cloud.s3.errors import S3Error
from emulation.cloud.s3.target import bucket_arn


def check_bucket_policy(bucket: str, body: bytes) -> None:
    """Raise MalformedPolicy for what is no policy of this bucket."""
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    statements = document.get("Statement")
    if not statements:
        raise _malformed("Missing required field Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        _check_statement(bucket, statement)


def _check_statement(bucket: str, statement: Any) -> None:
    if not isinstance(statement, dict):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed(f"Invalid effect: {statement.get('Effect', '')}")
    for name in ("Principal", "Action", "Resource"):
        if not statement.get(name) and not statement.get(f"Not{name}"):
            raise _malformed(f"Missing required field {name}")
    if not all(_is_s3_action(one) for one in _listed(statement, "Action")):
        raise _malformed("Policy has invalid action")
    if not all(_is_of_bucket(one, bucket) for one in _listed(statement, "Resource")):
        raise _malformed("Policy has invalid resource")


def _listed(statement: dict[str, Any], name: str) -> list[Any]:
    value = statement.get(name) or statement.get(f"Not{name}")
    return value if isinstance(value, list) else [value]


def _is_s3_action(action: Any) -> bool:
    return isinstance(action, str) and (action == "*" or action.lower().startswith("s3:"))


def _is_of_bucket(resource: Any, bucket: str) -> bool:
    arn = bucket_arn(bucket)
    return isinstance(resource, str) and (resource == arn or resource.startswith((f"{arn}/", f"{arn}*")))


def _malformed(message: str) -> S3Error:
    return S3Error(400, "MalformedPolicy", message)
