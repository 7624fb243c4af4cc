"""Who deploys."""

from typing import Any

from boto3 import Session
from botocore.exceptions import BotoCoreError, ClientError

from deploy.commands.errors import CommandError

HOW = "sign in with `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def open_session(region: str) -> Session:
    """A session in a region; raises CommandError when the machine has no credentials."""
    try:
        session = Session(region_name=region)
        if session.get_credentials() is None:
            raise CommandError(f"There are no AWS credentials: {HOW}.")
    except BotoCoreError as error:
        raise CommandError(f"The AWS credentials cannot be used ({error}): {HOW}.") from error
    return session


def check_credentials(sts: Any) -> str:
    """The id of the account that the credentials are of; raises CommandError when AWS does not accept them."""
    try:
        return str(sts.get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise CommandError(f"AWS does not accept the credentials ({error}): {HOW}.") from error
