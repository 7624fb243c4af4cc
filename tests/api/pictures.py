"""Whether a picture is still stored. The CDN cannot be asked: it keeps for a year what it has once given."""

import asyncio
from typing import Any

import boto3
from botocore.exceptions import ClientError
from yarl import URL

from tests.api.client import Api
from tests.aws_clients import open_client


async def is_stored(api: Api, url: str) -> bool:
    """Whether the images bucket has the object behind a picture's URL."""
    bucket = api.target.images_bucket
    if bucket:
        # A deployment, asked with the rights of whoever deploys.
        client = boto3.client("s3")
    else:
        environment = (await api.fetch("GET", f"{api.target.aws_url}/_cloud/environment")).json
        client = await asyncio.to_thread(open_client, api.target.aws_url, "s3")
        bucket = environment["S3_BUCKET_IMAGES"]
    return await asyncio.to_thread(_has, client, bucket, URL(url).path.lstrip("/"))


def _has(client: Any, bucket: str, key: str) -> bool:
    try:
        client.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] == "404":
            return False
        raise
    return True
