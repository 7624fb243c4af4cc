"""AWS::S3::BucketPolicy: what the distribution may read. Nobody else who could call here is let in by one.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from emulation.applier.kind import ApplyError
from emulation.applier.policies import Statement, read_statements
from emulation.intrinsics import Reference, find_references
from emulation.template import Resource

BUCKET_POLICY = "AWS::S3::BucketPolicy"
DISTRIBUTION = "AWS::CloudFront::Distribution"
PRINCIPAL = {"Service": "cloudfront.amazonaws.com"}
# Services that are let in on AWS and are not there locally: nobody calls in their name.
ABSENT = ({"Service": "cloudtrail.amazonaws.com"},)
# Condition keys are compared whatever their case.
SOURCE_ARN = "aws:sourcearn"


def read_bucket_policies(resources: Mapping[str, Resource]) -> tuple[Statement, ...]:
    """What the template's bucket policies let the distribution do; raises ApplyError for anything else in one."""
    policies = (resource for resource in resources.values() if resource.type == BUCKET_POLICY)
    return tuple(statement for policy in policies for statement in _read_policy(policy, resources))


def _read_policy(policy: Resource, resources: Mapping[str, Resource]) -> Iterator[Statement]:
    document = policy.properties["PolicyDocument"]
    said = document["Statement"]
    statements = [one for one in (said if isinstance(said, list) else [said]) if not _is_for_absent(one)]
    for statement in statements:
        if statement.get("Principal") != PRINCIPAL or not _is_of_distribution(statement.get("Condition"), resources):
            raise ApplyError(
                f"{policy.logical_id} ({BUCKET_POLICY}): the local cloud enforces only statements whose Principal is "
                f"cloudfront.amazonaws.com, on the condition that AWS:SourceArn is the distribution."
            )
    if not statements:
        return
    plain = [_without(statement, "Principal", "Condition") for statement in statements]
    yield from read_statements(policy.logical_id, {**document, "Statement": plain})


def _is_for_absent(statement: Mapping[str, Any]) -> bool:
    return statement.get("Effect") == "Allow" and statement.get("Principal") in ABSENT


def _is_of_distribution(condition: Any, resources: Mapping[str, Resource]) -> bool:
    """Whether a statement holds for requests of the template's distribution alone."""
    if not isinstance(condition, Mapping) or list(condition) != ["StringEquals"]:
        return False
    keys = {name.lower(): value for name, value in condition["StringEquals"].items()}
    references: list[Reference] = list(find_references(keys.get(SOURCE_ARN)))
    return list(keys) == [SOURCE_ARN] and [resources[one.logical_id].type for one in references] == [DISTRIBUTION]


def _without(statement: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in names}
