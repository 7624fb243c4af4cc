"""Compiled modules. uv installs packages as they came, and a start that compiles them takes three times as long."""

import compileall
import importlib.util
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from emulation.commands.output import say
from emulation.settings import ROOT

OWN_PACKAGES = ("server", "deploy", "emulation")


def compile_modules() -> None:
    """Compile the installed packages, once for each environment, and of our own modules what is new."""
    spec = importlib.util.find_spec("moto")
    packages = Path(sysconfig.get_path("purelib"))
    if spec is not None and spec.origin is not None and not is_compiled(Path(spec.origin)):
        say("Compiling the installed packages, once; about 20 s.")
        compile_folders([packages])
    compile_folders(ROOT / name for name in OWN_PACKAGES)


def is_compiled(module: Path) -> bool:
    """Whether Python will find the module's compiled form."""
    return Path(importlib.util.cache_from_source(module)).exists()


def compile_folders(folders: Iterable[Path]) -> None:
    """Compile what is new in folders, with all cores; what cannot be compiled or written is left as it is."""
    for folder in folders:
        compileall.compile_dir(folder, maxlevels=20, quiet=2, workers=0)
