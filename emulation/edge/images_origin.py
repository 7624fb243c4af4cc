"""`/images/*`: the twin of the behaviour in front of the images bucket, with its origin access control."""

from aiohttp import ClientError, web
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from multidict import CIMultiDict

from emulation.edge.errors import METHOD_NOT_CACHABLE, UNREACHABLE, EdgeError
from emulation.edge.origin import Origin, relay
from emulation.settings import CDN_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION

PREFIX = "/images/"
METHODS = frozenset(("GET", "HEAD"))
# Of the viewer's headers S3 sees those that choose a part of the object or make the request conditional.
PASSED_HEADERS = ("If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Range")
IDENTITY = Credentials(CDN_ACCESS_KEY, DEVELOPER_SECRET_KEY)


class ImagesOrigin:
    """Reads objects of the images bucket; a path without its first slash is the key."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._bucket = ""

    async def bucket(self) -> str:
        """The bucket's name, which the local AWS tells once its stack is applied."""
        if not self._bucket:
            async with self._origin.open("GET", "/_cloud/environment", CIMultiDict()) as answer:
                if answer.status != 200:
                    raise EdgeError(502, UNREACHABLE)
                try:
                    self._bucket = (await answer.json())["S3_BUCKET_IMAGES"]
                except (ClientError, ValueError, KeyError) as error:
                    raise EdgeError(502, UNREACHABLE) from error
        return self._bucket

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """The object, or S3's refusal; the query is not passed on."""
        if request.method not in METHODS:
            raise EdgeError(403, METHOD_NOT_CACHABLE)
        target = f"/{await self.bucket()}{request.raw_path.partition('?')[0]}"
        async with self._origin.open(request.method, target, self._sign(request, target)) as answer:
            return await relay(request, answer)

    def _sign(self, request: web.BaseRequest, target: str) -> CIMultiDict[str]:
        passed = {name: request.headers[name] for name in PASSED_HEADERS if name in request.headers}
        signed = AWSRequest(request.method, str(self._origin.url(target)), headers=passed)
        S3SigV4Auth(IDENTITY, "s3", REGION).add_auth(signed)
        return CIMultiDict(signed.headers.items())
