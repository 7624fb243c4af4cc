from pathlib import Path

from tests.fidelity.__main__ import PAGE, record
from tests.fidelity.page import make_rows, read_listed


def test_the_page_lists_what_is_tested(tmp_path: Path) -> None:
    rows = make_rows([], record("local", tmp_path, "--collect-only"))
    assert sorted(read_listed(PAGE.read_text())) == sorted((row.fact, row.source) for row in rows), (
        "docs/fidelity.md is not of these tests: run `just fidelity`"
    )


def test_every_behaviour_here_is_that_of_aws() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if "| [AWS](" in line]
    assert [row for row in rows if not row.endswith("| yes |")] == []
