"""Slow and throttled services: what is an outage, and that a route answers before its function is ended."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from server.aws.failures import outages_as_unavailable
from server.errors import ServiceUnavailableError
from server.routes import FUNCTIONS
from tests.deploy.reading import properties, read


def cancelled(*codes: str) -> ClientError:
    """A transaction that was cancelled, with the reason of each of its parts."""
    reasons = [{"Code": code} for code in codes]
    response = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    return ClientError(cast("Any", response), "TransactWriteItems")


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
async def test_a_transaction_that_a_throttled_table_has_cancelled_is_an_outage(code: str) -> None:
    with pytest.raises(ServiceUnavailableError):
        async with outages_as_unavailable():
            raise cancelled("None", code)


async def test_a_transaction_whose_condition_failed_is_none() -> None:
    with pytest.raises(ClientError):
        async with outages_as_unavailable():
            raise cancelled("ConditionalCheckFailed", "None")


def test_every_route_answers_half_a_second_before_its_function_is_ended() -> None:
    template = read()
    for name, function in FUNCTIONS.items():
        timeout_seconds = properties(template, f"{name.title()}Function")["Timeout"]
        assert timeout_seconds == function.answer_within_seconds + 0.5
