"""The refusals of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from emulation.cloud.exchange import Answer
from emulation.cloud.sigv4 import to_bytes


class S3Error(Exception):
    """A refusal: `details` are the further elements of its XML, `headers` what goes with it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = dict(details or {})
        self.headers = dict(headers or {})


def error_answer(error: S3Error, request_id: str, host_id: str) -> Answer:
    """The refusal as S3 writes it."""
    elements = {
        "Code": error.code,
        "Message": error.message,
        **error.details,
        "RequestId": request_id,
        "HostId": host_id,
    }
    inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in elements.items())
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inside}</Error>'
    return Answer(
        error.status, text.encode("utf-8", "replace"), [("Content-Type", "application/xml"), *error.headers.items()]
    )


def access_denied(message: str = "Access Denied", **details: object) -> S3Error:
    """403 AccessDenied."""
    return S3Error(403, "AccessDenied", message, details)


def invalid_argument(message: str, name: str, value: str) -> S3Error:
    """400 InvalidArgument, with the argument named."""
    return S3Error(400, "InvalidArgument", message, {"ArgumentName": name, "ArgumentValue": value})


def invalid_request(message: str) -> S3Error:
    """400 InvalidRequest."""
    return S3Error(400, "InvalidRequest", message)


def method_not_allowed(method: str, resource_type: str, headers: Mapping[str, str] | None = None) -> S3Error:
    """405 MethodNotAllowed."""
    message = "The specified method is not allowed against this resource."
    return S3Error(405, "MethodNotAllowed", message, {"Method": method, "ResourceType": resource_type}, headers)


def not_implemented(operation: str) -> S3Error:
    """501 for what AWS can do and the local cloud cannot."""
    return S3Error(501, "NotImplemented", f"The local cloud does not emulate s3:{operation}.")


def no_such_bucket(bucket: str) -> S3Error:
    """404 NoSuchBucket."""
    return S3Error(404, "NoSuchBucket", "The specified bucket does not exist", {"BucketName": bucket})


def no_such_key(key: str, headers: Mapping[str, str] | None = None) -> S3Error:
    """404 NoSuchKey."""
    return S3Error(404, "NoSuchKey", "The specified key does not exist.", {"Key": key}, headers)


def precondition_failed(condition: str) -> S3Error:
    """412, naming the header whose condition did not hold."""
    message = "At least one of the pre-conditions you specified did not hold"
    return S3Error(412, "PreconditionFailed", message, {"Condition": condition})


def invalid_token() -> S3Error:
    """What a session token is told: a temporary key alone comes with one, and none of the local keys is temporary."""
    return S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")


def signature_mismatch(access_key: str, given: str, string_to_sign: str, canonical_request: str = "") -> S3Error:
    """403 SignatureDoesNotMatch with all that one needs to find the difference."""
    details = {
        "AWSAccessKeyId": access_key,
        "StringToSign": string_to_sign,
        "SignatureProvided": given,
        "StringToSignBytes": to_bytes(string_to_sign).hex(" "),
    }
    if canonical_request:
        details["CanonicalRequest"] = canonical_request
        details["CanonicalRequestBytes"] = to_bytes(canonical_request).hex(" ")
    return S3Error(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
        "method.",
        details,
    )


def unsupported_mechanism() -> S3Error:
    """What buckets made after June 2020 answer to Signature Version 2.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    """
    return invalid_request(
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
    )
