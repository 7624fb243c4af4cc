"""The local AWS of a copy of the code, whose template has other texts in it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from emulation.settings import ROOT
from tests.emulation.cloud_process import CloudProcess

PACKAGES = ("deploy", "emulation", "server")


class CopiedCloud(CloudProcess):
    """A process of the code below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        super().__init__(root / "local")


def copy_code(folder: Path) -> Path:
    """The code, for a test that changes it; its folder."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def copy_cloud(folder: Path, changes: Mapping[str, str]) -> CopiedCloud:
    """Start a local AWS; in its template each text of `changes`, which stands there once, is another one."""
    template = copy_code(folder) / "deploy" / "template.yaml"
    text = template.read_text()
    for old, new in changes.items():
        assert text.count(old) == 1, f"the template has no {old!r} any more, or several"
        text = text.replace(old, new)
    template.write_text(text)
    return CopiedCloud(folder)
