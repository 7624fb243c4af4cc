"""Our half of an artifact."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from deploy.build.artifacts import ROOT

# The local twin of API Gateway; on AWS there is the original.
NOT_ON_LAMBDA = ("server/app.py", "server/gateway/")
INCLUDED = ("deploy/__init__.py", "deploy/functions/*.py", "server/**/*.py")
BUILDER = ("deploy/build/*.py",)


def list_sources(root: Path = ROOT) -> list[str]:
    """The modules of an artifact, relative to the project."""
    return sorted(name for name in _match(root, INCLUDED) if not name.startswith(NOT_ON_LAMBDA))


def list_builder(root: Path = ROOT) -> list[str]:
    """The modules of the build itself: when they change, so may every artifact."""
    return sorted(_match(root, BUILDER))


def _match(root: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        for path in root.glob(pattern):
            yield path.relative_to(root).as_posix()


def copy_sources(folder: Path, root: Path = ROOT) -> None:
    """Put the modules into an artifact's folder."""
    for name in list_sources(root):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, target)
