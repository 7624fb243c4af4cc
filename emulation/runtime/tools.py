"""What runs a built function: AWS's emulator and runtime, installed once, and an interpreter of Lambda's version."""

import platform
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.build.artifacts import PYTHON_VERSION, X86_64
from deploy.build.errors import BuildError
from deploy.build.tools import find_python, find_uv, run
from emulation.runtime.errors import RuntimeMissingError
from emulation.settings import ROOT

# Shared by all stacks of this folder, whatever their LOCAL_DIR.
TOOLS_DIR = ROOT / ".local" / "tools"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
ARCHITECTURE = X86_64


@dataclass(frozen=True)
class Tools:
    """`emulator` is the program, `runtime` the folder of `awslambdaric`, `python` the interpreter."""

    emulator: Path
    runtime: Path
    python: str


def install_tools(folder: Path = TOOLS_DIR) -> Tools:
    """The tools, installed when they are not yet; raises RuntimeMissingError with the reason why they cannot be."""
    if sys.platform != "linux" or platform.machine() != ARCHITECTURE.name:
        raise RuntimeMissingError(f"Lambda's runtime emulator runs here on Linux with {ARCHITECTURE.name} only.")
    requirements = REQUIREMENTS.read_bytes()
    installed = folder / f"lambda-{sha256(requirements).hexdigest()[:12]}"
    try:
        if not installed.exists():
            _install(installed)
        python = find_python()
    except BuildError as error:
        raise RuntimeMissingError(str(error)) from error
    emulator = installed / "samcli" / "local" / "rapid" / f"aws-lambda-rie-{ARCHITECTURE.name}"
    return Tools(emulator, installed, python)


def _install(installed: Path) -> None:
    installed.parent.mkdir(parents=True, exist_ok=True)
    # At its place in one step: another process may be here too.
    with TemporaryDirectory(dir=installed.parent) as scratch:
        target = Path(scratch) / "installed"
        wheels = [
            "--python-version",
            PYTHON_VERSION,
            "--python-platform",
            ARCHITECTURE.platform,
            "--only-binary",
            ":all:",
        ]
        exactly = ["--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)]
        run([find_uv(), "pip", "install", "--quiet", "--target", target, *wheels, *exactly])
        put_in_place(target, installed)


def put_in_place(folder: Path, place: Path) -> None:
    """Move a folder to its place, unless another process has put the same there meanwhile."""
    try:
        folder.replace(place)
    except OSError:
        if not place.is_dir():
            raise
