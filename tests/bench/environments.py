"""The environments of the peers: each one's own, made of the pinned lists beside its program, kept under `.local/`."""

import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from deploy.build.archive import hash_files
from deploy.build.artifacts import X86_64
from deploy.build.bytecode import compile_sources
from deploy.build.packages import install
from deploy.build.sources import list_builder
from deploy.build.tools import find_python, find_uv, run
from emulation.settings import ROOT

PEERS = Path(__file__).parent / "peers"
FOLDER = ROOT / ".local" / "bench"
# What the peers' programs take of this project: the models alone.
SHARED = ("server/__init__.py", "server/clock.py", "server/errors.py", "server/ids.py", "server/models")


def _kept(name: str, made_of: str, make: Callable[[Path], None]) -> Path:
    """A folder that is made anew when what it is made of has changed."""
    folder = FOLDER / f"{name}-{sha256(made_of.encode()).hexdigest()[:12]}"
    if not (folder / ".made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder)
        (folder / ".made").touch()
    return folder


def open_venv(peer: str) -> Path:
    """The Python of a virtual environment with a peer's packages."""
    listed = PEERS / peer / "requirements.txt"

    def make(folder: Path) -> None:
        run([find_uv(), "venv", "--quiet", "--allow-existing", "--python", find_python(), folder])
        python = folder / "bin" / "python"
        run([find_uv(), "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", listed])

    return _kept(peer, listed.read_text(), make) / "bin" / "python"


def open_node_modules(peer: str) -> Path:
    """A folder with a peer's program and its packages from npm."""
    lock = PEERS / peer / "package-lock.json"

    def make(folder: Path) -> None:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(PEERS / peer / name, folder)
        subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=True)

    folder = _kept(peer, lock.read_text(), make)
    for program in (PEERS / peer).glob("*.mjs"):
        shutil.copy(program, folder)
    return folder


def open_artifact(peer: str) -> Path:
    """A peer's function, built as this project's are: installed, freed of what none uses, and compiled."""
    requirements = (PEERS / peer / "requirements.txt").read_text()
    made_of = f"{requirements}\n{hash_files(ROOT, list_builder())}"
    folder = _kept(f"artifact-{peer}", made_of, lambda folder: install_into(requirements, folder))
    copy_programs(PEERS / peer, folder)
    compile_sources(folder, find_python())
    return folder


def install_into(requirements: str, folder: Path) -> None:
    """Install as the build of the functions does, into a folder that is there."""
    made = folder / "packages"
    install(requirements, X86_64, made)
    for path in made.iterdir():
        path.rename(folder / path.name)
    made.rmdir()


def copy_programs(source: Path, folder: Path) -> None:
    """A peer's modules, and what they share with this project."""
    for module in source.glob("*.py"):
        shutil.copy(module, folder)
    for name in SHARED:
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True, ignore=left_out)
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
