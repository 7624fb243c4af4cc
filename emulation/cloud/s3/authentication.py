"""Who signed a request to S3: an Authorization header or a presigned URL, of Signature Version 4 only.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
"""

from datetime import datetime, timedelta
from hashlib import sha256

from emulation.cloud import sigv4, sigv4_query
from emulation.cloud.exchange import Request
from emulation.cloud.identity import Identities, Identity
from emulation.cloud.s3 import streaming
from emulation.cloud.s3.errors import (
    S3Error,
    access_denied,
    invalid_argument,
    invalid_request,
    invalid_token,
    signature_mismatch,
    unsupported_mechanism,
)
from emulation.cloud.s3.scope import check_scope
from emulation.cloud.s3.streaming import Chain, Decoded
from emulation.cloud.sigv4 import HeaderSignature, MalformedSignatureError, Signed
from emulation.cloud.sigv4_query import QuerySignature
from server.clock import Clock

LARGEST_SKEW = timedelta(minutes=15)
SIGV2_PARAMETERS = ("AWSAccessKeyId", "Signature", "Expires")
PAYLOAD_FORMS = frozenset({sigv4.UNSIGNED_PAYLOAD, *streaming.FORMS})
# Beside x-amz-*: whoever adds it to a signed request would change what the signature vouches for.
ALWAYS_SIGNED = ("host", "content-md5")


class Authentication:
    """Checks signatures, their age and scope. A presigned URL ages by the clock that can be advanced, a request that is
    under way by the machine's."""

    def __init__(self, identities: Identities, clock: Clock, request_clock: Clock) -> None:
        self._identities = identities
        self._clock = clock
        self._request_clock = request_clock

    def check(self, request: Request, query: dict[str, str], region: str) -> tuple[Identity | None, Decoded]:
        """Who signed the request, None for nobody, and its content without a frame of chunks. Raises S3Error."""
        authorization = request.headers.get("Authorization", "")
        presigned = _is_presigned(query)
        if authorization and presigned:
            raise invalid_argument(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
                "parameter or the Authorization header should be specified",
                "Authorization",
                authorization,
            )
        if presigned:
            return self._check_query(request, query, region)
        if authorization:
            return self._check_header(request, authorization, region)
        return None, Decoded(request.body)

    def identify(self, access_key: str) -> Identity:
        """The identity of an access key; raises InvalidAccessKeyId."""
        identity = self._identities.find(access_key)
        if identity is None:
            raise S3Error(
                403,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
                {"AWSAccessKeyId": access_key},
            )
        return identity

    def _check_query(self, request: Request, query: dict[str, str], region: str) -> tuple[Identity, Decoded]:
        try:
            given = sigv4_query.parse_presigned(query)
        except MalformedSignatureError as error:
            raise S3Error(400, "AuthorizationQueryParametersError", str(error)) from None
        if given is None:
            raise unsupported_mechanism()
        refusal = "AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter"
        check_scope(given.credential, given.amz_date, region, *refusal)
        if "X-Amz-Security-Token" in query:
            raise invalid_token()
        identity = self.identify(given.credential.access_key)
        self._check_validity(given)
        _check_all_signed(request, given.signed_headers)
        # Some SDKs say in the URL that the body is not signed.
        payload_hash = _read_payload_hash(request, query.get("X-Amz-Content-Sha256", sigv4.UNSIGNED_PAYLOAD))
        _check_signature(given, sigv4_query.sign_url(identity.secret, given, request, payload_hash))
        chain = Chain(identity.secret, given.credential, given.amz_date, given.signature)
        return identity, _decode(request, payload_hash, chain)

    def _check_validity(self, given: QuerySignature) -> None:
        age = self._clock.age(given.signed_at)
        if age < -LARGEST_SKEW:
            raise access_denied("Request is not yet valid")
        if age > timedelta(seconds=given.expires_in_seconds):
            ended = given.signed_at + timedelta(seconds=given.expires_in_seconds)
            details = {
                "X-Amz-Expires": given.expires_in_seconds,
                "Expires": f"{ended:%Y-%m-%dT%H:%M:%SZ}",
                "ServerTime": f"{given.signed_at + age:%Y-%m-%dT%H:%M:%SZ}",
            }
            raise S3Error(403, "AccessDenied", "Request has expired", details)

    def _check_header(self, request: Request, header: str, region: str) -> tuple[Identity, Decoded]:
        given = _read_header(header)
        payload_hash = _read_payload_hash(request)
        amz_date = sigv4.date_of(request.headers)
        signed_at = _signing_time(amz_date)
        check_scope(
            given.credential, amz_date, region, "AuthorizationHeaderMalformed", "The authorization header is malformed"
        )
        identity = self.identify(given.credential.access_key)
        self._check_skew(signed_at, amz_date)
        _check_all_signed(request, given.signed_headers)
        _check_signature(given, sigv4.sign_request(identity.secret, given, request, payload_hash, sigv4.s3_path))
        chain = Chain(identity.secret, given.credential, amz_date, given.signature)
        return identity, _decode(request, payload_hash, chain)

    def _check_skew(self, signed_at: datetime, amz_date: str) -> None:
        age = self._request_clock.age(signed_at)
        if abs(age) > LARGEST_SKEW:
            raise S3Error(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                {
                    "RequestTime": amz_date,
                    "ServerTime": f"{signed_at + age:%Y-%m-%dT%H:%M:%SZ}",
                    "MaxAllowedSkewMilliseconds": int(LARGEST_SKEW.total_seconds() * 1000),
                },
            )


def _is_presigned(query: dict[str, str]) -> bool:
    """Whether the query carries a signature, of either version, or a part of one."""
    return bool(query) and any(name in query for name in (*sigv4_query.PRESIGNED_PARAMETERS, *SIGV2_PARAMETERS))


def _read_header(header: str) -> HeaderSignature:
    try:
        given = sigv4.parse_authorization(header)
    except MalformedSignatureError as error:
        message = f"The authorization header is malformed; {error}"
        raise S3Error(400, "AuthorizationHeaderMalformed", message) from None
    if given is not None:
        return given
    if header.startswith("AWS "):
        raise unsupported_mechanism()
    raise invalid_argument("Unsupported Authorization Type", "Authorization", header)


def _signing_time(amz_date: str) -> datetime:
    try:
        return sigv4.parse_date(amz_date)
    except MalformedSignatureError:
        raise access_denied("AWS authentication requires a valid Date or x-amz-date header") from None


def _read_payload_hash(request: Request, default: str | None = None) -> str:
    given = request.headers.get("x-amz-content-sha256", default)
    if given is None:
        raise invalid_request("Missing required header for this request: x-amz-content-sha256")
    if given not in PAYLOAD_FORMS and not (len(given) == 64 and set(given) <= set("0123456789abcdef")):
        forms = ", ".join(sorted(PAYLOAD_FORMS, reverse=True))
        message = f"x-amz-content-sha256 must be {forms} or a valid sha256 value."
        raise invalid_argument(message, "x-amz-content-sha256", given)
    return given


def _check_all_signed(request: Request, signed_headers: tuple[str, ...]) -> None:
    # A presigned URL may come with an unsigned hash of the body: it then counts as the signed one.
    unsigned = [
        name
        for name in map(str.lower, request.headers)
        if name not in signed_headers
        and (name.startswith("x-amz-") or name in ALWAYS_SIGNED)
        and name != "x-amz-content-sha256"
    ]
    if unsigned:
        raise access_denied(
            "There were headers present in the request which were not signed", HeadersNotSigned=", ".join(unsigned)
        )


def _check_signature(given: HeaderSignature | QuerySignature, signed: Signed) -> None:
    if not signed.matches(given.signature):
        raise signature_mismatch(
            given.credential.access_key, given.signature, signed.string_to_sign, signed.canonical_request
        )


def _decode(request: Request, payload_hash: str, chain: Chain) -> Decoded:
    """The content, once it is what was signed."""
    if payload_hash == sigv4.UNSIGNED_PAYLOAD:
        return Decoded(request.body)
    if payload_hash not in streaming.FORMS:
        computed = sha256(request.body).hexdigest()
        if computed != payload_hash:
            raise S3Error(
                400,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                {"ClientComputedContentSHA256": payload_hash, "S3ComputedContentSHA256": computed},
            )
        return Decoded(request.body)
    length = request.headers.get("x-amz-decoded-content-length", "")
    if not length.isdecimal():
        raise S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    decoded = streaming.decode(request.body, payload_hash, chain)
    if len(decoded.content) != int(length):
        raise S3Error(
            400,
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header",
        )
    return decoded
