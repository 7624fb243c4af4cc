"""`python -m emulation COMMAND`."""

import os
import signal
import sys

from emulation.commands.cli import main

if __name__ == "__main__":
    # An ended command cleans up behind it, as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:], os.environ))
