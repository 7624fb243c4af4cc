"""What README, CONTRIBUTING and the list of decisions name is what there is."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"


def read_commands(page: Path, section: str) -> list[str]:
    """The commands in the first cells of a section's tables."""
    text = page.read_text("utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (`just .*?) \|", text, re.MULTILINE)


def test_the_readme_lists_every_command_once() -> None:
    justfile = (ROOT / "Justfile").read_text("utf-8")
    recipes = set(re.findall(r"^([a-z][a-z-]*)(?: [^:\n]*)?:(?!=)", justfile, re.MULTILINE)) - {"default"}
    listed = re.findall(r"`just ([^`]+)`", " ".join(read_commands(ROOT / "README.md", "Commands")))
    assert {command.partition(" ")[0] for command in listed} == recipes
    assert [command for command, times in Counter(listed).items() if times > 1] == []


def test_every_command_belongs_to_a_group() -> None:
    justfile = (ROOT / "Justfile").read_text("utf-8")
    for block in re.split(r"\n\n+", justfile):
        if re.search(r"^(?!default)[a-z][a-z-]*(?: [^:\n]*)?:(?!=)", block, re.MULTILINE):
            assert re.search(r"^\[group\(", block, re.MULTILINE), block


def test_every_file_and_folder_that_contributing_names_exists() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:\.|server|deploy|emulation|tests|docs)[\w./-]*/[\w./-]*)`", page)
    assert len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_decision_is_in_the_list_once() -> None:
    listed = re.findall(r"^\| \[[\w-]+\]\(([\w-]+\.md)\)", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in DECISIONS.glob("*.md") if page.name != "README.md")
