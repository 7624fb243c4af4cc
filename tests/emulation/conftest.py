from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint, LocalAws, StockMoto, run_moto_server
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.command_stack import Stack, own_stack


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With stock moto only what is documented of AWS is asked."""
    if config.getoption("--aws") == "moto":
        asked = [item for item in items if item.get_closest_marker("aws") and "aws" in _fixtures(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in asked])
        items[:] = asked


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """The local AWS with the stack applied."""
    process = CloudProcess(tmp_path_factory.mktemp("cloud"))
    yield process.wait_until_ready()
    process.stop()


@pytest.fixture(scope="session")
def aws(request: pytest.FixtureRequest) -> Iterator[AwsEndpoint]:
    """What `--aws` names: the local AWS, or stock moto; the stack applied."""
    if request.config.getoption("--aws") == "moto":
        with run_moto_server() as url:
            yield StockMoto(url)
    else:
        yield LocalAws(request.getfixturevalue("cloud"))


@pytest.fixture(autouse=True)
def unaged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test begins with a clock that nobody has advanced: what it dates back is not aged by another test."""
    yield
    used = request.node.funcargs.get("aws")
    if isinstance(used, LocalAws):
        used.forget_ageings()


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """A stack of processes, not started yet."""
    async with own_stack(tmp_path) as stack:
        yield stack
