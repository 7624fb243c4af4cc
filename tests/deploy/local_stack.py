"""The local stack, as the commands of the deployment see one on AWS."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.commands.journey import Clients
from deploy.commands.stack import Deployment
from emulation.settings import ROOT
from tests.emulation.aws_endpoint import open_client
from tests.ports import free_port


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
    ports = {name: str(free_port()) for name in ("FRONT_DOOR_PORT", "API_PORT", "AWS_PORT")}
    environment = {**os.environ, **ports, "STACK": "processes", "LOCAL_DIR": str(folder)}
    command = [sys.executable, "-m", "emulation"]
    subprocess.run([*command, "up"], cwd=ROOT, env=environment, check=True, timeout=120)
    try:
        aws_url = f"http://127.0.0.1:{ports['AWS_PORT']}"
        with urllib.request.urlopen(f"{aws_url}/_cloud/environment", timeout=10) as answer:  # noqa: S310
            told = json.load(answer)
        deployment = Deployment(
            cdn_url=f"http://localhost:{ports['FRONT_DOOR_PORT']}",
            api_url=f"http://localhost:{ports['API_PORT']}",
            user_pool_id=told["COGNITO_USER_POOL_ID"],
            users_table=told["DYNAMODB_TABLE_USERS"],
            guitars_table=told["DYNAMODB_TABLE_GUITARS"],
            images_bucket=told["S3_BUCKET_IMAGES"],
            frontend_bucket=told["S3_BUCKET_FRONTEND"],
            s3_public_endpoint=f"http://localhost:{ports['AWS_PORT']}",
        )
        yield LocalStack(deployment, aws_url)
    finally:
        subprocess.run([*command, "down"], cwd=ROOT, env=environment, check=True, timeout=60)
