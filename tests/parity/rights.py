"""Least privilege, held both ways: nothing is called that a role does not allow, and nothing is allowed for nothing.

Each function calls with a key of its own, the local cloud enforces the role and writes down who asked for what.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from emulation.applier import Role, Statement
from emulation.cloud.identity import Call
from emulation.cloud.identity.policy import Decision, Policy

# What a role allows though no test here calls it, by function and action, each with the reason.
ONLY_ON_AWS: Mapping[tuple[str, str], str] = {
    ("AuthorizerFunction", "cognito-idp:GetUser"): (
        "GetUser is not signed, so no role is asked, here as on AWS; the specification gives the authorizer this right"
    ),
}
# What is asked of a role and refused, as it should be, with the reason.
REFUSED_ON_PURPOSE: Mapping[tuple[str, str], str] = dict.fromkeys(
    (("GuitarsFunction", "s3:ListBucket"), ("ImagesFunction", "s3:ListBucket")),
    "S3 asks for it by itself when a key is missing, to answer 404 or 403; both mean that nothing was uploaded",
)


@dataclass(frozen=True)
class Rights:
    """The roles of a run, and what was asked of them."""

    roles: tuple[Role, ...]
    calls: tuple[Call, ...]


def path_of(record: Path) -> Path:
    """Where the rights of a recorded run are kept."""
    return record.with_suffix(".rights.json")


async def write_rights(session: aiohttp.ClientSession, aws_url: str, record: Path) -> None:
    """Keep what the local cloud has written down, beside the record of the answers."""
    found = {}
    for name in ("roles", "calls"):
        async with session.get(f"{aws_url}/_cloud/{name}") as answer:
            answer.raise_for_status()
            found[name] = await answer.json()
    path_of(record).write_text(json.dumps(found))


def read_rights(record: Path) -> Rights:
    """What `write_rights` has kept."""
    found = json.loads(path_of(record).read_text())
    roles = (
        Role(role["function"], role["entry"], role["arn"], tuple(_read_statement(one) for one in role["statements"]))
        for role in found["roles"]
    )
    return Rights(tuple(roles), tuple(Call(**call) for call in found["calls"]))


def _read_statement(statement: Mapping[str, list[str] | str]) -> Statement:
    return Statement(str(statement["effect"]), tuple(statement["actions"]), tuple(statement["resources"]))


def find_wrongs(rights: Rights, only_on_aws: Mapping[tuple[str, str], str] = ONLY_ON_AWS) -> list[str]:
    """A sentence for each right that is missing and for each that nothing uses; none when the roles are exact."""
    return [*_missing(rights), *_unused(rights, only_on_aws)]


def _missing(rights: Rights) -> Iterator[str]:
    policies = {role.function: Policy(role.statements) for role in rights.roles}
    for caller, action, resource, allowed in sorted(set(rights.calls)):
        if caller not in policies or (caller, action) in REFUSED_ON_PURPOSE:
            continue
        if not allowed or policies[caller].decide(action, resource) is not Decision.ALLOW:
            yield f"{caller} calls {action} on {resource}, which its role does not allow."


def _unused(rights: Rights, only_on_aws: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for role in rights.roles:
        calls = {(call.action, call.resource) for call in rights.calls if call.caller == role.function}
        for action, resource in _allowed(role.statements):
            single = Policy([Statement("Allow", (action,), (resource,))])
            is_used = any(single.decide(*call) is Decision.ALLOW for call in calls)
            is_excused = (role.function, action) in only_on_aws
            if is_used and is_excused:
                yield f"{role.function} calls {action} after all: it need not be excused."
            if not is_used and not is_excused:
                yield f"{role.function} may call {action} on {resource}, and never does."


def _allowed(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if statement.effect == "Allow":
            yield from ((action, resource) for action in statement.actions for resource in statement.resources)
