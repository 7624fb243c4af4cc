"""The command line."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence

from emulation.commands.dev import dev
from emulation.commands.doctor import doctor
from emulation.commands.down import down, reset
from emulation.commands.errors import CommandError, folder_errors
from emulation.commands.interrupting import INTERRUPTED
from emulation.commands.output import complain, silence
from emulation.commands.parts import PARTS, PARTS_BY_NAME
from emulation.commands.probe import check_health
from emulation.commands.seeding import seed_stack
from emulation.commands.snapshots import list_snapshots, restore_snapshot, take_snapshot
from emulation.commands.stack_tests import run_on_containers, run_on_processes
from emulation.commands.status import logs, status
from emulation.commands.up import up
from emulation.settings import LocalSettings, LocalSettingsError, read_local_settings

Command = Callable[[argparse.Namespace, LocalSettings, Mapping[str, str]], int]
UNREAD = 141


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(arguments)
    command: Command = asked.command
    try:
        settings = read_local_settings(environ)
        with folder_errors(settings.local_dir):
            return command(asked, settings, environ)
    except (CommandError, LocalSettingsError) as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        silence(sys.stdout)
        return UNREAD
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="just", description="The local stack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, text: str, command: Command) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=command)
        return added

    add("up", "start the stack and wait until it is healthy", lambda _, settings, environ: up(settings, environ))
    add("down", "stop the stack; its data is kept", lambda _, settings, environ: down(settings, environ))
    add("status", "which parts run, where, since when", lambda _, settings, environ: status(settings, environ))
    add("reset", "delete all data", lambda _, settings, environ: reset(settings, environ))
    add("seed", "fill the running stack with a collection", lambda _, settings, environ: seed_stack(settings, environ))
    add("dev", "run in the foreground, reloading on save", lambda _, settings, environ: dev(settings, environ))
    added = add("doctor", "what has come apart in the running stack", _doctor)
    added.add_argument("--mend", action="store_true", help="put right what can be")
    add("snapshots", "list the snapshots", lambda _, settings, __: list_snapshots(settings))
    added = add("snapshot", "keep all data as a file under a name", _take_snapshot)
    added.add_argument("name")
    added = add("restore", "replace all data by that of a snapshot", _restore_snapshot)
    added.add_argument("name")
    added = add("logs", "print the logs", _logs)
    added.add_argument("part", nargs="?", choices=list(PARTS_BY_NAME))
    added.add_argument("-f", "--follow", action="store_true", help="go on printing what is added")
    added = add("healthcheck", "exit with 0 when a part is healthy, else with 1", _healthcheck)
    added.add_argument("part", choices=list(PARTS_BY_NAME))
    for added in (
        add("test-stack", "run tests/api against processes of its own", _test_stack),
        add("test-docker", "run tests/api against containers of its own", _test_docker),
    ):
        added.add_argument("pytest", nargs="*", help="options for pytest, after --")
    return parser


def _take_snapshot(asked: argparse.Namespace, settings: LocalSettings, environ: Mapping[str, str]) -> int:
    return take_snapshot(settings, environ, asked.name)


def _restore_snapshot(asked: argparse.Namespace, settings: LocalSettings, environ: Mapping[str, str]) -> int:
    return restore_snapshot(settings, environ, asked.name)


def _doctor(asked: argparse.Namespace, settings: LocalSettings, environ: Mapping[str, str]) -> int:
    return doctor(settings, environ, asked.mend)


def _logs(asked: argparse.Namespace, settings: LocalSettings, environ: Mapping[str, str]) -> int:
    parts = PARTS if asked.part is None else (PARTS_BY_NAME[asked.part],)
    return logs(settings, environ, parts, asked.follow)


def _healthcheck(asked: argparse.Namespace, settings: LocalSettings, _environ: Mapping[str, str]) -> int:
    return check_health(PARTS_BY_NAME[asked.part], settings)


def _test_stack(asked: argparse.Namespace, _settings: LocalSettings, environ: Mapping[str, str]) -> int:
    return run_on_processes(environ, asked.pytest)


def _test_docker(asked: argparse.Namespace, _settings: LocalSettings, environ: Mapping[str, str]) -> int:
    return run_on_containers(environ, asked.pytest)
