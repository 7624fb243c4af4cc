"""The AWS clients: opened once, low-level, with short time limits and few retries."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aioboto3
from botocore.config import Config

from server.settings import Settings

if TYPE_CHECKING:
    from types_aiobotocore_cognito_idp import CognitoIdentityProviderClient
    from types_aiobotocore_dynamodb import DynamoDBClient
    from types_aiobotocore_s3 import S3Client


def _config(read_timeout_seconds: float, attempts: int) -> Config:
    # All tries together fit into the functions' own limits: 10 s, and 5 s for the user function.
    return Config(
        connect_timeout=1,
        read_timeout=read_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=50,
    )


_DYNAMODB = _config(read_timeout_seconds=1.5, attempts=2)
# Once: a second SignUp or a second use of a code would be refused, though the first one did its work.
_COGNITO = _config(read_timeout_seconds=3.5, attempts=1)
# Path style works for every bucket name and for a loopback address alike; SigV4 because botocore would presign
# SigV2 in us-east-1; no checksum parameters in a presigned URL, as a browser could not compute them.
_S3 = _config(read_timeout_seconds=3, attempts=2).merge(
    Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"},
    )
)


@dataclass(frozen=True)
class Clients:
    """One client per service, and one that only presigns S3 URLs for the endpoint that browsers reach.

    Settings without a user pool, which most functions have, give none of Cognito: it takes a start 30 ms to open.
    """

    cognito: "CognitoIdentityProviderClient | None"
    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    s3_presigner: "S3Client"


@asynccontextmanager
async def open_clients(settings: Settings, session: aioboto3.Session | None = None) -> AsyncIterator[Clients]:
    """Open all clients from one session, by default one whose credentials the SDK finds by itself.

    They close with the context.
    """
    session = session or aioboto3.Session(region_name=settings.region)
    async with AsyncExitStack() as stack:
        yield Clients(
            cognito=await stack.enter_async_context(session.client("cognito-idp", config=_COGNITO))
            if settings.client_id
            else None,
            dynamodb=await stack.enter_async_context(session.client("dynamodb", config=_DYNAMODB)),
            s3=await stack.enter_async_context(session.client("s3", config=_S3)),
            s3_presigner=await stack.enter_async_context(
                session.client("s3", config=_S3, endpoint_url=settings.s3_public_endpoint)
            ),
        )
