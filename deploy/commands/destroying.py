"""`just destroy ENV`: the stack and all its data are gone. Never prod."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from deploy.commands.environments import PROTECTED, Environment
from deploy.commands.errors import CommandError
from deploy.commands.stack import find_outputs

# Deleting a distribution takes the longest.
_WAIT = {"Delay": 15, "MaxAttempts": 160}
_PER_CALL = 1000


def refuse_protected(environment: Environment) -> None:
    """Raises CommandError for prod."""
    if environment.name == PROTECTED:
        raise CommandError(f"{PROTECTED} is never destroyed by a command; docs/deploy.md says how it is done by hand.")


def destroy(
    environment: Environment,
    cloudformation: Any,
    s3: Any,
    say: Callable[[str], None],
    wait: dict[str, int] | None = None,
) -> None:
    """Empty the stack's buckets and delete it; raises CommandError when it is not there, or does not go."""
    refuse_protected(environment)
    if not find_outputs(cloudformation, environment):
        raise CommandError(f"There is no stack {environment.stack_name} in {environment.region}.")
    for bucket in _list_buckets(cloudformation, environment.stack_name):
        say(f"emptied {bucket}: {_empty(s3, bucket)} objects and versions")
    cloudformation.delete_stack(StackName=environment.stack_name)
    try:
        waiter = cloudformation.get_waiter("stack_delete_complete")
        waiter.wait(StackName=environment.stack_name, WaiterConfig=wait or _WAIT)
    except WaiterError as error:
        raise CommandError(f"{environment.stack_name} is not deleted: {error}") from error
    say(f"deleted {environment.stack_name}")


def _list_buckets(cloudformation: Any, stack_name: str) -> Iterator[str]:
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack_name):
        for one in page["StackResourceSummaries"]:
            if one["ResourceType"] == "AWS::S3::Bucket" and one["ResourceStatus"] != "DELETE_COMPLETE":
                yield one["PhysicalResourceId"]


def _empty(s3: Any, bucket: str) -> int:
    """Delete every version of every object; CloudFormation deletes empty buckets only. How many there were."""
    count = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(
            Bucket=bucket, PaginationConfig={"PageSize": _PER_CALL}
        ):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if found:
                objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
                answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
                for refused in answer.get("Errors", []):
                    raise CommandError(f"{refused['Key']} in {bucket} cannot be deleted: {refused['Message']}")
                count += len(found)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise CommandError(f"{bucket} cannot be emptied: {error}") from error
    return count
