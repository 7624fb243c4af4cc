"""Whether statements let an action happen on a resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re
from collections.abc import Iterable
from enum import Enum

from emulation.applier import Statement

EVERYTHING = Statement("Allow", ("*",), ("*",))


class Decision(Enum):
    """The outcome of an evaluation: a matching Deny wins over every Allow, and without an Allow all is denied."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


class Policy:
    """Statements, ready to be asked on every request."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = tuple(statements)
        self._allows = [_matcher(one) for one in self.statements if one.effect == "Allow"]
        self._denies = [_matcher(one) for one in self.statements if one.effect == "Deny"]

    def decide(self, action: str, resource: str) -> Decision:
        """The decision on an action such as `s3:GetObject` on an ARN."""
        if _matches(self._denies, action, resource):
            return Decision.EXPLICIT_DENY
        return Decision.ALLOW if _matches(self._allows, action, resource) else Decision.IMPLICIT_DENY


def _matches(matchers: list[tuple[re.Pattern[str], re.Pattern[str]]], action: str, resource: str) -> bool:
    return any(actions.fullmatch(action) and resources.fullmatch(resource) for actions, resources in matchers)


def _matcher(statement: Statement) -> tuple[re.Pattern[str], re.Pattern[str]]:
    # Actions are compared whatever their case, resources are not.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    return _pattern(statement.actions, re.IGNORECASE), _pattern(statement.resources)


def _pattern(patterns: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    parts = (re.escape(one).replace(r"\*", ".*").replace(r"\?", ".") for one in patterns)
    return re.compile("|".join(f"(?:{part})" for part in parts), flags | re.DOTALL)
