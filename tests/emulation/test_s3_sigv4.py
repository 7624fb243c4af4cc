"""The examples that AWS publishes, with the keys that stand there."""

from urllib.parse import parse_qsl

from multidict import CIMultiDict

from emulation.cloud import sigv4, sigv4_query
from emulation.cloud.exchange import Request

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
HOST = ("Host", "examplebucket.s3.amazonaws.com")
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
EMPTY_BODY = (("x-amz-content-sha256", EMPTY), ("x-amz-date", "20130524T000000Z"))
SCOPE = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"


def request_for(target: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", target, CIMultiDict((HOST, *headers)), b"")


def test_a_signed_header_is_computed_as_documented() -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    given = sigv4.parse_authorization(
        f"AWS4-HMAC-SHA256 Credential={SCOPE},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        f"Signature={signature}"
    )
    assert given is not None
    request = request_for("/test.txt", ("Range", "bytes=0-9"), *EMPTY_BODY)
    assert sigv4.sign_request(SECRET, given, request, EMPTY, sigv4.s3_path).signature == signature


def test_a_query_is_put_in_order_as_documented() -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    given = sigv4.parse_authorization(
        f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
        f"Signature={signature}"
    )
    assert given is not None
    request = request_for("/?prefix=J&max-keys=2", *EMPTY_BODY)
    assert sigv4.sign_request(SECRET, given, request, EMPTY, sigv4.s3_path).matches(signature)


def test_a_presigned_url_is_computed_as_documented() -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    query = (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE.replace('/', '%2F')}&X-Amz-Date=20130524T000000Z"
        "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )
    given = sigv4_query.parse_presigned(dict(parse_qsl(query)))
    assert given is not None
    assert sigv4_query.sign_url(SECRET, given, request_for(f"/test.txt?{query}")).matches(given.signature)


def test_paths_are_encoded_once_for_s3_and_twice_for_other_services() -> None:
    assert sigv4.s3_path("/a b/%C3%BC/c%2Fd+e") == "/a%20b/%C3%BC/c/d%2Be"
    assert sigv4.service_path("/%20") == "/%2520"
