"""Where snapshots lie, and what they may be called."""

import re
from pathlib import Path

from emulation.cloud.state.archive import SUFFIX

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def snapshots_folder(local_dir: Path) -> Path:
    """The folder of all snapshots."""
    return local_dir / "snapshots"


def snapshot_file(local_dir: Path, name: str) -> Path | None:
    """A snapshot's file, there or not; None for a name that cannot be a file's everywhere."""
    return snapshots_folder(local_dir) / f"{name}{SUFFIX}" if NAME.fullmatch(name) else None


def list_snapshot_files(local_dir: Path) -> list[Path]:
    """The files of all snapshots, by name."""
    return sorted(snapshots_folder(local_dir).glob(f"*{SUFFIX}"))
