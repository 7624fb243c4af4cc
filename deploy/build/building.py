"""A build: every artifact of an architecture, in folders for SAM and packed, with a manifest beside them."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.build import archive
from deploy.build.artifacts import ROOT, Architecture, Artifact
from deploy.build.bytecode import compile_sources
from deploy.build.errors import BuildError
from deploy.build.packages import install
from deploy.build.requirements import export_requirements
from deploy.build.sources import copy_sources, list_builder, list_sources
from deploy.build.tools import find_python

MANIFEST = "manifest.json"
# What Lambda takes of a function that is unpacked.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_UNPACKED_BYTES = 250 * 1024 * 1024


@dataclass(frozen=True)
class Built:
    """An artifact that was built. `source_hash` is of what it was made of, whatever the architecture; `hash` is of
    the packed file."""

    name: str
    source_hash: str
    hash: str
    unpacked_bytes: int
    packed_bytes: int


def hash_sources(requirements: str, root: Path = ROOT) -> str:
    """One hash of all that decides about an artifact: our modules, the locked packages, and the build itself."""
    ours = archive.hash_files(root, [*list_sources(root), *list_builder(root)])
    return sha256(f"{ours}\n{requirements}".encode()).hexdigest()


def build(artifacts: Iterable[Artifact], architecture: Architecture, into: Path) -> Iterator[Built]:
    """Build artifacts into a folder, each told when it is there; the manifest comes last. Raises BuildError."""
    python = find_python()
    into.mkdir(parents=True, exist_ok=True)
    done = []
    with TemporaryDirectory(prefix="build-", dir=into) as scratch:
        shelf = _Shelf(architecture, Path(scratch), python)
        for artifact in artifacts:
            built = _build(artifact, shelf, into)
            done.append(built)
            yield built
    write_manifest(into, architecture, done)


class _Shelf:
    """What was built already: artifacts that need the same packages differ in their entry alone, and share all."""

    def __init__(self, architecture: Architecture, folder: Path, python: str) -> None:
        self._architecture = architecture
        self._folder = folder
        self._python = python

    def take(self, requirements: str) -> tuple[Path, Path]:
        """A folder with these packages, our modules and their byte code, and the same packed."""
        folder = self._folder / sha256(requirements.encode()).hexdigest()[:12]
        packed = folder.with_suffix(".zip")
        if not packed.exists():
            install(requirements, self._architecture, folder)
            copy_sources(folder)
            compile_sources(folder, self._python)
            archive.write_archive(folder, packed)
        return folder, packed


def _build(artifact: Artifact, shelf: _Shelf, into: Path) -> Built:
    requirements = export_requirements(artifact)
    made, packed = shelf.take(requirements)
    unpacked = archive.unpacked_bytes(made)
    if unpacked > MAX_UNPACKED_BYTES:
        raise BuildError(f"{artifact.name} has {unpacked} bytes; Lambda takes {MAX_UNPACKED_BYTES}.")
    shutil.rmtree(into / artifact.name, ignore_errors=True)
    # Links: the shelf is in the same folder, and nobody writes into an artifact.
    shutil.copytree(made, into / artifact.name, copy_function=os.link)
    shutil.copyfile(packed, into / f"{artifact.name}.zip")
    return Built(
        name=artifact.name,
        source_hash=hash_sources(requirements),
        hash=archive.hash_file(packed),
        unpacked_bytes=unpacked,
        packed_bytes=packed.stat().st_size,
    )


def write_manifest(into: Path, architecture: Architecture, done: Iterable[Built]) -> None:
    """Say what was built, of what."""
    manifest = {"architecture": architecture.name, "artifacts": {one.name: asdict(one) for one in done}}
    (into / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def read_manifest(folder: Path) -> dict[str, Built]:
    """What was built into a folder, by name; empty when nothing was."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        return {}
    return {name: Built(**built) for name, built in manifest["artifacts"].items()}


def is_current(artifacts: Iterable[Artifact], folder: Path) -> bool:
    """Whether a folder holds these artifacts, made of the sources and the lock as they are now."""
    known = read_manifest(folder)
    return all(
        artifact.name in known and known[artifact.name].source_hash == hash_sources(export_requirements(artifact))
        for artifact in artifacts
    )
