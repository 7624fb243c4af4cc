"""SECURITY.md names a test for each threat, and each test that it names is there."""

import ast
import re

from emulation.settings import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE)

    assert len(named) > 40
    assert [f"{path}::{name}" for path, name in named if name and name not in names_in(path)] == []


def test_every_threat_names_what_protects_and_a_test_that_shows_it() -> None:
    rows = [line.strip("|").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    threats = [row for row in rows if row[0].strip() != "threat"]

    assert len(threats) > 25
    assert [row[0] for row in threats if len(row) != 3 or not NAMED.search(row[2])] == []


def test_every_file_of_the_hostile_suite_is_on_the_page() -> None:
    suite = {f"tests/hostile/{path.name}" for path in (ROOT / "tests" / "hostile").glob("test_*.py")}

    assert suite <= {path for path, _ in NAMED.findall(PAGE)}
