"""A bucket, asked with a signature: as an origin it is the identity `cloudfront`, as origin access control has it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientResponse, web
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from multidict import CIMultiDict

from emulation.cloud.sigv4 import s3_path
from emulation.edge.origin import Origin
from emulation.settings import CDN_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION

# They belong to the connection with S3, and CloudFront does not pass them on.
OWN_HEADERS = ("x-amz-id-2", "x-amz-request-id")


class Bucket:
    """The objects of one bucket; a path without its first slash is the key."""

    def __init__(self, cloud: Origin, name: str, access_key: str = CDN_ACCESS_KEY) -> None:
        self._cloud = cloud
        self._name = name
        self._credentials = Credentials(access_key, DEVELOPER_SECRET_KEY)

    @asynccontextmanager
    async def open(
        self, method: str, target: str, headers: CIMultiDict[str], body: web.BaseRequest | bytes | None = None
    ) -> AsyncIterator[ClientResponse]:
        """S3's answer, its body unread; raises EdgeError when there is none. The body of a viewer is not sent on."""
        data = body if isinstance(body, bytes) else None
        address = f"/{self._name}{target}"
        # S3 is not asked by the viewer's own authorization, but by the edge's.
        headers.popall("Authorization", None)
        path, question, query = address.partition("?")
        # The path is signed as S3 reads it and sent as the viewer wrote it.
        read = str(self._cloud.url(s3_path(path) + question + query))
        signed = AWSRequest(method, read, data=data, headers=dict(headers))
        S3SigV4Auth(self._credentials, "s3", REGION).add_auth(signed)
        async with self._cloud.open(method, address, CIMultiDict(signed.headers.items()), data) as answer:
            yield answer
