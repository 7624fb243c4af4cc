"""Runs a module that ends with whoever started it: `python -m emulation.commands.attached emulation.cloud`.

Its standard input is a pipe from there, which closes in whatever way the other end dies.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 5.0


def follow_starter(pipe: int) -> None:
    """End this process when nothing can be written into the pipe any more."""
    while os.read(pipe, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def run_attached(module: str, pipe: int) -> None:
    """Run a module as the program until it ends, or the pipe's other end closes."""
    threading.Thread(target=follow_starter, args=[pipe], daemon=True).start()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    run_attached(sys.argv[0], sys.stdin.fileno())
