"""A request as moto may see it, once all that moto would misread or overlook is settled."""

from urllib.parse import parse_qsl, urlencode

from multidict import CIMultiDict

from emulation.cloud.exchange import Request
from emulation.cloud.s3.target import SUBRESOURCES, Target
from emulation.cloud.sigv4_query import PRESIGNED_PARAMETERS

# moto would answer these itself: CORS from any rule, chunks without looking at their signatures.
SETTLED = (
    "Origin",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "x-amz-content-sha256",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
)
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
NEUTRAL_TYPE = "binary/octet-stream"
_SIGNING = frozenset(name.lower() for name in PRESIGNED_PARAMETERS)


def presigned_headers(request: Request, target: Target) -> CIMultiDict[str]:
    """The request's headers, with those that a presigned URL carries in its query.

    Some SDKs move headers there. A checksum among them counts only as a signed header: whoever presigns does not know
    the content yet.
    """
    headers = CIMultiDict(request.headers.items())
    if "X-Amz-Signature" not in target.query:
        return headers
    for name, value in target.query.items():
        lower = name.lower()
        is_header = lower.startswith("x-amz-") and not lower.startswith(("x-amz-checksum-", "x-amz-sdk-checksum-"))
        if is_header and lower not in _SIGNING and name not in headers:
            headers[lower] = value
    return headers


def forwarded(request: Request, headers: CIMultiDict[str], body: bytes, region: str) -> Request:
    """The request for moto: verified, unframed, and with a header where the signature was in the URL."""
    passed = CIMultiDict(headers)
    for name in SETTLED:
        passed.popall(name, None)
    encodings = [one.strip() for one in passed.get("Content-Encoding", "").split(",")]
    if "aws-chunked" in encodings:
        passed["Content-Encoding"] = ",".join(one for one in encodings if one != "aws-chunked")
    # werkzeug takes such a body for a form and hands moto an empty one.
    if body and passed.get("Content-Type", "").startswith(FORM_TYPES):
        passed["Content-Type"] = NEUTRAL_TYPE
    if "Authorization" not in passed:
        passed["Authorization"] = f"AWS4-HMAC-SHA256 Credential=presigned/20130524/{region}/s3/aws4_request"
    return Request(request.method, _unsigned_target(request.target), passed, body)


def _unsigned_target(target: str) -> str:
    path, _, raw_query = target.partition("?")
    # One value for each name, as for those who looked at the request before.
    query = {
        name: value for name, value in parse_qsl(raw_query, keep_blank_values=True) if name.lower() not in _SIGNING
    }
    if query.keys() & SUBRESOURCES:
        # moto would list a bucket where two of its settings are asked for.
        query.pop("list-type", None)
    return f"{path}?{urlencode(query)}" if query else path
