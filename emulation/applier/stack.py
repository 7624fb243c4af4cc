"""Applies a template to the local cloud: every resource in the order of the references, then the outputs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from botocore.exceptions import BotoCoreError, ClientError

from emulation.applier.bucket_policies import read_bucket_policies
from emulation.applier.buckets import Buckets
from emulation.applier.clients import Clients, open_clients
from emulation.applier.elsewhere import ELSEWHERE
from emulation.applier.functions import Function, read_functions
from emulation.applier.kind import ApplyError, Kind, apply
from emulation.applier.policies import Role, Statement
from emulation.applier.tables import Tables
from emulation.applier.user_pool_clients import UserPoolClients
from emulation.applier.user_pool_domains import UserPoolDomains
from emulation.applier.user_pools import UserPools
from emulation.intrinsics import REF, Reference, TemplateError, fill, find_references
from emulation.runtime.deployed import DeployedFunction
from emulation.template import Resource, Template, dependencies

KINDS: Mapping[str, Kind] = {
    "AWS::Cognito::UserPool": UserPools(),
    "AWS::Cognito::UserPoolClient": UserPoolClients(),
    "AWS::Cognito::UserPoolDomain": UserPoolDomains(),
    "AWS::DynamoDB::Table": Tables(),
    "AWS::S3::Bucket": Buckets(),
}
# Variables of the server that the local composition sets: they name its own addresses, not the stack's.
LOCAL_VARIABLES = frozenset({"CLOUDFRONT_DOMAIN", "CORS_ORIGINS"})
Attributes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Trigger:
    """A user pool's call of a function; `name` as in LambdaConfig, `entry` the function's module."""

    user_pool_id: str
    name: str
    entry: str
    timeout_seconds: int


@dataclass(frozen=True)
class StreamSubscription:
    """A function that is given a table's changes; -1 attempts retry until the records expire."""

    table_name: str
    entry: str
    batch_size: int
    maximum_retry_attempts: int
    timeout_seconds: int
    bisect_on_error: bool = False


@dataclass(frozen=True)
class AppliedResource:
    """A resource that is there; `key` is what its kind finds it by, `attributes` what the template may refer to."""

    type: str
    key: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class AppliedStack:
    """What there is. `environment` is what the outputs tell the server; `resources` are by logical id;
    `cdn_statements` are what the distribution may."""

    environment: Mapping[str, str]
    outputs: Mapping[str, str]
    resources: Mapping[str, AppliedResource]
    functions: tuple[DeployedFunction, ...]
    roles: tuple[Role, ...]
    cdn_statements: tuple[Statement, ...]
    triggers: tuple[Trigger, ...]
    streams: tuple[StreamSubscription, ...]

    @property
    def physical_ids(self) -> dict[str, str]:
        """By logical id what `Ref` gives: the name of a table or bucket, the id of a pool or client."""
        return {logical_id: resource.attributes[REF] for logical_id, resource in self.resources.items()}


def apply_stack(template: Template, endpoint_url: str) -> AppliedStack:
    """Create what is missing, change what changed, check the result. Raises ApplyError."""
    functions = read_functions(template.resources)
    cdn_statements = read_bucket_policies(template.resources)
    order = list(_in_order(template))
    aws = open_clients(endpoint_url)
    applied: dict[str, AppliedResource] = {}
    attributes: dict[str, Mapping[str, str]] = {}
    for logical_id in order:
        resource = _with_triggers(template.resources[logical_id], functions)
        applied[logical_id] = _apply_resource(resource, attributes, aws)
        attributes[logical_id] = applied[logical_id].attributes
    outputs = dict(_read_outputs(template, attributes))
    environment = {to_variable(name): value for name, value in outputs.items()}
    for function in functions:
        _check_environment(function, environment, attributes)
    return AppliedStack(
        environment=environment,
        outputs=outputs,
        resources=applied,
        functions=tuple(_deployed(functions, attributes)),
        roles=tuple(_roles(functions, attributes)),
        cdn_statements=tuple(one.filled(attributes) for one in cdn_statements),
        triggers=tuple(_triggers(functions, attributes)),
        streams=tuple(_subscriptions(functions, attributes)),
    )


def _apply_resource(resource: Resource, attributes: Attributes, aws: Clients) -> AppliedResource:
    kind = KINDS[resource.type]
    try:
        filled = replace(resource, properties=fill(resource.properties, attributes))
        key = apply(kind, filled, aws)
        return AppliedResource(resource.type, key, kind.attributes(aws, key))
    except KeyError as missing:
        raise ApplyError(f"{resource.logical_id} ({resource.type}) lacks {missing}.") from missing
    except (ClientError, BotoCoreError, TemplateError) as error:
        # The SDK words what it refuses in several lines.
        raise ApplyError(f"{resource.logical_id} ({resource.type}): {' '.join(str(error).split())}") from error


def verify_stack(stack: AppliedStack, endpoint_url: str) -> None:
    """One call per resource; raises ApplyError when one is gone."""
    aws = open_clients(endpoint_url)
    for logical_id, resource in stack.resources.items():
        try:
            KINDS[resource.type].verify(aws, resource.key)
        except (ClientError, BotoCoreError) as error:
            raise ApplyError(f"{logical_id} ({resource.type}) is gone: {error}") from error


def to_variable(output: str) -> str:
    """The variable that an output is the value of: `S3BucketImages` is `S3_BUCKET_IMAGES`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", output).upper()


def _in_order(template: Template) -> Iterator[str]:
    """The resources of the local cloud, each after those that it refers to."""
    for resource in template.resources.values():
        if resource.type not in KINDS and resource.type not in ELSEWHERE:
            raise ApplyError(f"{resource.logical_id}: the local cloud has no {resource.type}.")
    waiting = [logical_id for logical_id, resource in template.resources.items() if resource.type in KINDS]
    while waiting:
        ready = [one for one in waiting if not dependencies(template, one) & set(waiting)]
        if not ready:
            raise ApplyError(f"These resources refer to each other in a circle: {', '.join(waiting)}.")
        yield from ready
        waiting = [one for one in waiting if one not in ready]


def _with_triggers(resource: Resource, functions: tuple[Function, ...]) -> Resource:
    """A user pool with the LambdaConfig that SAM derives from the functions' events."""
    triggers = {
        name: function.arn
        for function in functions
        for pool, name in function.triggers
        if pool == Reference(resource.logical_id, REF)
    }
    return replace(resource, properties={**resource.properties, "LambdaConfig": triggers}) if triggers else resource


def _read_outputs(template: Template, attributes: Attributes) -> Iterator[tuple[str, str]]:
    """The outputs, but for those that speak of a resource which is not in the local cloud."""
    for name, value in template.outputs.items():
        if all(template.resources[found.logical_id].type in KINDS for found in find_references(value)):
            yield name, str(fill(value, attributes))


def _check_environment(function: Function, environment: Mapping[str, str], attributes: Attributes) -> None:
    for name, value in function.variables.items():
        if name in LOCAL_VARIABLES:
            continue
        if name not in environment:
            raise ApplyError(f"{function.logical_id} has the variable {name}, which no output gives the local server.")
        if str(fill(value, attributes)) != environment[name]:
            raise ApplyError(f"{function.logical_id} has another value of {name} than the output of that name.")


def _deployed(functions: tuple[Function, ...], attributes: Attributes) -> Iterator[DeployedFunction]:
    for function in functions:
        told = {name: value for name, value in function.variables.items() if name not in LOCAL_VARIABLES}
        yield DeployedFunction(
            name=function.logical_id,
            entry=function.entry,
            memory_megabytes=function.memory_megabytes,
            timeout_seconds=function.timeout_seconds,
            environment={name: str(fill(value, attributes)) for name, value in told.items()},
        )


def _roles(functions: tuple[Function, ...], attributes: Attributes) -> Iterator[Role]:
    for function in functions:
        try:
            statements = tuple(statement.filled(attributes) for statement in function.statements)
        except TemplateError as error:
            raise ApplyError(f"{function.logical_id}.Policies: {error}") from error
        yield Role(function.logical_id, function.entry, function.role_arn, statements)


def _triggers(functions: tuple[Function, ...], attributes: Attributes) -> Iterator[Trigger]:
    for function in functions:
        for pool, name in function.triggers:
            yield Trigger(fill(pool, attributes), name, function.entry, function.timeout_seconds)


def _subscriptions(functions: tuple[Function, ...], attributes: Attributes) -> Iterator[StreamSubscription]:
    for function in functions:
        for event in function.streams:
            yield StreamSubscription(
                # arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL
                table_name=str(fill(event.stream, attributes)).split("/")[1],
                entry=function.entry,
                batch_size=event.batch_size,
                maximum_retry_attempts=event.maximum_retry_attempts,
                timeout_seconds=function.timeout_seconds,
                bisect_on_error=event.bisect_on_error,
            )
