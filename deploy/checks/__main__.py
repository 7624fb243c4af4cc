"""`just check-template`: the templates and workflows under the tools that know what AWS and GitHub accept."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.build.artifacts import ROOT
from deploy.checks.template import ACCOUNT_TEMPLATE, PIPELINE_TEMPLATE, REGION, TEMPLATE, translate
from deploy.checks.tools import ACTIONLINT, CFN_LINT, CHECKOV, SAM_CLI, Finished, ToolError, run_tool
from deploy.checks.waivers import WAIVERS

WORKFLOWS = ROOT / ".github" / "workflows"


def complaints(done: Finished) -> list[str]:
    """All that a failed tool has said."""
    return [done.output + done.complaints] if done.code else []


def unwaived(done: Finished) -> list[str]:
    """What checkov found that is not waived, and the waivers that nothing needs."""
    if done.code:
        return complaints(done)
    failed = json.loads(done.output)["results"]["failed_checks"]
    found = [
        f"{one['check_id']}: {one['resource']}: {one['check_name']}" for one in failed if one["check_id"] not in WAIVERS
    ]
    unneeded = sorted(WAIVERS.keys() - {one["check_id"] for one in failed})
    return found + [f"{check}: nothing needs this waiver (deploy/checks/waivers.py)" for check in unneeded]


@dataclass(frozen=True)
class Check:
    """A tool's package, what it is called with, and what of its answer is a finding."""

    name: str
    package: str
    arguments: tuple[str, ...]
    find: Callable[[Finished], list[str]] = complaints


def list_checks(translated: str) -> list[Check]:
    """All checks, the longest first; `translated` is the file that SAM makes of the template."""
    by_hand = (str(ACCOUNT_TEMPLATE), str(PIPELINE_TEMPLATE))
    checkov = ("checkov", "--skip-download", "--quiet", "--compact", "--soft-fail", "--output", "json")
    return [
        Check(
            "checkov, but for what is waived",
            CHECKOV,
            (*checkov, "--framework", "cloudformation", "--file", translated, *by_hand),
            unwaived,
        ),
        # After the translation, too: before it, there are circles that nothing finds.
        Check(
            "cfn-lint on what SAM makes of it, and on account and pipeline",
            CFN_LINT,
            ("cfn-lint", "--regions", REGION, "--", translated, *by_hand),
        ),
        Check(
            "sam validate --lint",
            SAM_CLI,
            ("sam", "validate", "--lint", "--region", REGION, "--template", str(TEMPLATE)),
        ),
        Check("actionlint", ACTIONLINT, ("actionlint", *map(str, sorted(WORKFLOWS.glob("*.yml"))))),
    ]


def main(environ: Mapping[str, str]) -> int:
    """Run all checks, two at a time, and print what each found; 1 when one found something."""
    with tempfile.TemporaryDirectory() as folder:
        translated = Path(folder) / "template.json"
        try:
            done = translate(TEMPLATE, environ)
        except ToolError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        if done.code:
            sys.stderr.write(f"SAM cannot translate the template:\n{done.complaints}")
            return 1
        translated.write_text(done.output, "utf-8")
        with ThreadPoolExecutor(max_workers=2) as pool:
            passed = list(pool.map(partial(_report, environ=environ), list_checks(str(translated))))
    return 0 if all(passed) else 1


def _report(check: Check, environ: Mapping[str, str]) -> bool:
    started_at = time.monotonic()
    findings = check.find(run_tool(check.package, check.arguments, environ))
    verdict = "FAILED" if findings else "ok"
    line = f"{verdict:7} {check.name} ({time.monotonic() - started_at:.0f} s)"
    sys.stdout.write("\n".join([line, *findings]) + "\n")
    return not findings


if __name__ == "__main__":
    sys.exit(main(os.environ))
