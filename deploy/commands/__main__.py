"""`python -m deploy.commands COMMAND ENV`."""

import os
import sys

from deploy.commands.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
