"""Byte code in the artifact: most of a cold start would be compiling."""

from pathlib import Path

from deploy.build.tools import run

# Where Lambda unpacks a function; a traceback then names a file that is there.
TASK_ROOT = "/var/task"


def compile_sources(folder: Path, python: str) -> None:
    """Compile every module of a folder for where Lambda runs it. Raises BuildError."""
    # Unchecked: Lambda's file times differ from ours, and nobody changes a source over there.
    # https://docs.python.org/3/reference/import.html#pyc-invalidation
    how = ["-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", TASK_ROOT]
    # A fixed seed, as the order of a constant set would be another one each time.
    run([python, "-s", "-S", "-P", "-m", "compileall", *how, folder], {"PYTHONHASHSEED": "0"})
