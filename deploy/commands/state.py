"""Whether what would be deployed is what is in the repository."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.build.artifacts import ARM64, ARTIFACTS, ROOT
from deploy.build.building import is_current
from deploy.build.errors import BuildError
from deploy.commands.errors import CommandError


def check_repository(root: Path = ROOT) -> None:
    """Raises CommandError when files differ from the last commit: nobody could tell what runs."""
    done = subprocess.run(
        ["git", "status", "--porcelain"],  # noqa: S607 - the git of the PATH
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{root} is no git repository, so nobody could tell what was deployed.")
    changed = done.stdout.splitlines()
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise CommandError(
            f"{changed[0][3:]}{more} differ from the last commit: commit or stash them before deploying."
        )


def is_build_current() -> bool:
    """Whether .build/ holds every function's artifact, made of the sources as they are."""
    return is_current(ARTIFACTS, ARM64.build_dir)


def check_build(is_current: Callable[[], bool] = is_build_current) -> None:
    """Raises CommandError when the artifacts are missing or older than the sources."""
    try:
        current = is_current()
    except BuildError as error:
        raise CommandError(str(error)) from error
    if not current:
        raise CommandError("The artifacts in .build/ are missing or older than the sources: uv run just build")
