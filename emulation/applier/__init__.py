"""The template's resources in the local cloud: created, kept up to date and checked."""

from emulation.applier.kind import ApplyError
from emulation.applier.policies import Role, Statement
from emulation.applier.stack import AppliedStack, StreamSubscription, Trigger, apply_stack, verify_stack

__all__ = [
    "AppliedStack",
    "ApplyError",
    "Role",
    "Statement",
    "StreamSubscription",
    "Trigger",
    "apply_stack",
    "verify_stack",
]
