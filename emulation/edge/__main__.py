"""`python -m emulation.edge`: the front door, until SIGTERM or SIGINT."""

import asyncio
import os
import sys

from deploy.functions.start import fast_start

with fast_start():
    from aiohttp import web

    from emulation.edge.app import open_edge
    from emulation.serving import ListenError, listen, refuse, start_logging, stop_event
    from emulation.settings import LocalSettings, LocalSettingsError, read_local_settings
    from emulation.template import TemplateError

STOP_SECONDS = 1.0
INDEX_PAGE = "index.html"


async def serve(settings: LocalSettings) -> int:
    """Run until told to stop; the process's exit code."""
    stopped = stop_event()
    if not settings.frontend_dev and not (settings.frontend_dist / INDEX_PAGE).is_file():
        return refuse(f"FRONTEND_DIST must be a folder with an {INDEX_PAGE}, not {str(settings.frontend_dist)!r}.")
    async with open_edge(settings) as server:
        runner = web.ServerRunner(server, shutdown_timeout=STOP_SECONDS)
        await listen(runner, settings.bind_host, settings.front_door_port, "The front door", "FRONT_DOOR_PORT")
        sys.stdout.write(f"The front door is open at {settings.front_door_url}\n")
        sys.stdout.flush()
        await stopped.wait()
        await runner.cleanup()
    return 0


def main() -> int:
    """Read the settings and serve."""
    start_logging()
    try:
        settings = read_local_settings(os.environ)
        return asyncio.run(serve(settings))
    except (ListenError, LocalSettingsError) as error:
        return refuse(str(error))
    except TemplateError as error:
        return refuse(f"The front door cannot be the twin of the template's distribution: {error}")


if __name__ == "__main__":
    sys.exit(main())
