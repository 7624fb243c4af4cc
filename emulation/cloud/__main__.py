"""`python -m emulation.cloud`: the local AWS, until SIGTERM or SIGINT."""

import asyncio
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from deploy.functions.start import fast_start, uncollected

with fast_start():
    from emulation.cloud.environment import local_environment
    from emulation.cloud.errors import StateRefusedError
    from emulation.cloud.front import Front, open_front
    from emulation.serving import ListenError, refuse, start_logging, stop_event
    from emulation.settings import LocalSettings, LocalSettingsError, read_local_settings

if TYPE_CHECKING:
    from emulation.cloud.cloud import Cloud


def _load_cloud(settings: LocalSettings, endpoint_url: str) -> "Cloud":
    """Import what answers, and the kept state. Slow, and only now: the port answers meanwhile."""
    with uncollected():
        cloud: Cloud = import_module("emulation.cloud.cloud").Cloud(settings, endpoint_url)
        return cloud


async def serve(settings: LocalSettings) -> int:
    """Run until told to stop; the process's exit code."""
    stopped = stop_event()
    front = Front()
    runner, port = await open_front(front, settings.bind_host, settings.aws_port)
    endpoint_url = f"http://127.0.0.1:{port}"
    environment = local_environment(os.environ, endpoint_url)
    os.environ.clear()
    os.environ.update(environment)
    try:
        cloud = await asyncio.to_thread(_load_cloud, settings, endpoint_url)
    except StateRefusedError as error:
        return refuse(str(error))
    front.open(cloud.answer)
    if await cloud.start():
        sys.stdout.write(f"The local AWS is ready at {endpoint_url}\n")
        sys.stdout.flush()
    await stopped.wait()
    await cloud.stop_functions()
    await runner.cleanup()
    await cloud.stop()
    return 0


def main() -> int:
    """Read the settings and serve."""
    # The standard output is for whoever waits for the one line that it is ready.
    start_logging(sys.stderr)
    try:
        settings = read_local_settings(os.environ)
        return asyncio.run(serve(settings))
    except (ListenError, LocalSettingsError) as error:
        return refuse(str(error))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # All is saved and closed; to take moto's modules apart would take another half second.
    os._exit(code)
