"""The three parts of the local stack."""

from dataclasses import dataclass

from emulation.settings import LocalSettings


@dataclass(frozen=True)
class Part:
    """`name` is the service's and the log's; `title` what a person is told."""

    name: str
    title: str
    module: str
    port_variable: str
    health_path: str

    def port(self, settings: LocalSettings) -> int:
        """Its port on loopback."""
        ports = {"cloud": settings.aws_port, "api": settings.api_port, "edge": settings.front_door_port}
        return ports[self.name]

    def address(self, settings: LocalSettings) -> str:
        """How a browser on this machine reaches it."""
        addresses = {
            "cloud": settings.public_aws_url,
            "api": settings.public_api_url,
            "edge": settings.front_door_url,
        }
        return addresses[self.name]


CLOUD = Part("cloud", "AWS endpoint", "emulation.cloud", "AWS_PORT", "/_cloud/health")
API = Part("api", "API", "emulation.api", "API_PORT", "/_api/health")
EDGE = Part("edge", "Front door", "emulation.edge", "FRONT_DOOR_PORT", "/_local/health")
PARTS = (CLOUD, API, EDGE)
PARTS_BY_NAME = {part.name: part for part in PARTS}
