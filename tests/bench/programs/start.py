"""What a function costs to start, in a fresh process: `python start.py MODULE` prints CPU milliseconds and modules.

It runs in any artifact, so it imports nothing of this project.
"""

import sys
import time

_started = time.process_time()


def main() -> None:
    """Import, open what the function opens while it starts, and say what that took."""
    from importlib import import_module

    handler = import_module(sys.argv[1]).handler
    # The authorizer has no clients; it makes what it has at its first event.
    _ = getattr(handler, "_authorizer", None)
    used = (time.process_time() - _started) * 1000
    import json

    modules = sorted({name.partition(".")[0] for name in sys.modules})
    sys.stdout.write(json.dumps({"milliseconds": used, "modules": modules, "count": len(sys.modules)}))
    sys.stdout.flush()
    # Clients are never closed, as on Lambda.
    import os

    os._exit(0)


if __name__ == "__main__":
    main()
