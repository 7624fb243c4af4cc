"""What every test may use."""

import pytest

TARGETS = ("inprocess", "stack")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--target` says what tests/api talks to."""
    parser.addoption(
        "--target",
        choices=TARGETS,
        default="inprocess",
        help="inprocess: the API in the tests' own process, on a cloud of its own; stack: what `just up` started",
    )
