"""A stack that is deployed: what its outputs say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.commands.environments import Environment
from deploy.commands.errors import CommandError
from server.settings import with_scheme

# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
_NO_STACK = "ValidationError"


@dataclass(frozen=True)
class Deployment:
    """Where an environment answers, and what its resources are called. URLs have no slash at the end."""

    cdn_url: str
    api_url: str
    user_pool_id: str
    users_table: str
    guitars_table: str
    images_bucket: str
    frontend_bucket: str
    s3_public_endpoint: str


def find_outputs(cloudformation: Any, environment: Environment) -> dict[str, str]:
    """The outputs of the environment's stack by name; empty when there is no such stack."""
    try:
        described = cloudformation.describe_stacks(StackName=environment.stack_name)
    except ClientError as error:
        if error.response["Error"]["Code"] == _NO_STACK:
            return {}
        raise CommandError(f"CloudFormation does not show {environment.stack_name}: {error}") from error
    except BotoCoreError as error:
        raise CommandError(f"CloudFormation does not answer: {error}") from error
    return {one["OutputKey"]: one["OutputValue"] for one in described["Stacks"][0].get("Outputs", [])}


def find_deployment(cloudformation: Any, environment: Environment) -> Deployment:
    """What is deployed; raises CommandError when nothing is."""
    outputs = find_outputs(cloudformation, environment)
    if not outputs:
        raise CommandError(
            f"{environment.name} is not deployed: there is no stack {environment.stack_name} in {environment.region}."
        )
    return read_deployment(outputs)


def read_deployment(outputs: Mapping[str, str]) -> Deployment:
    """A deployment from its outputs; raises CommandError when one is missing."""
    try:
        return Deployment(
            cdn_url=with_scheme(outputs["CloudfrontDomain"]),
            api_url=outputs["ApiUrl"].rstrip("/"),
            user_pool_id=outputs["CognitoUserPoolId"],
            users_table=outputs["DynamodbTableUsers"],
            guitars_table=outputs["DynamodbTableGuitars"],
            images_bucket=outputs["S3BucketImages"],
            frontend_bucket=outputs["S3BucketFrontend"],
            s3_public_endpoint=outputs["S3PublicEndpoint"],
        )
    except KeyError as missing:
        raise CommandError(f"The stack has no output {missing}: it was deployed from an older template.") from missing
