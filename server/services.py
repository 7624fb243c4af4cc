"""The composition root: everything a handler may use, opened once."""

import functools
import os
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.aws.clients import SERVICES, Clients, open_clients
from server.aws.guitars_table import GuitarsTable
from server.aws.images_bucket import ImagesBucket
from server.aws.uploads_bucket import UploadsBucket
from server.aws.user_pool import UserPool
from server.aws.users_table import UsersTable
from server.clock import Clock, SystemClock
from server.ids import Ids
from server.settings import Settings

if TYPE_CHECKING:
    import aioboto3

    from server.pictures import PictureWorkers


@dataclass(frozen=True)
class Services:
    """What handlers work with.

    `pictures` gives the workers that process pictures, which are opened when first asked for.
    """

    clock: Clock
    ids: Ids
    user_pool: UserPool
    guitars: GuitarsTable
    users: UsersTable
    uploads: UploadsBucket
    images: ImagesBucket
    pictures: "Callable[[], PictureWorkers]"


@asynccontextmanager
async def open_services(
    settings: Settings,
    clock: Clock | None = None,
    random_bytes: Callable[[int], bytes] = os.urandom,
    session: "aioboto3.Session | None" = None,
    aws_services: Collection[str] = SERVICES,
) -> AsyncIterator[Services]:
    """Open the services over the clients of `aws_services`; their connections close with the context.

    `session` says who calls AWS. On Lambda there is none: the SDK finds the credentials of the function's role.
    """
    async with open_clients(settings, session, aws_services) as clients:
        yield compose_services(settings, clients, clock or SystemClock(), random_bytes)


def compose_services(
    settings: Settings, clients: Clients, clock: Clock, random_bytes: Callable[[int], bytes]
) -> Services:
    """The services over clients that are open."""
    return Services(
        clock=clock,
        ids=Ids(clock, random_bytes),
        user_pool=UserPool(clients.cognito, settings.client_id),
        guitars=GuitarsTable(clients.dynamodb, settings.guitars_table, settings.users_table),
        users=UsersTable(clients.dynamodb, settings.users_table),
        uploads=UploadsBucket(clients.s3, clients.s3_presigner, settings.uploads_bucket),
        images=ImagesBucket(clients.s3, clients.s3_presigner, settings.images_bucket, settings.cdn_url),
        pictures=functools.cache(_open_pictures),
    )


def _open_pictures() -> "PictureWorkers":
    # Imported here so that a function that sees no picture starts without Pillow.
    from server.pictures import PictureWorkers

    return PictureWorkers()
