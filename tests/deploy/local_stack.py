"""The local stack, as the commands of the deployment see one on AWS."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.commands.journey import Clients
from deploy.commands.stack import Deployment
from emulation.settings import read_local_settings
from tests.aws_clients import open_client
from tests.stack import run_stack


@dataclass(frozen=True)
class LocalStack:
    """A running stack and its resources."""

    deployment: Deployment
    aws_url: str

    def client(self, service: str, **config: Any) -> Any:
        """A client with all rights."""
        return open_client(self.aws_url, service, **config)

    @property
    def clients(self) -> Clients:
        """The clients of a journey."""
        return Clients(self.client("cognito-idp"), self.client("dynamodb"), self.client("s3"))


@contextmanager
def run_local_stack(folder: Path) -> Iterator[LocalStack]:
    """A stack of processes of its own, until the end of the block."""
    with run_stack(folder) as environment:
        settings = read_local_settings(environment)
        with urllib.request.urlopen(f"{settings.aws_url}/_cloud/environment", timeout=10) as answer:  # noqa: S310
            told = json.load(answer)
        deployment = Deployment(
            cdn_url=settings.front_door_url,
            api_url=settings.public_api_url,
            user_pool_id=told["COGNITO_USER_POOL_ID"],
            users_table=told["DYNAMODB_TABLE_USERS"],
            guitars_table=told["DYNAMODB_TABLE_GUITARS"],
            images_bucket=told["S3_BUCKET_IMAGES"],
            frontend_bucket=told["S3_BUCKET_FRONTEND"],
            s3_public_endpoint=settings.public_aws_url,
        )
        yield LocalStack(deployment, settings.aws_url)
