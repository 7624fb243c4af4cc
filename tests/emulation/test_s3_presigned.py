from hashlib import sha256
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import UrlAuth, exists, new_key, presigned, send, uploads

USER_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"
QUERY_AUTH = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"
ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"


@pytest.mark.aws("A presigned URL lets whoever has it do what was signed", USER_GUIDE)
def test_a_presigned_url_uploads_and_downloads(aws: AwsEndpoint) -> None:
    key = new_key()
    headers = {"Content-Type": "image/jpeg", "x-amz-meta-purpose": "receipt"}
    url = presigned(aws, "put_object", key, ContentType="image/jpeg", ContentLength=7, Metadata={"purpose": "receipt"})
    assert send("PUT", url, b"picture", headers).status == 200
    answer = send("GET", presigned(aws, "get_object", key))
    assert (answer.status, answer.body) == (200, b"picture")
    assert (answer.headers["content-type"], answer.headers["x-amz-meta-purpose"]) == ("image/jpeg", "receipt")


@pytest.mark.aws("A presigned URL with another signature is refused with SignatureDoesNotMatch", ERRORS)
def test_a_tampered_signature_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    url = presigned(aws, "put_object", key)
    tampered = url[:-1] + ("0" if url[-1] != "0" else "1")
    answer = send("PUT", tampered, b"picture")
    assert answer.refusal == (403, "SignatureDoesNotMatch")
    assert answer.error["SignatureProvided"] == tampered.rpartition("=")[2]
    assert answer.error["StringToSign"].startswith("AWS4-HMAC-SHA256\n")
    assert answer.error["CanonicalRequest"].startswith("PUT\n")
    assert not exists(aws, key)


@pytest.mark.aws("A presigned URL holds for the method that was signed only", USER_GUIDE)
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_url_for_an_upload_does_nothing_else(aws: AwsEndpoint, method: str) -> None:
    key = new_key()
    url = presigned(aws, "put_object", key)
    assert send("PUT", url, b"picture").status == 200
    assert send(method, url).status == 403
    assert exists(aws, key)


@pytest.mark.aws("A presigned URL holds for the key that was signed only", USER_GUIDE)
def test_a_url_does_not_hold_for_another_key(aws: AwsEndpoint) -> None:
    key, other = new_key(), new_key()
    url = presigned(aws, "put_object", key).replace(key.split("/")[1], other.split("/")[1])
    assert send("PUT", url, b"picture").refusal == (403, "SignatureDoesNotMatch")
    assert not exists(aws, other)


@pytest.mark.aws("A presigned URL holds for the signed query only", QUERY_AUTH)
def test_a_url_does_not_hold_with_another_query(aws: AwsEndpoint) -> None:
    key = new_key()
    assert send("PUT", presigned(aws, "put_object", key), b"picture").status == 200
    url = presigned(aws, "get_object", key)
    assert send("GET", f"{url}&response-content-type=text%2Fhtml").refusal == (403, "SignatureDoesNotMatch")
    signed = presigned(aws, "get_object", key, ResponseContentType="text/html")
    assert send("GET", signed).headers["content-type"] == "text/html"


@pytest.mark.aws("A signed Content-Type must be sent as it was signed", USER_GUIDE)
@pytest.mark.parametrize("headers", [{"Content-Type": "text/html"}, {}])
def test_another_content_type_than_the_signed_one_is_refused(aws: AwsEndpoint, headers: dict[str, str]) -> None:
    url = presigned(aws, "put_object", new_key(), ContentType="image/jpeg")
    assert send("PUT", url, b"picture", headers).refusal == (403, "SignatureDoesNotMatch")


def presigned_with_hash(aws: AwsEndpoint, key: str, content: bytes) -> tuple[str, dict[str, str]]:
    """A URL for an upload whose content is signed, and the header that says so."""
    headers = {"x-amz-content-sha256": sha256(content).hexdigest()}
    address = f"{aws.url}/{uploads(aws)}/{quote(key)}"
    request = AWSRequest("PUT", address, headers)
    UrlAuth(Credentials(DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY), "s3", REGION, expires=300).add_auth(request)
    return str(request.url), headers


@pytest.mark.aws("A signed hash of the body binds the content of an upload", QUERY_AUTH)
def test_another_content_than_the_signed_one_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    url, headers = presigned_with_hash(aws, key, b"picture")
    answer = send("PUT", url, b"another", headers)
    assert answer.refusal == (400, "XAmzContentSHA256Mismatch")
    assert answer.error["ClientComputedContentSHA256"] == headers["x-amz-content-sha256"]
    assert not exists(aws, key)
    assert send("PUT", url, b"picture", headers).status == 200


@pytest.mark.aws("A URL that says itself that its body is not signed lets any content pass", QUERY_AUTH)
def test_a_url_may_say_that_the_body_is_unsigned(aws: AwsEndpoint) -> None:
    key = new_key()
    address = f"{aws.url}/{uploads(aws)}/{quote(key)}?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD"
    request = AWSRequest("PUT", address, {})
    signer = S3SigV4QueryAuth(Credentials(DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY), "s3", REGION, expires=300)
    signer.add_auth(request)
    assert send("PUT", str(request.url), b"picture").status == 200


@pytest.mark.aws("A signed Content-Length binds the size of the upload", QUERY_AUTH)
def test_another_size_than_the_signed_one_is_refused(aws: AwsEndpoint) -> None:
    url = presigned(aws, "put_object", new_key(), ContentLength=7)
    assert send("PUT", url, b"a larger picture").refusal == (403, "SignatureDoesNotMatch")
    assert send("PUT", url, b"picture").status == 200


@pytest.mark.aws("Headers may be moved into the query of a presigned URL", QUERY_AUTH)
def test_metadata_in_the_url_are_stored(aws: AwsEndpoint) -> None:
    key = new_key()
    request = AWSRequest("PUT", f"{aws.url}/{uploads(aws)}/{quote(key)}?x-amz-meta-purpose=receipt")
    S3SigV4QueryAuth(Credentials(DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY), "s3", REGION).add_auth(request)
    assert send("PUT", str(request.url), b"picture").status == 200
    assert aws.client("s3").head_object(Bucket=uploads(aws), Key=key)["Metadata"] == {"purpose": "receipt"}


@pytest.mark.aws("Signed metadata must be sent as it was signed", QUERY_AUTH)
def test_other_metadata_than_the_signed_ones_are_refused(aws: AwsEndpoint) -> None:
    url = presigned(aws, "put_object", new_key(), Metadata={"purpose": "receipt"})
    assert send("PUT", url, b"picture", {"x-amz-meta-purpose": "image"}).refusal == (403, "SignatureDoesNotMatch")


@pytest.mark.aws("Every x-amz-* header of a request with a presigned URL has to be signed", QUERY_AUTH)
@pytest.mark.parametrize(
    "header", [("x-amz-meta-purpose", "image"), ("x-amz-tagging", "a=b"), ("Content-MD5", "ARoSCzJ0TyWJeF8Nq4BsnQ==")]
)
def test_an_unsigned_header_is_refused(aws: AwsEndpoint, header: tuple[str, str]) -> None:
    answer = send("PUT", presigned(aws, "put_object", new_key()), b"picture", dict([header]))
    assert answer.refusal == (403, "AccessDenied")
    assert answer.error["Message"] == "There were headers present in the request which were not signed"
    assert answer.error["HeadersNotSigned"] == header[0].lower()


@pytest.mark.aws("A presigned URL is refused after its time, with the times named", USER_GUIDE)
def test_a_url_expires(aws: AwsEndpoint) -> None:
    key = new_key()
    url = presigned(aws, "put_object", key, expires_in=300)
    aws.advance(240)
    assert send("PUT", url, b"picture").status == 200
    aws.advance(61)
    answer = send("PUT", url, b"another picture")
    assert answer.refusal == (403, "AccessDenied")
    assert (answer.error["Message"], answer.error["X-Amz-Expires"]) == ("Request has expired", "300")
    assert answer.error["Expires"] < answer.error["ServerTime"]
    assert send("PUT", presigned(aws, "put_object", key), b"another picture").status == 200


@pytest.mark.aws("An expiry is at most seven days", QUERY_AUTH)
@pytest.mark.parametrize(
    ("expiry", "message"),
    [
        ("604801", "X-Amz-Expires must be less than a week (in seconds)"),
        ("-1", "X-Amz-Expires must be non-negative"),
        ("soon", "X-Amz-Expires should be a number"),
    ],
)
def test_an_impossible_expiry_is_refused(aws: AwsEndpoint, expiry: str, message: str) -> None:
    url = presigned(aws, "get_object", new_key()).replace("X-Amz-Expires=300", f"X-Amz-Expires={expiry}")
    answer = send("GET", url)
    assert answer.refusal == (400, "AuthorizationQueryParametersError")
    assert answer.error["Message"].startswith(message)


@pytest.mark.aws("A presigned URL needs all of its parameters", QUERY_AUTH)
@pytest.mark.parametrize("missing", ["X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"])
def test_a_url_without_one_of_its_parameters_is_refused(aws: AwsEndpoint, missing: str) -> None:
    path, _, query = presigned(aws, "get_object", new_key()).partition("?")
    left = "&".join(part for part in query.split("&") if not part.startswith(f"{missing}="))
    answer = send("GET", f"{path}?{left}")
    assert answer.refusal == (400, "AuthorizationQueryParametersError")
    assert "Query-string authentication version 4 requires the X-Amz-Algorithm" in answer.error["Message"]


@pytest.mark.aws("A URL that was dated ahead is not valid yet", QUERY_AUTH)
def test_a_url_from_the_future_is_refused(aws: AwsEndpoint) -> None:
    url = presigned(aws, "get_object", new_key())
    [now] = parse_qs(urlsplit(url).query)["X-Amz-Date"]
    dated = url.replace(now, "20990101T000000Z").replace(f"%2F{now[:8]}%2F", "%2F20990101%2F")
    answer = send("GET", dated)
    assert (answer.refusal, answer.error["Message"]) == ((403, "AccessDenied"), "Request is not yet valid")


@pytest.mark.aws("A URL that was signed for another region is refused, with the right one named", ERRORS)
def test_a_url_for_another_region_is_refused(aws: AwsEndpoint) -> None:
    url = presigned(aws, "get_object", new_key()).replace("%2Fus-east-1%2F", "%2Feu-west-1%2F")
    answer = send("GET", url)
    assert answer.refusal == (400, "AuthorizationQueryParametersError")
    assert answer.error["Region"] == "us-east-1"


@pytest.mark.aws("An access key that does not exist is refused", ERRORS)
def test_an_unknown_access_key_is_refused(aws: AwsEndpoint) -> None:
    url = presigned(aws, "get_object", new_key()).replace("Credential=local%2F", "Credential=nobody%2F")
    assert send("GET", url).refusal == (403, "InvalidAccessKeyId")


@pytest.mark.aws(
    "Buckets made after June 24, 2020 refuse Signature Version 2",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv2-sunset.html",
)
def test_a_url_of_signature_version_2_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    old = aws.client("s3", signature_version="s3")
    url = old.generate_presigned_url("put_object", Params={"Bucket": uploads(aws), "Key": key})
    assert "AWSAccessKeyId=" in url
    answer = send("PUT", url, b"picture")
    assert answer.refusal == (400, "InvalidRequest")
    assert "Please use AWS4-HMAC-SHA256" in answer.error["Message"]
    assert not exists(aws, key)


@pytest.mark.aws("An expiry of more than a week is refused, however many digits it has", QUERY_AUTH)
def test_a_very_large_expiry_is_refused(aws: AwsEndpoint) -> None:
    url = presigned(aws, "get_object", new_key()).replace("X-Amz-Expires=300", f"X-Amz-Expires={'9' * 5000}")
    assert send("GET", url).refusal == (400, "AuthorizationQueryParametersError")
