"""The PostConfirmation trigger.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
"""

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from emulation.cloud.cognito.context import Context
from emulation.cloud.cognito.pools import Pool, status_of

SIGN_UP_SOURCE = "PostConfirmation_ConfirmSignUp"
RESET_SOURCE = "PostConfirmation_ConfirmForgotPassword"
# What Cognito names as the client when an administrator confirms.
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


async def run_post_confirmation(
    context: Context,
    pool: Pool,
    user: CognitoIdpUser,
    source: str,
    client_id: str = NO_CLIENT,
    metadata: dict[str, str] | None = None,
) -> None:
    """Run the trigger for a user whose confirmation is done already; its failure is raised as AwsError."""
    request: dict[str, Any] = {
        "userAttributes": {**user.attribute_lookup, "cognito:user_status": status_of(user).value},
    }
    if metadata:
        request["clientMetadata"] = metadata
    event = {
        "version": "1",
        "region": context.region,
        "userPoolId": pool.id,
        "userName": user.username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id},
        "triggerSource": source,
        "request": request,
        "response": {},
    }
    await context.run_trigger(pool.id, "PostConfirmation", event)
