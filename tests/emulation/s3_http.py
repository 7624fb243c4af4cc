"""Raw HTTP to S3: nothing is added to a request that the test does not name."""

import http.client
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from emulation.cloud import sigv4
from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.emulation.aws_endpoint import AwsEndpoint

_ELEMENT = re.compile(r"<(\w[\w-]*)>([^<]*)</\1>")


class HeaderAuth(S3SigV4Auth):
    """Signs the hash of the body that the request came with, if it did, as if it were of an earlier time."""

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        signed_at = datetime.now(UTC) - request.context["age"]
        request.context["timestamp"] = signed_at.strftime("%Y%m%dT%H%M%SZ")
        super()._modify_request_before_signing(request)  # type: ignore[misc] # the stubs leave it out

    def payload(self, request: AWSRequest) -> str:
        return request.context.get("payload_hash") or super().payload(request)


class UrlAuth(S3SigV4QueryAuth):
    """Presigns with a hash of the body, if the request says one."""

    def payload(self, request: AWSRequest) -> str:
        return request.headers.get("x-amz-content-sha256") or super().payload(request)


@dataclass(frozen=True)
class Answer:
    """An answer; `error` are the elements of an error's XML."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, str]:
        return dict(_ELEMENT.findall(self.body.decode()))

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code."""
        return self.status, self.error.get("Code", "")


def send(method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    target = f"{address.path}?{address.query}" if address.query else address.path
    try:
        connection.request(method, target, body, dict(headers or {}))
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


def signed_headers(
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    access_key: str = DEVELOPER_ACCESS_KEY,
    secret: str = DEVELOPER_SECRET_KEY,
    region: str = REGION,
    age: timedelta = timedelta(),
) -> dict[str, str]:
    """The headers with a signature of them all, as an SDK makes it; x-amz-content-sha256 may be given."""
    request = AWSRequest(method, url, dict(headers or {}), body)
    # The signer takes the header away before it asks.
    request.context["age"] = age
    request.context["payload_hash"] = request.headers.get("x-amz-content-sha256")
    HeaderAuth(Credentials(access_key, secret), "s3", region).add_auth(request)
    return dict(request.headers.items())


def send_signed(
    method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None, **signing: Any
) -> Answer:
    return send(method, url, body or None, signed_headers(method, url, headers, body, **signing))


def uploads(aws: AwsEndpoint) -> str:
    """The name of the uploads bucket: not versioned, with CORS rules."""
    return aws.environment["S3_BUCKET_UPLOADS"]


def images(aws: AwsEndpoint) -> str:
    """The name of the images bucket: versioned."""
    return aws.environment["S3_BUCKET_IMAGES"]


def new_key(prefix: str = "uploads") -> str:
    return f"{prefix}/{uuid4()}/a picture.jpg"


def presigned(aws: AwsEndpoint, operation: str, key: str, expires_in: int = 300, **parameters: Any) -> str:
    url: str = aws.client("s3").generate_presigned_url(
        operation, Params={"Bucket": uploads(aws), "Key": key, **parameters}, ExpiresIn=expires_in
    )
    return url


def exists(aws: AwsEndpoint, key: str) -> bool:
    found = aws.client("s3").list_objects_v2(Bucket=uploads(aws), Prefix=key)
    return bool(found["KeyCount"])


def form_body(fields: Mapping[str, str], content: bytes, file_name: str = "picture.jpg") -> tuple[bytes, str]:
    """A form with a file, and its content type."""
    boundary = f"----{uuid4().hex}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file_head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = b"".join([*parts, file_head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"


def post_form(
    url: str, fields: Mapping[str, str], content: bytes = b"content", file_name: str = "picture.jpg"
) -> Answer:
    body, content_type = form_body(fields, content, file_name)
    return send("POST", url, body, {"Content-Type": content_type})


def resigned(fields: Mapping[str, str], policy: Any) -> dict[str, str]:
    """The fields with another policy, signed anew; text is taken for the policy as it is."""
    text = policy if isinstance(policy, str) else json.dumps(policy)
    encoded = b64encode(text.encode()).decode()
    credential = sigv4.parse_credential(fields["x-amz-credential"])
    signature = sigv4.sign(DEVELOPER_SECRET_KEY, credential, encoded)
    return {**fields, "policy": encoded, "x-amz-signature": signature}


def policy_of(fields: Mapping[str, str]) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads(b64decode(fields["policy"]))
    return policy


def amz_now() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
