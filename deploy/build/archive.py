"""An artifact as one file, and as one hash: the same content gives the same bytes."""

import zipfile
from hashlib import sha256
from pathlib import Path

# The earliest that a zip file can say.
_TIME = (1980, 1, 1, 0, 0, 0)
# A regular file that everybody may read; libraries are loaded, not run.
_MODE = 0o100644 << 16


def list_files(folder: Path) -> list[Path]:
    """All files, in an order that depends on their names alone."""
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def write_archive(folder: Path, archive: Path) -> None:
    """Pack a folder."""
    with zipfile.ZipFile(archive, "w") as packed:
        for path in list_files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whoever packs
            entry.external_attr = _MODE
            packed.writestr(entry, path.read_bytes(), compresslevel=9)


def hash_files(folder: Path, names: list[str]) -> str:
    """One hash of files by their names and contents."""
    total = sha256()
    for name in names:
        total.update(f"{name}\0{sha256((folder / name).read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def hash_file(path: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def unpacked_bytes(folder: Path) -> int:
    """What the files of a folder hold together."""
    return sum(path.stat().st_size for path in list_files(folder))
