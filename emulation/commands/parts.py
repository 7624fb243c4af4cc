"""The three parts of the local stack."""

from collections.abc import Callable
from dataclasses import dataclass

from emulation.settings import LocalSettings


@dataclass(frozen=True)
class Part:
    """`name` is the service's and the log's; `title` what a person is told.

    `port` is its port on loopback, `address` how a browser on this machine reaches it.
    """

    name: str
    title: str
    module: str
    port_variable: str
    health_path: str
    port: Callable[[LocalSettings], int]
    address: Callable[[LocalSettings], str]


CLOUD = Part(
    name="cloud",
    title="AWS endpoint",
    module="emulation.cloud",
    port_variable="AWS_PORT",
    health_path="/_cloud/health",
    port=lambda settings: settings.aws_port,
    address=lambda settings: settings.public_aws_url,
)
API = Part(
    name="api",
    title="API",
    module="emulation.api",
    port_variable="API_PORT",
    health_path="/_api/health",
    port=lambda settings: settings.api_port,
    address=lambda settings: settings.public_api_url,
)
EDGE = Part(
    name="edge",
    title="Front door",
    module="emulation.edge",
    port_variable="FRONT_DOOR_PORT",
    health_path="/_local/health",
    port=lambda settings: settings.front_door_port,
    address=lambda settings: settings.front_door_url,
)
PARTS = (CLOUD, API, EDGE)
PARTS_BY_NAME = {part.name: part for part in PARTS}
