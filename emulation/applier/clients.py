"""The clients that create and check the local resources."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.session import Session

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from emulation.tracing import TRACE_HEADER, UNRECORDED

# One answer of the local cloud takes milliseconds, its first one of a service about a second.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=15,
    retries={"mode": "standard", "total_max_attempts": 2},
    s3={"addressing_style": "path"},
)


@dataclass(frozen=True)
class Clients:
    """One synchronous client per service of the local cloud."""

    cognito: Any
    dynamodb: Any
    s3: Any


@lru_cache(maxsize=2)
def open_clients(endpoint_url: str) -> Clients:
    """The clients for an endpoint. Kept, as opening them takes longer than all calls of a check together."""
    session = Session()
    session.register("before-call", _leave_unrecorded)
    cognito, dynamodb, s3 = (
        session.create_client(
            service,
            region_name=REGION,
            endpoint_url=endpoint_url,
            aws_access_key_id=DEVELOPER_ACCESS_KEY,
            aws_secret_access_key=DEVELOPER_SECRET_KEY,
            config=_CONFIG,
        )
        for service in ("cognito-idp", "dynamodb", "s3")
    )
    return Clients(cognito, dynamodb, s3)


def _leave_unrecorded(**told: Any) -> None:
    """The stack is created and checked without a trace in the request log."""
    told["params"]["headers"][TRACE_HEADER] = f"Root={UNRECORDED}"
