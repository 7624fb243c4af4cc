"""What an artifact installs: the committed lock, of it what the artifact's packages need, with hashes."""

import re
import tomllib
from pathlib import Path

from deploy.build.artifacts import ROOT, Artifact
from deploy.build.tools import find_uv, run

# email-validator asks the DNS only for who checks that mail arrives, cffi parses C only for who builds a library.
NEVER_IMPORTED = ("dnspython", "pycparser")


def read_dependencies(project: Path = ROOT / "pyproject.toml") -> tuple[str, ...]:
    """The names of the project's own dependencies."""
    declared = tomllib.loads(project.read_text())["project"]["dependencies"]
    return tuple(re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0] for one in declared)


def export_requirements(artifact: Artifact) -> str:
    """The artifact's requirements: exact versions with the hashes of the lock. Raises BuildError."""
    unneeded = [*NEVER_IMPORTED, *(name for name in read_dependencies() if name not in artifact.packages)]
    prune = [option for name in unneeded for option in ("--prune", name)]
    # Frozen: a lock that does not fit pyproject.toml is for `uv lock` to mend, and for no build.
    options = ["--frozen", "--no-default-groups", "--no-emit-project", "--no-header", "--no-annotate", "--quiet"]
    return run([find_uv(), "export", "--project", ROOT, *options, *prune])
