"""What makes a command fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CommandError(Exception):
    """The command cannot do what it was asked; the text is one sentence: what is wrong and what to do."""


@contextmanager
def folder_errors(local_dir: Path) -> Iterator[None]:
    """Turn what the system refuses below LOCAL_DIR into a CommandError that names it."""
    try:
        yield
    except OSError as error:
        path = Path(error.filename) if isinstance(error.filename, str) else None
        if path is None or not (path.is_relative_to(local_dir) or local_dir.is_relative_to(path)):
            raise
        raise CommandError(f"LOCAL_DIR={local_dir} cannot be used: {error.strerror} ({path}).") from error
