"""A file that others read while it is written."""

from pathlib import Path


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file, and its folder; who reads it meanwhile finds what was there before or the whole of the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    aside.touch(mode)
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
