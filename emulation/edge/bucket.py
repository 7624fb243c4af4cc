"""A bucket, asked with a signature: as an origin it is the identity `cloudfront`, as origin access control has it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote, unquote_to_bytes

from aiohttp import ClientResponse, web
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from multidict import CIMultiDict

from emulation.edge.origin import Origin
from emulation.settings import CDN_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION

# They belong to the connection with S3, and CloudFront does not pass them on.
OWN_HEADERS = ("x-amz-id-2", "x-amz-request-id")


def as_s3_reads(raw_path: str) -> str:
    """A raw path as S3 reads it before it computes a signature: needless escapes are undone, dots stay as they are.

    "You should not normalize URI paths for requests to Amazon S3":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    """
    return quote(unquote_to_bytes(raw_path), safe="/-_.~")


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
        read = str(self._cloud.url(as_s3_reads(path) + question + query))
        signed = AWSRequest(method, read, data=data, headers=dict(headers))
        S3SigV4Auth(self._credentials, "s3", REGION).add_auth(signed)
        async with self._cloud.open(method, address, CIMultiDict(signed.headers.items()), data) as answer:
            yield answer
