"""S3 as a whole: who asks, whether they may, and then the answer."""

from collections.abc import Callable

from moto.s3.models import FakeBucket

from emulation.clock import AgeingClock
from emulation.cloud.exchange import Answer, Request
from emulation.cloud.identity import Calls, Identities
from emulation.cloud.operations import Operation
from emulation.cloud.s3 import model
from emulation.cloud.s3.actions import check_operation, needed_permissions
from emulation.cloud.s3.authentication import Authentication
from emulation.cloud.s3.call import Call
from emulation.cloud.s3.cors import answer_preflight, cors_headers
from emulation.cloud.s3.errors import S3Error, access_denied, error_answer, no_such_bucket
from emulation.cloud.s3.forwarding import presigned_headers
from emulation.cloud.s3.lifecycle import Lifecycle
from emulation.cloud.s3.moto_mends import mend_s3
from emulation.cloud.s3.object_calls import ObjectCalls
from emulation.cloud.s3.permissions import Permissions
from emulation.cloud.s3.posting import post_answer, read_upload
from emulation.cloud.s3.streaming import Decoded
from emulation.cloud.s3.target import Target, read_target
from emulation.settings import REGION
from server.clock import Clock

# https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
SERVER = "AmazonS3"
Forward = Callable[[Operation, Request], Answer]


class S3:
    """Answers every request to S3. Run `lifecycle.run()` beside it."""

    def __init__(
        self,
        forward: Forward,
        identities: Identities,
        calls: Calls,
        clock: AgeingClock,
        request_clock: Clock,
        changed: Callable[[], None],
        new_id: Callable[[], str],
    ) -> None:
        """`forward` has moto answer, `changed` notes that data was changed, `new_id` gives ids of requests.

        `request_clock` is that by which requests themselves are dated; what was issued ages by `clock`.
        """
        mend_s3()
        self.lifecycle = Lifecycle(clock, changed)
        self._clock = clock
        self._new_id = new_id
        self._authentication = Authentication(identities, clock, request_clock)
        self._permissions = Permissions(calls)
        self._objects = ObjectCalls(forward, self._permissions, self.lifecycle)

    async def answer(self, request: Request, operation: Operation) -> Answer:
        """The answer, refusals included; each with its ids and the headers of the bucket's CORS rules."""
        request_id, host_id = self._new_id(), self._new_id()
        self.lifecycle.follow_clock()
        rules = None
        try:
            target = read_target(request)
            bucket = model.find_bucket(target.bucket)
            rules = bucket.cors if bucket is not None else None
            if request.method == "OPTIONS":
                answer = answer_preflight(rules, request)
            else:
                answer = self._serve(request, target, bucket, operation)
        except S3Error as error:
            answer = error_answer(error, request_id, host_id)
        if request.method != "OPTIONS":
            answer.headers.extend(cors_headers(rules or [], request))
        answer.headers.extend((("x-amz-request-id", request_id), ("x-amz-id-2", host_id), ("Server", SERVER)))
        if request.method == "HEAD" and answer.body:
            return Answer(answer.status, b"", answer.headers)
        return answer

    def _serve(self, request: Request, target: Target, bucket: FakeBucket | None, operation: Operation) -> Answer:
        if request.method == "POST" and target.bucket and not target.key and not target.subresource:
            return self._post(request, target, bucket)
        check_operation(request.method, target)
        region = bucket.region_name if bucket is not None else ""
        identity, body = self._authentication.check(request, target.query, region)
        creates = request.method == "PUT" and not target.key and not target.subresource
        if target.bucket and bucket is None and not creates:
            raise no_such_bucket(target.bucket)
        if identity is None:
            # No bucket is public: new ones block that.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
            raise access_denied()
        headers = presigned_headers(request, target)
        for permission in needed_permissions(request.method, target, headers):
            self._permissions.require(identity, permission)
        call = Call(request, target, bucket, identity, headers, body, region or operation.region or REGION)
        with self._permissions.hiding_missing_keys(identity, target.bucket):
            return self._objects.answer(call)

    def _post(self, request: Request, target: Target, bucket: FakeBucket | None) -> Answer:
        if bucket is None:
            raise no_such_bucket(target.bucket)
        upload = read_upload(request, bucket.name, bucket.region_name, self._authentication, self._clock)
        path = Target(bucket.name, upload.key, {}, "")
        for permission in needed_permissions("PUT", path, upload.headers):
            self._permissions.require(upload.identity, permission)
        body = Decoded(upload.content)
        call = Call(request, path, bucket, upload.identity, upload.headers, body, bucket.region_name)
        written = self._objects.write(call, bucket)
        return post_answer(written, upload, bucket.name, f"http://{request.headers.get('Host', '')}")
