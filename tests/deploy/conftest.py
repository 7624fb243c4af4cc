"""The template as CloudFormation gets it."""

import os
from pathlib import Path

import pytest

from deploy.checks.template import TEMPLATE, translate


@pytest.fixture(scope="session")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the template after the translation by SAM."""
    answer = translate(TEMPLATE, os.environ)
    assert answer.code == 0, answer.complaints
    path = tmp_path_factory.mktemp("translated") / "template.json"
    path.write_text(answer.output, "utf-8")
    return path
