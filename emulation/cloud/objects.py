"""The bytes of S3 objects, each content in a file of its own, written once."""

import os
from collections.abc import Container, Mapping
from hashlib import blake2b
from pathlib import Path


def content_name(content: bytes) -> str:
    """The name under which a content is stored: its hash."""
    return blake2b(content, digest_size=20).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ObjectStore:
    """Contents by name in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The file of a content."""
        return self.folder / name

    def has(self, name: str, size: int) -> bool:
        """Whether a content is there in its full length."""
        path = self.path(name)
        return path.is_file() and path.stat().st_size == size

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Store contents durably; one that is already there is left alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        written = False
        for name, content in contents.items():
            if self.has(name, len(content)):
                continue
            aside = self.path(f"{name}.new")
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self.path(name))
            written = True
        if written:
            sync_folder(self.folder)

    def take_over(self, folder: Path) -> None:
        """Store the contents that lie in a folder of the same file system under their names."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in list(folder.iterdir()):
            path.replace(self.path(path.name))
        sync_folder(self.folder)

    def keep_only(self, names: Container[str]) -> None:
        """Delete every content that is not named."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name not in names:
                path.unlink()


class StoredContent:
    """A stored content with the part of a file's interface that moto's keys use. It holds no file open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._position = 0

    def seek(self, position: int) -> None:
        """Continue reading at `position`."""
        self._position = position

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all that is left."""
        with self.path.open("rb") as file:
            file.seek(self._position)
            content = file.read(size)
        self._position += len(content)
        return content

    def close(self) -> None:
        """Nothing is open; the store deletes what no saved state names."""
