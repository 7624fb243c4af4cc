"""The SDK's descriptions of the services, which it reads before it opens a client: of each, what a function calls.

Whole ones are a sixth of a cold start: 1.2 MB of where 311 services are, and 284 operations of ours.
"""

import gzip
import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

# By service, what server/aws/ calls.
OPERATIONS: Mapping[str, frozenset[str]] = {
    "cognito-idp": frozenset(
        {
            "AssociateSoftwareToken",
            "ConfirmForgotPassword",
            "DeleteUser",
            "ForgotPassword",
            "GetTokensFromRefreshToken",
            "GetUser",
            "InitiateAuth",
            "ResendConfirmationCode",
            "RespondToAuthChallenge",
            "RevokeToken",
            "SetUserMFAPreference",
            "SignUp",
            "UpdateUserAttributes",
            "VerifySoftwareToken",
        }
    ),
    "dynamodb": frozenset({"DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"}),
    "s3": frozenset(
        {
            "DeleteObject",
            "DeleteObjects",
            "GetObject",
            "HeadObject",
            "ListObjectVersions",
            "PutObject",
            "PutObjectTagging",
        }
    ),
}
# What the SDK needs by itself: it takes a form's address from CreateBucket, and asks HeadBucket where a bucket is for
# which S3 names another region.
NEEDED_BY_THE_SDK: Mapping[str, frozenset[str]] = {"s3": frozenset({"CreateBucket", "HeadBucket"})}
_DOCUMENTATION = "documentation"


def shorten_descriptions(data: Path) -> None:
    """Shorten what `botocore/data/` holds, and write it without white space."""
    for folder in data.glob("*/"):
        if folder.name not in OPERATIONS:
            shutil.rmtree(folder)
    for path in [*data.rglob("*.json"), *data.rglob("*.json.gz")]:
        description = _read(path)
        if path.name == "endpoints.json":
            description = shorten_endpoints(description)
        elif path.name.startswith("service-2.json"):
            service = path.parents[1].name
            description = shorten_service(description, OPERATIONS[service] | NEEDED_BY_THE_SDK.get(service, set()))
        path.unlink()
        written = json.dumps(description, ensure_ascii=False, separators=(",", ":"))
        path.with_name(path.name.removesuffix(".gz")).write_text(written, "utf-8")


def _read(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    described: dict[str, Any] = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    return described


def shorten_endpoints(endpoints: dict[str, Any]) -> dict[str, Any]:
    """The regions of each partition, and the endpoints of our services in them."""
    partitions = [
        {**partition, "services": {name: one for name, one in partition["services"].items() if name in OPERATIONS}}
        for partition in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def shorten_service(service: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A service's model with these operations and the shapes that they have, both without their documentation."""
    operations = {name: one for name, one in service["operations"].items() if name in names}
    needed: set[str] = set()
    waiting = set(_shapes_in(operations))
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting |= set(_shapes_in(service["shapes"][name])) - needed
    shapes = {name: one for name, one in service["shapes"].items() if name in needed}
    return {**service, "operations": _undocumented(operations), "shapes": _undocumented(shapes)}


def _shapes_in(described: Any) -> Iterator[str]:
    """The names of the shapes that a part of a model refers to, as `{"shape": name}`."""
    if isinstance(described, dict):
        if isinstance(described.get("shape"), str):
            yield described["shape"]
        described = list(described.values())
    if isinstance(described, list):
        for one in described:
            yield from _shapes_in(one)


def _undocumented(described: Any) -> Any:
    if isinstance(described, list):
        return [_undocumented(one) for one in described]
    if not isinstance(described, dict):
        return described
    return {
        name: _undocumented(one)
        for name, one in described.items()
        # A member may have that name too, and is a description.
        if name != _DOCUMENTATION or isinstance(one, dict)
    }
