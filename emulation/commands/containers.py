"""The stack as containers: docker-compose.yml, run by `docker compose`, looked at through the engine's API.

The docker library is imported where it is used: loading it takes longer than most commands.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from emulation.commands.errors import CommandError
from emulation.commands.logs import last_line, show_files
from emulation.commands.parts import PARTS_BY_NAME, Part
from emulation.settings import ROOT, LocalSettings

ENGINE_SECONDS = 5
COMPOSE_FILE = ROOT / "docker-compose.yml"


def connect_engine(environ: Mapping[str, str]) -> Any:
    """A client of the Docker engine that the docker command would use; raises CommandError when none answers."""
    if shutil.which("docker", path=environ.get("PATH")) is None:
        raise CommandError("The docker command is not installed.")
    import docker
    from docker.context import ContextAPI

    try:
        if environ.get("DOCKER_HOST"):
            client = docker.from_env(environment=dict(environ), timeout=ENGINE_SECONDS)
        else:
            context = ContextAPI.get_current_context()
            client = docker.DockerClient(base_url=context.Host, tls=context.TLSConfig, timeout=ENGINE_SECONDS)
        client.ping()
    except (docker.errors.DockerException, OSError) as error:
        raise CommandError("No Docker engine answers.") from error
    return client


def check_compose(environ: Mapping[str, str]) -> None:
    """Raise CommandError when the docker command has no compose plugin."""
    asked = ["docker", "compose", "version"]
    if subprocess.run(asked, env=dict(environ), capture_output=True, check=False).returncode:  # noqa: S603
        raise CommandError("A Docker engine answers, but `docker compose` is not installed.")


def project_name(settings: LocalSettings, environ: Mapping[str, str]) -> str:
    """The compose project: one for each folder of data, and so for each checkout."""
    if environ.get("COMPOSE_PROJECT_NAME"):
        return environ["COMPOSE_PROJECT_NAME"]
    return f"guitar-collection-{hashlib.sha256(str(settings.local_dir).encode()).hexdigest()[:8]}"


class Containers:
    """Parts as containers of one compose project."""

    name = "containers"

    def __init__(self, settings: LocalSettings, environ: Mapping[str, str], engine: Any) -> None:
        self.settings = settings
        self._engine = engine
        self._project = project_name(settings, environ)
        # A mount's source must not look like the name of a volume.
        site = str(settings.frontend_dist)
        self._environ = {**environ, "COMPOSE_PROJECT_NAME": self._project, "FRONTEND_DIST": site}
        self._logs = settings.local_dir / "logs"

    def running(self) -> dict[str, str]:
        """The parts whose container runs, and since when."""
        running = self._containers(all=False)
        return {name: container.attrs["State"]["StartedAt"][:19] + "Z" for name, container in running.items()}

    def ports(self) -> dict[str, int]:
        """The ports of this machine that the containers were given, by their variables."""
        found = self._containers(all=True).items()
        bound = {name: container.attrs["HostConfig"]["PortBindings"].values() for name, container in found}
        return {PARTS_BY_NAME[name].port_variable: int(ports[0]["HostPort"]) for name, [ports] in bound.items()}

    def prepare(self) -> None:
        """Build the image; raises CommandError with compose's own last line."""
        self._compose("build", "cloud")

    def start(self, parts: Sequence[Part]) -> None:
        """Create what is missing; raises CommandError with compose's own last line."""
        self._compose("up", "--detach", "--no-build", *(part.name for part in parts))

    def last_words(self, part: Part) -> str | None:
        """The last line of the log of a container that has ended."""
        container = self._containers(all=True).get(part.name)
        if container is None:
            return "There is no such container."
        if container.status in ("running", "created", "restarting"):
            return None
        lines: str = container.logs(tail=1).decode(errors="replace")
        return lines.strip()

    def stop(self) -> None:
        """Remove the containers and their network; the data stays, and what they have said."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for name, container in self._containers(all=True).items():
            (self._logs / f"{name}.log").write_bytes(container.logs())
        self._compose("down")

    def remove(self) -> None:
        """Remove the containers, their network, their image and their data."""
        self._compose("down", "--volumes", "--rmi", "all")

    def show_logs(self, parts: Sequence[Part], follow: bool) -> None:
        """Let compose print the logs; those of removed containers were kept."""
        if not self._containers(all=True):
            show_files({part.name: self._logs / f"{part.name}.log" for part in parts}, follow)
            return
        options = [*(["--follow"] if follow else []), *(["--no-log-prefix"] if len(parts) == 1 else [])]
        names = [part.name for part in parts]
        command = ["docker", "compose", "--file", str(COMPOSE_FILE), "logs", *options, *names]
        subprocess.run(command, cwd=ROOT, env=self._environ, check=False)  # noqa: S603

    def delete_data(self) -> None:
        """Remove the volume of the kept state."""
        import docker

        try:
            self._engine.volumes.get(f"{self._project}_state").remove()
        except docker.errors.NotFound:
            return

    def _containers(self, all: bool) -> dict[str, Any]:  # noqa: A002 - the SDK's word
        label = f"com.docker.compose.project={self._project}"
        found = self._engine.containers.list(all=all, filters={"label": label})
        services = {container.labels.get("com.docker.compose.service"): container for container in found}
        return {name: services[name] for name in PARTS_BY_NAME if name in services}

    def _compose(self, *arguments: str) -> None:
        command = ["docker", "compose", "--file", str(COMPOSE_FILE), "--progress", "plain", *arguments]
        self._logs.mkdir(parents=True, exist_ok=True)
        told = self._logs / "compose.log"
        with told.open("wb") as log:
            done = subprocess.run(command, cwd=ROOT, env=self._environ, stdout=log, stderr=log, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(f"`docker compose {arguments[0]}` failed: {last_line(told)} (all of it: {told})")
