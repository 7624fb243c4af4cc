"""A request whose signature holds."""

from dataclasses import dataclass

from moto.s3.models import FakeBucket
from multidict import CIMultiDict

from emulation.cloud.exchange import Request
from emulation.cloud.identity import Identity
from emulation.cloud.s3.streaming import Decoded
from emulation.cloud.s3.target import Target


@dataclass(frozen=True, slots=True)
class Call:
    """`headers` have what a presigned URL says too; `body` is out of its chunks. `region` is the one to answer from."""

    request: Request
    target: Target
    bucket: FakeBucket | None
    identity: Identity
    headers: CIMultiDict[str]
    body: Decoded
    region: str

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.request.method

    @property
    def is_read(self) -> bool:
        """Whether an object is asked for, or its head."""
        return self.method in ("GET", "HEAD") and bool(self.target.key) and not self.target.subresource

    @property
    def is_put(self) -> bool:
        """Whether this is PutObject."""
        return (
            self.method == "PUT"
            and bool(self.target.key)
            and not self.target.subresource
            and "x-amz-copy-source" not in self.headers
        )
