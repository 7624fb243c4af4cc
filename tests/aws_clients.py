"""The one way in which tests open a client of the local AWS, or of a stock moto."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION

# An SDK that retried would hide a failure for seconds; one that waited for ever would stop the comparison.
PLAIN_CONFIG: Mapping[str, Any] = {
    "connect_timeout": 5,
    "read_timeout": 20,
    "retries": {"total_max_attempts": 1},
    "max_pool_connections": 50,
}
S3_CONFIG: Mapping[str, Any] = {"signature_version": "s3v4", "s3": {"addressing_style": "path"}}


def open_client(
    url: str,
    service: str,
    access_key: str = DEVELOPER_ACCESS_KEY,
    secret: str = DEVELOPER_SECRET_KEY,
    **config: Any,
) -> Any:
    """A boto3 client of an endpoint, by default with the developer's key; `config` are arguments of botocore's Config.

    It does not retry.
    """
    settings = {**PLAIN_CONFIG, **(S3_CONFIG if service == "s3" else {}), **config}
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        config=Config(**settings),
    )
