"""What an AWS call can fail with, sorted: an outage becomes ServiceUnavailableError, the rest keeps its AWS code."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from server.errors import ServiceUnavailableError

_OUTAGES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "Throttling",
        "SlowDown",
        "ServiceUnavailable",
        "InternalServerError",
        "InternalErrorException",
        "InternalError",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
# S3 answers 403 instead of 404 for a missing key when the caller may not list the bucket.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
_MISSING = frozenset({"NoSuchKey", "AccessDenied", "404", "403"})
# Why a part of a transaction was cancelled, where it is the table that is in trouble.
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
_CANCELLING_OUTAGES = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})


def error_code(error: ClientError) -> str:
    """The AWS code of an error, such as `ConditionalCheckFailedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_missing(error: ClientError) -> bool:
    """Whether S3 has no object of that key."""
    return error_code(error) in _MISSING


def is_outage(error: ClientError) -> bool:
    """Whether the service cannot do it now: a throttle, also of a transaction's part, another transaction, or a 5xx."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    reasons: Sequence[Mapping[str, Any]] = cast("Any", error.response).get("CancellationReasons", [])
    is_cancelled = any(reason.get("Code") in _CANCELLING_OUTAGES for reason in reasons)
    return status >= 500 or error_code(error) in _OUTAGES or is_cancelled


@asynccontextmanager
async def outages_as_unavailable() -> AsyncIterator[None]:
    """Turn time-outs, lost connections, throttles and 5xx into ServiceUnavailableError; let other errors through."""
    try:
        yield
    except ClientError as error:
        if is_outage(error):
            raise ServiceUnavailableError from error
        raise
    except (BotoConnectionError, HTTPClientError, aiohttp.ClientError, TimeoutError) as error:
        raise ServiceUnavailableError from error
