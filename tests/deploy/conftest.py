"""The template as CloudFormation gets it, and a stack to work on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.checks.template import TEMPLATE, translate
from tests.deploy.local_stack import LocalStack, run_local_stack


@pytest.fixture(scope="session")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the template after the translation by SAM."""
    answer = translate(TEMPLATE, os.environ)
    assert answer.code == 0, answer.complaints
    path = tmp_path_factory.mktemp("translated") / "template.json"
    path.write_text(answer.output, "utf-8")
    return path


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A local stack for the commands to work on."""
    with run_local_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
