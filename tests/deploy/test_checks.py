"""How the findings of the tools are read."""

import json

from deploy.checks.__main__ import complaints, unwaived
from deploy.checks.tools import Finished, tool_command
from deploy.checks.waivers import WAIVERS


def checkov_found(*checks: str) -> Finished:
    failed = [{"check_id": check, "resource": "AWS::S3::Bucket.Some", "check_name": "Ensure it"} for check in checks]
    return Finished(0, json.dumps({"results": {"failed_checks": failed}}), "")


def test_what_is_waived_is_no_finding() -> None:
    assert unwaived(checkov_found(*WAIVERS)) == []


def test_a_waived_check_has_its_reason() -> None:
    assert [check for check, reason in WAIVERS.items() if len(reason.split()) < 5] == []


def test_what_is_not_waived_is_a_finding() -> None:
    assert unwaived(checkov_found(*WAIVERS, "CKV_AWS_53")) == ["CKV_AWS_53: AWS::S3::Bucket.Some: Ensure it"]


def test_a_waiver_that_nothing_needs_is_a_finding() -> None:
    first, *others = WAIVERS
    assert unwaived(checkov_found(*others)) == [f"{first}: nothing needs this waiver (deploy/checks/waivers.py)"]


def test_a_tool_that_fails_is_a_finding() -> None:
    assert unwaived(Finished(2, "", "no such file")) == ["no such file"]
    assert complaints(Finished(1, "E3004 a circle", "")) == ["E3004 a circle"]


def test_a_tool_is_run_by_the_uv_that_runs_this_even_off_the_path() -> None:
    assert tool_command("a-linter==1", ["lint"], {"UV": "/opt/uv", "PATH": "/nowhere"})[0] == "/opt/uv"
