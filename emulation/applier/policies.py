"""The `Policies` of a function, as the statements of the role that SAM makes of them.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulation.applier.kind import ApplyError
from emulation.intrinsics import fill

VERSION = "2012-10-17"
DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})
STATEMENT_KEYS = frozenset({"Sid", "Effect", "Action", "Resource"})
EFFECTS = ("Allow", "Deny")


@dataclass(frozen=True)
class Statement:
    """What a statement allows or denies. `actions` and `resources` are patterns with `*` and `?`."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]

    def filled(self, attributes: Mapping[str, Mapping[str, Any]]) -> "Statement":
        """The statement with its references replaced; raises TemplateError."""
        resources = tuple(str(fill(resource, attributes)) for resource in self.resources)
        return Statement(self.effect, self.actions, resources)


@dataclass(frozen=True)
class Role:
    """What a function may do. `function` is its logical id, `arn` names its calls, `entry` is its module."""

    function: str
    entry: str
    arn: str
    statements: tuple[Statement, ...]


def read_statements(place: str, policies: Any) -> Iterator[Statement]:
    """The statements of policy documents; raises ApplyError for what the local cloud could not enforce."""
    for policy in _as_list(policies):
        if not isinstance(policy, Mapping) or not policy.keys() <= DOCUMENT_KEYS or "Statement" not in policy:
            raise ApplyError(f"{place}: the local cloud enforces policy documents only, not {policy!r}.")
        if policy.get("Version") != VERSION:
            raise ApplyError(f'{place}: a policy document needs the Version "{VERSION}".')
        for statement in _as_list(policy["Statement"]):
            yield _read_statement(place, statement)


def _read_statement(place: str, statement: Mapping[str, Any]) -> Statement:
    unknown = sorted(statement.keys() - STATEMENT_KEYS)
    if unknown:
        raise ApplyError(f"{place}: the local cloud cannot enforce {unknown[0]} of a policy statement.")
    if statement.get("Effect") not in EFFECTS:
        raise ApplyError(f"{place}: the Effect of a policy statement must be Allow or Deny.")
    actions, resources = (tuple(_as_list(statement.get(name, []))) for name in ("Action", "Resource"))
    if not actions or not resources:
        raise ApplyError(f"{place}: a policy statement needs an Action and a Resource.")
    if any("${" in pattern for pattern in resources if isinstance(pattern, str)):
        raise ApplyError(f"{place}: the local cloud cannot enforce variables in a policy statement.")
    return Statement(statement["Effect"], actions, resources)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
