"""The local stack: deploy/template.yaml applied to the local AWS itself."""

import asyncio
import sys
import time
import traceback
from collections.abc import Mapping

from emulation.applier import AppliedStack, ApplyError, apply_stack, verify_stack
from emulation.local_template import read_local_template
from emulation.settings import REGION, LocalSettings
from emulation.template import TemplateError

# A check describes every resource; nobody needs it more often.
CHECK_VALID_SECONDS = 1.0


class Stack:
    """The stack's resources; `failure` says why there are none, `applied` what they are called."""

    def __init__(self, settings: LocalSettings, endpoint_url: str) -> None:
        self._settings = settings
        self._endpoint_url = endpoint_url
        self._checked_at = 0.0
        self.applied: AppliedStack | None = None
        self.failure = ""

    async def apply(self) -> bool:
        """Create what is missing and check what is there; whether that succeeded."""
        self.applied = None
        self.failure = ""
        try:
            self.applied = await asyncio.to_thread(self._apply)
        except (ApplyError, TemplateError) as error:
            self.failure = str(error)
            sys.stderr.write(f"The local stack cannot be created: {error}\n")
        except Exception as error:
            self.failure = str(error) or type(error).__name__
            traceback.print_exc(file=sys.stderr)
        return self.applied is not None

    def _apply(self) -> AppliedStack:
        return apply_stack(read_local_template(self._settings), self._endpoint_url)

    async def check(self) -> str:
        """Why the stack is not usable; empty when every resource is there."""
        applied = self.applied
        if applied is None or time.monotonic() - self._checked_at < CHECK_VALID_SECONDS:
            return self.failure
        try:
            await asyncio.to_thread(verify_stack, applied, self._endpoint_url)
        except Exception as error:
            found = str(error) or type(error).__name__
        else:
            found = ""
        # What was made anew meanwhile is another stack.
        if self.applied is applied:
            self.failure, self._checked_at = found, time.monotonic()
        return self.failure

    @property
    def environment(self) -> Mapping[str, str]:
        """What the server has to know about the resources; empty before they are there."""
        return {} if self.applied is None else {"AWS_REGION": REGION, **self.applied.environment}
