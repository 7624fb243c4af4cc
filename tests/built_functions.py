"""The functions as `just build` makes them, for this machine."""

from pathlib import Path

from deploy.build.artifacts import ARTIFACTS, X86_64
from deploy.build.building import build, is_current


def build_functions() -> Path:
    """The folder with the functions as the sources are now, built when they are not."""
    if not is_current(ARTIFACTS, X86_64.build_dir):
        for _ in build(ARTIFACTS, X86_64, X86_64.build_dir):
            pass
    return X86_64.build_dir
