"""The frequent operations answered from moto's model; the others by moto, once what it overlooks is checked."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from moto.s3.models import FakeBucket, FakeKey
from multidict import CIMultiDict

from emulation.cloud.exchange import Answer, Request
from emulation.cloud.operations import Operation
from emulation.cloud.s3 import model
from emulation.cloud.s3.bucket_policy import check_bucket_policy
from emulation.cloud.s3.call import Call
from emulation.cloud.s3.conditions import check_copy_source
from emulation.cloud.s3.deletion import Deletion, empty_result, read_deletions, request_body, with_errors
from emulation.cloud.s3.documents import NEW_BUCKET, parse_document, plain_text, read_document
from emulation.cloud.s3.errors import S3Error, no_such_bucket, no_such_key
from emulation.cloud.s3.forwarding import FORM_TYPES, forwarded
from emulation.cloud.s3.integrity import check_checksum, check_md5
from emulation.cloud.s3.lifecycle import Lifecycle
from emulation.cloud.s3.permissions import Permissions
from emulation.cloud.s3.queries import check_copy_range, check_query, check_upload
from emulation.cloud.s3.reading import find_object, is_plain_read, read_object
from emulation.cloud.s3.settings import check_setting
from emulation.cloud.s3.streaming import Decoded
from emulation.cloud.s3.target import read_copy_source
from emulation.cloud.s3.writing import is_plain_put, put_answer, put_object

# What may come instead of a document.
ACL_HEADERS = ("x-amz-acl", "x-amz-grant-")
_CODE = re.compile(rb"<Code>(\w+)</Code>.*?<Message>(.*?)</Message>", re.DOTALL)


class ObjectCalls:
    """Answers a call whose identity may do what it asks for. Raises S3Error."""

    def __init__(
        self,
        forward: Callable[[Operation, Request], Answer],
        permissions: Permissions,
        lifecycle: Lifecycle,
    ) -> None:
        self._forward = forward
        self._permissions = permissions
        self._lifecycle = lifecycle

    def answer(self, call: Call) -> Answer:
        """The answer to any operation."""
        check_query(call.method, call.target)
        if call.bucket is not None and call.target.key:
            check_upload(call.bucket, call.target)
            self._lifecycle.expire(call.bucket, call.target.key)
            if call.is_read:
                return self._read(call, call.bucket)
            if call.is_put:
                written = self.write(call, call.bucket)
                return put_answer(written, self._lifecycle.expiration(call.bucket, written))
        if (call.method, call.target.subresource) == ("POST", "delete"):
            return self._delete_objects(call)
        return self._others(call)

    def write(self, call: Call, bucket: FakeBucket) -> FakeKey:
        """Put an object; the object."""
        if is_plain_put(bucket, call.headers):
            return put_object(bucket, call.target.key, call.headers, call.body.trailers, call.body.content)
        headers = self._with_checksum(call)
        path = f"/{quote(bucket.name)}/{quote(call.target.key)}"
        answer = self._by_moto(call, Request("PUT", path, headers, b""), headers)
        if answer.status >= 400:
            raise S3Error(answer.status, *_words(answer))
        written = model.current_object(bucket, call.target.key)
        if written is None:
            raise no_such_key(call.target.key)
        if call.headers.get("Content-Type", "").startswith(FORM_TYPES):
            written.set_metadata({"Content-Type": call.headers["Content-Type"]})
        return written

    def _read(self, call: Call, bucket: FakeBucket) -> Answer:
        key = find_object(bucket, call.target)
        if not is_plain_read(key, call.target):
            return self._by_moto(call, call.request, call.headers)
        is_current = key is model.current_version(bucket, call.target.key)
        expiration = self._lifecycle.expiration(bucket, key) if is_current else None
        return read_object(key, call.target, call.headers, with_body=call.method == "GET", expiration=expiration)

    def _others(self, call: Call) -> Answer:
        target, headers = call.target, call.headers
        document = _read_document(call)
        if (call.method, target.key, target.subresource) == ("PUT", "", "policy"):
            check_bucket_policy(target.bucket, call.body.content)
        if "x-amz-copy-source" in headers:
            self._check_source(call)
        if call.method == "PUT":
            headers = self._with_checksum(call)
        if document is not None:
            if target.key and target.subresource == "tagging" and document.find(".//{*}Tag") is None:
                return self._untag(call, headers)
            call = replace(call, body=Decoded(plain_text(document)))
        answer = self._by_moto(call, call.request, headers)
        if call.bucket is not None and (call.method, target.subresource) == ("POST", "uploads"):
            self._lifecycle.note_upload(call.bucket)
        return answer

    def _untag(self, call: Call, headers: CIMultiDict[str]) -> Answer:
        """An object may get an empty set of tags, which moto can only delete."""
        call = replace(call, body=Decoded(b""))
        answer = self._by_moto(call, replace(call.request, method="DELETE"), headers)
        return replace(answer, status=200)

    def _with_checksum(self, call: Call) -> CIMultiDict[str]:
        """The headers, once the content is found to be what they say; a trailer's checksum becomes a header."""
        check_md5(call.headers, call.body.content)
        checksum = check_checksum(call.headers, call.body.trailers, call.body.content)
        headers = CIMultiDict(call.headers)
        if checksum is not None:
            headers[checksum.header] = checksum.value
            headers["x-amz-sdk-checksum-algorithm"] = checksum.algorithm
        return headers

    def _check_source(self, call: Call) -> None:
        source = read_copy_source(call.headers["x-amz-copy-source"])
        bucket = model.find_bucket(source.bucket)
        if bucket is None:
            raise no_such_bucket(source.bucket)
        self._lifecycle.expire(bucket, source.key)
        with self._permissions.hiding_missing_keys(call.identity, source.bucket):
            key = find_object(bucket, source)
        check_copy_source(call.headers, key.etag, model.modified_at(key))
        check_copy_range(call.headers, key.size)

    def _delete_objects(self, call: Call) -> Answer:
        deletions, is_quiet = read_deletions(call.headers, call.body.trailers, call.body.content)
        refused: dict[Deletion, str] = {}
        for one in deletions:
            refusal = self._permissions.refusal(call.identity, one.permission(call.target.bucket))
            if refusal is not None:
                refused[one] = refusal.message
        allowed = [one for one in deletions if one not in refused]
        if not allowed:
            return Answer(200, with_errors(empty_result(), refused), [("Content-Type", "application/xml")])
        body = request_body(allowed, is_quiet)
        answer = self._forward(
            Operation("s3", "", call.region), forwarded(call.request, call.headers, body, call.region)
        )
        return Answer(answer.status, with_errors(answer.body, refused), answer.headers)

    def _by_moto(self, call: Call, request: Request, headers: CIMultiDict[str]) -> Answer:
        operation = Operation("s3", "", call.region)
        answer = self._forward(operation, forwarded(request, headers, call.body.content, call.region))
        if answer.status < 400 or request.method == "HEAD":
            return answer
        code, _ = _words(answer)
        if code == "NoSuchKey":
            raise no_such_key(call.target.key)
        return answer


def _read_document(call: Call) -> Element | None:
    """The XML document of a call that has one, which may be set. Raises S3Error."""
    subresource, content = call.target.subresource, call.body.content
    if subresource == "acl" and any(name.lower().startswith(ACL_HEADERS) for name in call.headers):
        return None
    document = read_document(call.method, subresource, content)
    if document is not None:
        check_setting(subresource, document, of_object=bool(call.target.key))
    elif content and (call.method, call.target.key, subresource) == ("PUT", "", ""):
        document = parse_document(content, *NEW_BUCKET)
    return document


def _words(refusal: Answer) -> tuple[str, str]:
    """Code and message of a refusal by moto."""
    found = _CODE.search(refusal.body)
    return (found[1].decode(), unescape(found[2].decode())) if found else ("AccessDenied", "Access Denied")
