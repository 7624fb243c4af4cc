"""The AWS clients: opened once, low-level, with short time limits and few retries."""

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aioboto3
import aiobotocore
from botocore.config import Config

from server.aws.plain_json import speak_plain_json
from server.settings import Settings

if TYPE_CHECKING:
    from types_aiobotocore_cognito_idp import CognitoIdentityProviderClient
    from types_aiobotocore_dynamodb import DynamoDBClient
    from types_aiobotocore_s3 import S3Client


# A ready one: the SDK's own is built twice for each request, from sixteen parts, which is a tenth of a call.
_USER_AGENT = f"guitar-collection aiobotocore/{aiobotocore.__version__}"


def _config(read_timeout_seconds: float, attempts: int) -> Config:
    # All tries together fit into the functions' own limits: 10 s, and 5 s for the user function.
    return Config(
        connect_timeout=1,
        read_timeout=read_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": attempts},
        max_pool_connections=50,
        user_agent=_USER_AGENT,
    )


# DynamoDB checks its parameters itself; the SDK's own walk through an item is a sixth of a creation's call.
_DYNAMODB = _config(read_timeout_seconds=1.5, attempts=2).merge(Config(parameter_validation=False))
# Once: a second SignUp or a second use of a code would be refused, though the first one did its work.
_COGNITO = _config(read_timeout_seconds=3.5, attempts=1)
# Path style works for every bucket name and for a loopback address alike, the regional host for a new bucket of
# us-east-1 too; SigV4 because botocore would presign SigV2 there; no checksum parameters in a presigned URL, as a
# browser could not compute them. The signature covers a body by its x-amz-checksum-* header, not by a hash of its own
# that the SDK would compute on the event loop.
# https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
_S3 = _config(read_timeout_seconds=3, attempts=2).merge(
    Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "addressing_style": "path",
            "payload_signing_enabled": False,
            "us_east_1_regional_endpoint": "regional",
        },
    )
)


SERVICES = ("cognito-idp", "dynamodb", "s3")


@dataclass(frozen=True)
class Clients:
    """One client per service. What presigns S3 URLs is the same one, unless browsers reach S3 at another address."""

    cognito: "CognitoIdentityProviderClient"
    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    s3_presigner: "S3Client"


class Unopened:
    """In the place of a client that a process does not need: to open one takes a cold start up to 120 ms."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, operation: str) -> Any:
        raise RuntimeError(f"{operation}: this process opened no client of {self._service}")


@asynccontextmanager
async def open_clients(
    settings: Settings, session: aioboto3.Session | None = None, services: Collection[str] = SERVICES
) -> AsyncIterator[Clients]:
    """Open the clients of services from one session, by default one whose credentials the SDK finds by itself.

    They close with the context.
    """
    session = session or aioboto3.Session(region_name=settings.region)
    async with AsyncExitStack() as stack:

        async def open_client(service: str, config: Config, endpoint_url: str | None = None) -> Any:
            if service not in services:
                return Unopened(service)
            client = await stack.enter_async_context(session.client(service, config=config, endpoint_url=endpoint_url))
            if service == "dynamodb":
                speak_plain_json(client)
            return client

        s3 = await open_client("s3", _S3)
        is_public = "s3" in services and s3.meta.endpoint_url == settings.s3_public_endpoint
        yield Clients(
            cognito=await open_client("cognito-idp", _COGNITO),
            dynamodb=await open_client("dynamodb", _DYNAMODB),
            s3=s3,
            s3_presigner=s3 if is_public else await open_client("s3", _S3, settings.s3_public_endpoint),
        )
