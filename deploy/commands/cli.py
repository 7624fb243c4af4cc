"""The command line."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from boto3 import Session

from deploy.checks.tools import SAM_CLI, ToolError, attach_tool
from deploy.commands.credentials import check_credentials, open_session
from deploy.commands.deploying import deploy
from deploy.commands.destroying import destroy, refuse_protected
from deploy.commands.environments import PROTECTED, Environment, check_parameters, read_environment
from deploy.commands.errors import CommandError
from deploy.commands.journey import Clients
from deploy.commands.site import deploy_site, list_files
from deploy.commands.smoke import smoke
from deploy.commands.stack import Deployment, find_deployment
from deploy.commands.state import check_build, check_repository
from deploy.commands.testing import run_tests

INTERRUPTED = 130
Command = Callable[[argparse.Namespace, Mapping[str, str]], None]


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(arguments)
    command: Command = asked.command
    try:
        command(asked, environ)
    except (CommandError, ToolError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="just", description="The environments on AWS.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, text: str, command: Command) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("environment", help="dev, staging or prod")
        added.set_defaults(command=command)
        return added

    add("deploy", "bring an environment to what the repository holds", _deploy)
    add("deploy-site", "put a built site into an environment", _deploy_site).add_argument("folder", type=Path)
    add("test-url", "run tests/api against an environment", _test_url)
    add("smoke", "take a short journey through an environment", _smoke)
    added = add("destroy", "delete an environment with all its data; never prod", _destroy)
    added.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _find_deployed(environment: Environment) -> tuple[Session, Deployment]:
    """A session that AWS accepts, and what stands of the environment; raises CommandError."""
    session = open_session(environment.region)
    check_credentials(session.client("sts"))
    return session, find_deployment(session.client("cloudformation"), environment)


def _deploy(asked: argparse.Namespace, environ: Mapping[str, str]) -> None:
    environment = read_environment(asked.environment)
    check_parameters(environment)
    check_repository()
    check_build()
    session = open_session(environment.region)
    account = check_credentials(session.client("sts"))
    _say(f"{environment.stack_name} in {environment.region}, account {account}")

    def run_sam(arguments: list[str]) -> int:
        return attach_tool(SAM_CLI, ["sam", *arguments], environ)

    outputs = deploy(environment, session.client("cloudformation"), run_sam)
    _say(f"The site and the API: https://{outputs['CloudfrontDomain']} and /api")


def _deploy_site(asked: argparse.Namespace, _environ: Mapping[str, str]) -> None:
    environment = read_environment(asked.environment)
    list_files(asked.folder)
    session, deployment = _find_deployed(environment)
    deploy_site(session.client("s3"), deployment.frontend_bucket, asked.folder, _say)
    _say(f"{deployment.cdn_url} shows it now.")


def _smoke(asked: argparse.Namespace, _environ: Mapping[str, str]) -> None:
    session, deployment = _find_deployed(read_environment(asked.environment))
    clients = Clients(*(session.client(service) for service in ("cognito-idp", "dynamodb", "s3")))
    asyncio.run(smoke(deployment, clients, _say))
    _say(f"{deployment.cdn_url} works.")


def _test_url(asked: argparse.Namespace, environ: Mapping[str, str]) -> None:
    environment = read_environment(asked.environment)
    if environment.name == PROTECTED:
        raise CommandError(f"The tests make accounts by the hundred, and not in {PROTECTED}.")
    _, deployment = _find_deployed(environment)
    code = run_tests(deployment, environment, environ)
    if code:
        raise CommandError(f"The tests of {deployment.cdn_url} ended with {code}.")


def _destroy(asked: argparse.Namespace, _environ: Mapping[str, str]) -> None:
    environment = read_environment(asked.environment)
    refuse_protected(environment)
    session = open_session(environment.region)
    account = check_credentials(session.client("sts"))
    if not asked.yes:
        typed = input(f"This deletes {environment.stack_name} of account {account} with all its data. Its name: ")
        if typed.strip() != environment.stack_name:
            raise CommandError("That is not its name; nothing was deleted.")
    destroy(environment, session.client("cloudformation"), session.client("s3"), _say)
