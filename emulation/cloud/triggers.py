"""Calls the functions that a user pool has as triggers, as Cognito does.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

import sys
import traceback
from collections.abc import Iterable
from typing import Any

from emulation.applier import Trigger
from emulation.cloud.errors import AwsError
from emulation.cloud.functions import FunctionRunner
from emulation.runtime.errors import FunctionTimeoutError

LIMIT_SECONDS = 5
ATTEMPTS = 3


async def run_trigger(
    functions: FunctionRunner,
    triggers: Iterable[Trigger],
    user_pool_id: str,
    name: str,
    event: dict[str, Any],
    limit_seconds: float = LIMIT_SECONDS,
) -> dict[str, Any]:
    """The event as the function returns it; the same event when the pool has no such trigger.

    A function that does not answer within 5 s is called up to three times. Raises AwsError worded by Cognito:
    UserLambdaValidationException, UnexpectedLambdaException or InvalidLambdaResponseException.
    """
    trigger = next((one for one in triggers if (one.user_pool_id, one.name) == (user_pool_id, name)), None)
    if trigger is None:
        return event
    for _ in range(ATTEMPTS):
        try:
            result = await functions.invoke(trigger.entry, event, min(trigger.timeout_seconds, limit_seconds))
        except FunctionTimeoutError as timeout:
            if trigger.timeout_seconds < limit_seconds:
                raise AwsError("UserLambdaValidationException", f"{name} failed with error {timeout}.") from timeout
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            raise AwsError("UserLambdaValidationException", f"{name} failed with error {error}.") from error
        else:
            if not isinstance(result, dict):
                raise AwsError("InvalidLambdaResponseException", "Unrecognizable lambda output")
            return result
    raise AwsError(
        "UnexpectedLambdaException",
        f"{name} invocation failed due to error Socket timeout while invoking Lambda function.",
    )
