from collections.abc import Iterator

import pytest

from tests.emulation.cloud_process import CloudProcess


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """The local AWS with the stack applied."""
    process = CloudProcess(tmp_path_factory.mktemp("cloud"))
    yield process.wait_until_ready()
    process.stop()
