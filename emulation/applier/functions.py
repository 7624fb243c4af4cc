"""AWS::Serverless::Function: which function the local cloud calls on which event.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulation.applier.kind import ApplyError
from emulation.applier.policies import Statement, read_statements
from emulation.intrinsics import Reference
from emulation.settings import ACCOUNT_ID, REGION
from emulation.template import STACK_NAME, Resource

FUNCTION = "AWS::Serverless::Function"
HANDLER_SUFFIX = ".handler"
DEFAULT_MEMORY_MEGABYTES = 128
DEFAULT_TIMEOUT_SECONDS = 3
# What is said about a function, and where that is honoured.
FUNCTION_PROPERTIES = {
    "Architectures": "by the build",
    "AutoPublishAlias": "in the ARN that its user pool shows",
    "CodeUri": "by the build",
    "Description": "nowhere, it is a text for people",
    "Environment": "by the outputs, each of which is a variable of the local server",
    "Events": "here",
    "FunctionName": "in the ARN that its user pool shows, and in that of its calls",
    "Handler": "here",
    "LoggingConfig": "by the log of the process that calls it",
    "MemorySize": "by the runtime emulator (`just parity`)",
    "Policies": "by the identity of its calls",
    "Runtime": "by the build",
    "Timeout": "here",
}
# By type of event, its properties, and where each is honoured.
EVENT_PROPERTIES = {
    "Cognito": {"UserPool": "here", "Trigger": "here"},
    "DynamoDB": {
        "BatchSize": "here",
        "BisectBatchOnFunctionError": "here",
        "DestinationConfig": "by the local cloud's dead letters",
        "MaximumRetryAttempts": "here",
        "StartingPosition": "here",
        "Stream": "here",
    },
}
# The type of event whose twin is the local API, all of it.
API_EVENT = "HttpApi"
TRIGGERS = ("PostConfirmation",)


@dataclass(frozen=True)
class StreamEvent:
    """A function's subscription to a table's stream, as the template says it; `stream` is the stream's ARN."""

    stream: Reference
    batch_size: int
    maximum_retry_attempts: int
    bisect_on_error: bool


@dataclass(frozen=True)
class Function:
    """What the local cloud has to know of a function. `triggers` are pairs of a user pool and a trigger's name."""

    logical_id: str
    entry: str
    arn: str
    memory_megabytes: int
    timeout_seconds: int
    role_arn: str
    statements: tuple[Statement, ...]
    variables: Mapping[str, Any]
    triggers: tuple[tuple[Reference, str], ...]
    streams: tuple[StreamEvent, ...]


def read_functions(resources: Mapping[str, Resource]) -> tuple[Function, ...]:
    """The template's functions; raises ApplyError for what the local cloud cannot honour about one."""
    return tuple(_read_function(resource) for resource in resources.values() if resource.type == FUNCTION)


def _read_function(resource: Resource) -> Function:
    _check_known(resource.logical_id, resource.properties, FUNCTION_PROPERTIES)
    handler = str(resource.properties.get("Handler", ""))
    if not handler.endswith(HANDLER_SUFFIX):
        raise ApplyError(f"{resource.logical_id}: its Handler must be a module's `handler`, not {handler!r}.")
    events = list(_read_events(resource))
    return Function(
        logical_id=resource.logical_id,
        entry=handler.removesuffix(HANDLER_SUFFIX),
        arn=_arn(resource),
        memory_megabytes=int(resource.properties.get("MemorySize", DEFAULT_MEMORY_MEGABYTES)),
        timeout_seconds=int(resource.properties.get("Timeout", DEFAULT_TIMEOUT_SECONDS)),
        role_arn=_role_arn(resource),
        statements=tuple(read_statements(f"{resource.logical_id}.Policies", resource.properties.get("Policies", []))),
        variables=resource.properties.get("Environment", {}).get("Variables", {}),
        triggers=tuple(event for event in events if isinstance(event, tuple)),
        streams=tuple(event for event in events if isinstance(event, StreamEvent)),
    )


def _check_known(place: str, properties: Mapping[str, Any], known: Mapping[str, str]) -> None:
    for name in properties:
        if name not in known:
            raise ApplyError(f"{place} ({FUNCTION}): the local cloud cannot honour {name}.")


def _arn(resource: Resource) -> str:
    """The ARN as a user pool's LambdaConfig shows it, with the alias that SAM subscribes."""
    name = resource.properties.get("FunctionName", resource.logical_id)
    alias = resource.properties.get("AutoPublishAlias")
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"
    return f"{arn}:{alias}" if alias else arn


def _role_arn(resource: Resource) -> str:
    """Who calls, in AWS's words: the role that SAM makes for the function, assumed under the function's name.

    On AWS the role's name has a random end.
    """
    name = resource.properties.get("FunctionName", resource.logical_id)
    return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{STACK_NAME}-{resource.logical_id}Role/{name}"


def _read_events(resource: Resource) -> Iterator[tuple[Reference, str] | StreamEvent]:
    for name, event in resource.properties.get("Events", {}).items():
        place = f"{resource.logical_id}.Events.{name}"
        if event["Type"] == API_EVENT:
            continue
        if event["Type"] not in EVENT_PROPERTIES:
            raise ApplyError(f"{place} ({FUNCTION}): the local cloud cannot honour an event of type {event['Type']}.")
        _check_known(place, event["Properties"], EVENT_PROPERTIES[event["Type"]])
        if event["Type"] == "DynamoDB":
            yield _read_stream(place, event["Properties"])
        else:
            yield from _read_triggers(place, event["Properties"])


def _read_triggers(place: str, properties: Mapping[str, Any]) -> Iterator[tuple[Reference, str]]:
    said = properties["Trigger"]
    for trigger in said if isinstance(said, list) else [said]:
        if trigger not in TRIGGERS:
            raise ApplyError(f"{place} ({FUNCTION}): the local cloud does not run the trigger {trigger}.")
        yield properties["UserPool"], trigger


def _read_stream(place: str, properties: Mapping[str, Any]) -> StreamEvent:
    if properties["StartingPosition"] != "TRIM_HORIZON":
        raise ApplyError(f"{place} ({FUNCTION}): the local cloud delivers a stream from its beginning (TRIM_HORIZON).")
    # Defaults: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
    return StreamEvent(
        stream=properties["Stream"],
        batch_size=int(properties.get("BatchSize", 100)),
        maximum_retry_attempts=int(properties.get("MaximumRetryAttempts", -1)),
        bisect_on_error=bool(properties.get("BisectBatchOnFunctionError", False)),
    )
