"""`python -m emulation.api`: the API, until SIGTERM or SIGINT."""

import asyncio
import contextlib
import os
import signal
import sys

from deploy.functions.start import fast_start

with fast_start():
    from emulation.api.app import serve
    from emulation.runtime.errors import RuntimeMissingError
    from emulation.serving import ListenError, refuse, start_logging
    from emulation.settings import LocalSettings, LocalSettingsError, read_local_settings


async def serve_until_stopped(local: LocalSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    serving = asyncio.current_task()
    if serving is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serve(local)


def main() -> int:
    """Run the API until it is told to stop."""
    start_logging()
    try:
        local = read_local_settings(os.environ)
        asyncio.run(serve_until_stopped(local))
    except (ListenError, LocalSettingsError, RuntimeMissingError) as error:
        return refuse(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
