"""A stack that the tests of this folder share, and where they keep what they have measured."""

import os
from collections.abc import AsyncIterator

import pytest

from emulation.commands.containers import check_compose, connect_engine
from emulation.commands.errors import CommandError
from tests.faults.stack import Stack, open_stack


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The short form leaves out what needs containers or minutes."""
    if config.getoption("--faults") == "short":
        long = [item for item in items if "long_form" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def long_form() -> None:
    """Marks what only the full form runs."""


@pytest.fixture(scope="session")
def is_full(request: pytest.FixtureRequest) -> bool:
    """Whether the full form was asked for."""
    return bool(request.config.getoption("--faults") == "full")


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A stack of processes."""
    async with open_stack("processes", os.environ, tmp_path_factory.mktemp("faults")) as stack:
        yield stack


@pytest.fixture(scope="session")
async def containers(long_form: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A stack of containers, in the full form and where an engine answers."""
    try:
        connect_engine(os.environ)
        check_compose(os.environ)
    except CommandError as error:
        pytest.skip(str(error))
    async with open_stack("containers", os.environ, tmp_path_factory.mktemp("containers")) as stack:
        yield stack
