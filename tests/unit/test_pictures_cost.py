"""What the largest accepted pictures need: the limits of a 512 MB function. `just bench limits` has the CPU time."""

from pathlib import Path

import pytest

from tests.largest_pictures import LARGEST, measure

MAX_PEAK_MEGABYTES = 400


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from Linux's /proc")
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_pictures_need_at_most_400_megabytes(name: str, tmp_path: Path) -> None:
    assert measure(name, tmp_path)["peak_megabytes"] <= MAX_PEAK_MEGABYTES
