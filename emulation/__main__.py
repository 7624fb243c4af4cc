"""`python -m emulation COMMAND`."""

import os
import sys

from emulation.commands.interrupting import INTERRUPTED, end_when_told

if __name__ == "__main__":
    # Before the other modules are imported, which takes a while.
    end_when_told()
    try:
        from emulation.commands.cli import main

        code = main(sys.argv[1:], os.environ)
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
