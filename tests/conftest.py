"""What every test may use."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.targets"]

TARGETS = ("inprocess", "stack", "lambda", "url")
AWS = ("local", "moto")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--target` says what tests/api and tests/browser talk to, `--aws` what tests of AWS behaviour do."""
    parser.addoption(
        "--target",
        choices=TARGETS,
        default="inprocess",
        help="inprocess: the API in the tests' own process, on a cloud of its own; stack: what `just up` started; "
        "lambda: like inprocess, but the functions as built, under Lambda's runtime emulator; "
        "url: a deployment, as `just test-url` tells it",
    )
    parser.addoption(
        "--screenshots",
        metavar="FOLDER",
        help="where tests/browser writes a picture of every page: light and dark, phone and desktop",
    )
    parser.addoption(
        "--aws",
        choices=AWS,
        default="local",
        help="local: the local AWS; moto: a stock moto_server, and only what is documented of AWS is asked",
    )
    parser.addoption(
        "--exchanges",
        metavar="FILE",
        help="write every exchange of tests/api with its target into a file, for `just parity`",
    )
    parser.addoption(
        "--cases",
        type=int,
        default=600,
        metavar="N",
        help="how many requests tests/hostile makes of the API's document at the least",
    )
    parser.addoption(
        "--faults",
        choices=("short", "full"),
        default="short",
        help="tests/faults in a few seconds each, or with many clients, long pauses and containers too",
    )
    parser.addoption(
        "--reliability",
        metavar="FOLDER",
        help="keep what tests/faults measures in a folder, for `just reliability`",
    )
    parser.addoption(
        "--at-least",
        type=int,
        default=0,
        metavar="N",
        help="fail when fewer tests than this have passed, so that a target cannot be silently empty",
    )


@pytest.fixture(scope="session")
def records(request: pytest.FixtureRequest) -> Path | None:
    """Where records for `just reliability` are kept; None: nowhere."""
    folder = request.config.getoption("--reliability")
    return Path(folder) if folder else None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hold `--at-least`."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    wanted = session.config.getoption("--at-least")
    passed = len(reporter.stats.get("passed", [])) if reporter else 0
    if reporter and passed < wanted and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\nOnly {passed} tests passed; at least {wanted} were expected.", red=True)
