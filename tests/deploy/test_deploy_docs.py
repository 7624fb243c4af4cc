"""The pages about the deployment say what there is."""

import re
from pathlib import Path

import yaml

from deploy.commands.environments import read_environment
from deploy.commands.smoke import STEPS
from emulation.settings import ROOT
from tests.deploy.reading import of_type, read

PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github").rglob("*.yml"))
RECIPES = set(re.findall(r"^([a-z][a-z-]*)(?: [^:\n]*)?:", (ROOT / "Justfile").read_text("utf-8"), re.MULTILINE))


def test_every_alarm_has_its_page_in_the_runbook_and_leads_there() -> None:
    alarms = of_type(read(), "AWS::CloudWatch::Alarm")
    assert set(re.findall(r"^### (\w+Alarm)$", PAGE, re.MULTILINE)) == alarms.keys()
    for name, alarm in alarms.items():
        assert alarm["AlarmDescription"].endswith(f"(docs/deploy.md, {name})")


def test_the_page_names_steps_of_the_smoke_test_that_exist() -> None:
    section = PAGE.partition("## What could not be proved")[2].partition("## Runbook")[0]
    named = {step for step in STEPS if f"`{step}`" in section}
    assert len(named) >= 5


def test_every_command_that_is_named_exists() -> None:
    pages = [PAGE, *(path.read_text("utf-8") for path in WORKFLOWS)]
    named = {name for page in pages for name in re.findall(r"\bjust ([a-z][a-z-]*)", page)}
    assert named <= RECIPES


def test_links_within_the_page_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= headings


def uses(path: Path) -> list[str]:
    return re.findall(r"uses: (\S+)", path.read_text("utf-8"))


def test_actions_of_others_are_pinned_by_commit() -> None:
    foreign = [one for path in WORKFLOWS for one in uses(path) if not one.startswith("./")]
    assert foreign
    for one in foreign:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", one), one


def test_workflows_hold_no_keys_and_trade_githubs_token() -> None:
    for path in WORKFLOWS:
        assert "secrets." not in path.read_text("utf-8"), path.name
    environment = yaml.safe_load((ROOT / ".github" / "workflows" / "environment.yml").read_text("utf-8"))
    assert environment["permissions"] == {"contents": "read", "id-token": "write"}
    assert environment["jobs"]["deploy"]["environment"] == "${{ inputs.environment }}"


def test_main_goes_to_dev_then_staging_then_prod() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "deliver.yml").read_text("utf-8"))["jobs"]
    order = {name: (job.get("needs"), job.get("with", {}).get("environment")) for name, job in jobs.items()}
    assert order == {
        "checks": (None, None),
        "dev": ("checks", "dev"),
        "staging": ("dev", "staging"),
        "prod": ("staging", "prod"),
    }
    for name in ("dev", "staging", "prod"):
        read_environment(name)
