"""POST Object: an upload by a browser's form, with a policy that was signed.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit
from xml.sax.saxutils import escape

from moto.s3.models import FakeKey
from multidict import CIMultiDict

from emulation.cloud import sigv4
from emulation.cloud.exchange import Answer, Request
from emulation.cloud.identity import Identity
from emulation.cloud.s3.authentication import Authentication
from emulation.cloud.s3.errors import (
    S3Error,
    access_denied,
    invalid_argument,
    invalid_token,
    signature_mismatch,
    unsupported_mechanism,
)
from emulation.cloud.s3.form import Form, read_form
from emulation.cloud.s3.post_policy import read_policy
from emulation.cloud.s3.scope import check_scope
from emulation.cloud.s3.tags import header_of_xml
from emulation.cloud.sigv4 import MalformedSignatureError
from server.clock import Clock

SIGNATURE_FIELDS = ("X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date")
STATUSES = ("200", "201", "204")


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form uploads once it is found to be in order: a PutObject in other words."""

    key: str
    headers: CIMultiDict[str]
    content: bytes
    identity: Identity
    fields: dict[str, str]


def read_upload(request: Request, bucket: str, region: str, authentication: Authentication, clock: Clock) -> Upload:
    """The upload; raises S3Error for a form without a valid signed policy, or one that does not fit it."""
    form = read_form(request.headers.get("Content-Type", ""), request.body)
    fields = form.fields
    if not fields.get("key"):
        raise _missing("key")
    identity = _check_signature(fields, region, authentication)
    policy = read_policy(fields["policy"])
    signed_at = sigv4.parse_date(fields["x-amz-date"])
    if clock.age(signed_at) > policy.expires_at - signed_at:
        raise access_denied("Invalid according to Policy: Policy expired.")
    key = _expanded(fields["key"], form)
    policy.check_fields(fields | {"key": key, "bucket": bucket})
    policy.check_size(len(form.content))
    return Upload(key, _headers_of(fields), form.content, identity, fields)


def _check_signature(fields: dict[str, str], region: str, authentication: Authentication) -> Identity:
    if "awsaccesskeyid" in fields or "signature" in fields:
        raise unsupported_mechanism()
    if "policy" not in fields:
        # What is not signed may upload to a public bucket only, and there is none.
        raise access_denied()
    for name in SIGNATURE_FIELDS:
        if not fields.get(name.lower()):
            raise _missing(name)
    if fields["x-amz-algorithm"] != sigv4.ALGORITHM:
        message = f'X-Amz-Algorithm only supports "{sigv4.ALGORITHM}"'
        raise invalid_argument(message, "X-Amz-Algorithm", fields["x-amz-algorithm"])
    try:
        credential = sigv4.parse_credential(fields["x-amz-credential"])
        sigv4.parse_date(fields["x-amz-date"])
    except MalformedSignatureError as error:
        name = f"X-Amz-{error.part}"
        raise invalid_argument(f"Error parsing the {name} parameter; {error}", name, fields[name.lower()]) from None
    opening = "Error parsing the X-Amz-Credential parameter"
    check_scope(credential, fields["x-amz-date"], region, "InvalidArgument", opening)
    if "x-amz-security-token" in fields:
        raise invalid_token()
    identity = authentication.identify(credential.access_key)
    signature = sigv4.sign(identity.secret, credential, fields["policy"])
    if not sigv4.is_same(signature, fields["x-amz-signature"]):
        raise signature_mismatch(credential.access_key, fields["x-amz-signature"], fields["policy"])
    return identity


def post_answer(written: FakeKey, upload: Upload, bucket: str, base_url: str) -> Answer:
    """303 to success_action_redirect, or success_action_status, or 204."""
    location = f"{base_url}/{bucket}/{quote(upload.key)}"
    redirect = upload.fields.get("success_action_redirect") or upload.fields.get("redirect", "")
    if urlsplit(redirect).scheme in ("http", "https"):
        query = urlencode({"bucket": bucket, "key": upload.key, "etag": written.etag})
        target = f"{redirect}{'&' if urlsplit(redirect).query else '?'}{query}"
        return Answer(303, b"", [("ETag", written.etag), ("Location", target)])
    headers = [("ETag", written.etag), ("Location", location)]
    status = upload.fields.get("success_action_status", "")
    status = status if status in STATUSES else "204"
    if status != "201":
        return Answer(int(status), b"", headers)
    elements = {"Location": location, "Bucket": bucket, "Key": upload.key, "ETag": written.etag}
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in elements.items())
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inside}</PostResponse>'
    return Answer(201, text.encode(), [*headers, ("Content-Type", "application/xml")])


def _expanded(key: str, form: Form) -> str:
    # Some browsers send the whole path of the file.
    name = form.file_name.replace("\\", "/").rpartition("/")[2]
    return key.replace("${filename}", name)


def _headers_of(fields: dict[str, str]) -> CIMultiDict[str]:
    headers = CIMultiDict({name: value for name, value in fields.items() if name not in ("tagging", "acl")})
    if "tagging" in fields:
        headers["x-amz-tagging"] = header_of_xml(fields["tagging"])
    if "acl" in fields:
        headers["x-amz-acl"] = fields["acl"]
    return headers


def _missing(name: str) -> S3Error:
    message = (
        f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
    )
    return invalid_argument(message, name, "")
