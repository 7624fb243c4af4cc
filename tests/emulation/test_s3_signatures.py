from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from multidict import CIMultiDict

from emulation.cloud import sigv4
from emulation.cloud.exchange import Request
from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import Answer, amz_now, exists, new_key, send, send_signed, signed_headers, uploads

HEADER_AUTH = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html"
STREAMING = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html"
TRAILERS = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html"
ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"


def url_of(aws: AwsEndpoint, key: str) -> str:
    return f"{aws.url}/{uploads(aws)}/{key.replace(' ', '%20')}"


@pytest.mark.aws("A request that is signed with its header is attributed to its access key", HEADER_AUTH)
def test_a_signed_request_passes(aws: AwsEndpoint) -> None:
    key = new_key()
    assert send_signed("PUT", url_of(aws, key), b"picture").status == 200
    assert send_signed("GET", url_of(aws, key)).body == b"picture"


@pytest.mark.aws(
    "An anonymous request to a bucket that is not public is denied",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_an_unsigned_request_is_refused(aws: AwsEndpoint, method: str) -> None:
    key = new_key()
    assert send_signed("PUT", url_of(aws, key), b"picture").status == 200
    answer = send(method, url_of(aws, key), b"changed" if method == "PUT" else None)
    assert answer.status == 403
    if method != "HEAD":
        assert (answer.error["Code"], answer.error["Message"]) == ("AccessDenied", "Access Denied")
    assert send_signed("GET", url_of(aws, key)).body == b"picture"


@pytest.mark.aws("An anonymous listing of a bucket that is not public is denied", ERRORS)
def test_an_unsigned_listing_is_refused(aws: AwsEndpoint) -> None:
    assert send("GET", f"{aws.url}/{uploads(aws)}?list-type=2").refusal == (403, "AccessDenied")


@pytest.mark.aws("A header's signature that does not match is refused", ERRORS)
def test_a_wrong_secret_is_refused(aws: AwsEndpoint) -> None:
    answer = send_signed("GET", f"{aws.url}/{uploads(aws)}", secret="another")
    assert answer.refusal == (403, "SignatureDoesNotMatch")
    assert answer.error["AWSAccessKeyId"] == DEVELOPER_ACCESS_KEY


@pytest.mark.aws("An access key that does not exist is refused", ERRORS)
def test_an_unknown_access_key_is_refused(aws: AwsEndpoint) -> None:
    answer = send_signed("GET", f"{aws.url}/{uploads(aws)}", access_key="nobody")
    assert answer.refusal == (403, "InvalidAccessKeyId")
    assert answer.error["AWSAccessKeyId"] == "nobody"


@pytest.mark.aws("A request dated more than 15 minutes away is refused", ERRORS)
def test_an_old_signature_is_refused(aws: AwsEndpoint) -> None:
    url = f"{aws.url}/{uploads(aws)}"
    answer = send("GET", url, headers=signed_headers("GET", url, age=timedelta(minutes=15, seconds=1)))
    assert answer.refusal == (403, "RequestTimeTooSkewed")
    assert answer.error["MaxAllowedSkewMilliseconds"] == "900000"
    assert send_signed("GET", url).status == 200


def test_a_request_that_is_under_way_does_not_age_with_the_clock(aws: AwsEndpoint) -> None:
    url = f"{aws.url}/{uploads(aws)}"
    headers = signed_headers("GET", url)
    aws.advance(3600)
    assert send("GET", url, headers=headers).status == 200


@pytest.mark.aws("A scope of another region than the bucket's is malformed, with the right one named", ERRORS)
def test_a_signature_for_another_region_is_refused(aws: AwsEndpoint) -> None:
    answer = send_signed("GET", f"{aws.url}/{uploads(aws)}", region="eu-west-1")
    assert answer.refusal == (400, "AuthorizationHeaderMalformed")
    assert answer.error["Region"] == REGION


@pytest.mark.aws("x-amz-* headers have to be among the signed ones", HEADER_AUTH)
def test_an_unsigned_header_is_refused(aws: AwsEndpoint) -> None:
    url = url_of(aws, new_key())
    headers = signed_headers("PUT", url, body=b"picture") | {"x-amz-meta-added": "1"}
    answer = send("PUT", url, b"picture", headers)
    assert answer.refusal == (403, "AccessDenied")
    assert answer.error["HeadersNotSigned"] == "x-amz-meta-added"


@pytest.mark.aws("The body has to have the hash that was signed", ERRORS)
def test_another_body_than_the_signed_one_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    headers = signed_headers("PUT", url_of(aws, key), body=b"picture")
    # Over plain HTTP botocore signs the body's hash.
    assert sha256(b"picture").hexdigest() in headers.values()
    answer = send("PUT", url_of(aws, key), b"another", headers)
    assert answer.refusal == (400, "XAmzContentSHA256Mismatch")
    assert answer.error["ClientComputedContentSHA256"] == sha256(b"picture").hexdigest()
    assert not exists(aws, key)


@pytest.mark.aws("Signature Version 2 is not supported by newer buckets", ERRORS)
def test_a_header_of_signature_version_2_is_refused(aws: AwsEndpoint) -> None:
    answer = send("GET", f"{aws.url}/{uploads(aws)}", headers={"Authorization": "AWS local:c2lnbmF0dXJl"})
    assert answer.refusal == (400, "InvalidRequest")


@pytest.mark.aws("An Authorization header without a signature is malformed", ERRORS)
def test_a_malformed_header_is_refused(aws: AwsEndpoint) -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=local/20250101/us-east-1/s3/aws4_request"}
    answer = send("GET", f"{aws.url}/{uploads(aws)}", headers=headers)
    assert answer.refusal == (400, "AuthorizationHeaderMalformed")


def send_in_chunks(
    aws: AwsEndpoint, key: str, chunks: list[bytes], form: str, trailer: str = "", spoilt: bool = False, lost: int = 0
) -> Answer:
    """A PUT of signed chunks, the last one empty; `spoilt` changes one after it was signed, `lost` bytes of the end."""
    url = url_of(aws, key)
    amz_date = amz_now()
    credential = sigv4.Credential(DEVELOPER_ACCESS_KEY, amz_date[:8], REGION, "s3")
    headers = {
        "Host": url.split("/")[2],
        "x-amz-date": amz_date,
        "x-amz-content-sha256": form,
        "x-amz-decoded-content-length": str(sum(map(len, chunks))),
        "Content-Encoding": "aws-chunked",
    }
    if trailer:
        headers["x-amz-trailer"] = trailer.partition(":")[0]
    names = tuple(sorted(name.lower() for name in headers))
    given = sigv4.HeaderSignature(credential, names, "")
    request = Request("PUT", url[len(aws.url) :], CIMultiDict(headers), b"")
    seed = sigv4.sign_request(DEVELOPER_SECRET_KEY, given, request, form, sigv4.s3_path).signature
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={DEVELOPER_ACCESS_KEY}/{credential.scope}, SignedHeaders={';'.join(names)}, "
        f"Signature={seed}"
    )
    empty = sha256(b"").hexdigest()
    opening = f"\n{amz_date}\n{credential.scope}\n"
    signature, frames = seed, []
    for chunk in [*chunks, b""]:
        if form == UNSIGNED:
            frames.append(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            continue
        text = f"AWS4-HMAC-SHA256-PAYLOAD{opening}{signature}\n{empty}\n{sha256(chunk).hexdigest()}"
        signature = sigv4.sign(DEVELOPER_SECRET_KEY, credential, text)
        frames.append(f"{len(chunk):x};chunk-signature={signature}\r\n".encode() + chunk + b"\r\n")
    body = b"".join(frames)
    if trailer:
        hashed = sha256(f"{trailer}\n".encode()).hexdigest()
        signature = sigv4.sign(
            DEVELOPER_SECRET_KEY, credential, f"AWS4-HMAC-SHA256-TRAILER{opening}{signature}\n{hashed}"
        )
        seal = "" if form == UNSIGNED else f"x-amz-trailer-signature:{signature}\r\n"
        body = body[:-2] + f"{trailer}\r\n{seal}\r\n".encode()
    if spoilt:
        body = body.replace(chunks[-1], b"?" * len(chunks[-1]))
    return send("PUT", url, body[: len(body) - lost], headers)


SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


@pytest.mark.aws("A body may come in chunks, each with a signature", STREAMING)
def test_signed_chunks_are_put_together(aws: AwsEndpoint) -> None:
    key = new_key()
    assert send_in_chunks(aws, key, [b"first ", b"second"], SIGNED).status == 200
    found = aws.client("s3").get_object(Bucket=uploads(aws), Key=key)
    assert (found["Body"].read(), found.get("ContentEncoding", "")) == (b"first second", "")


@pytest.mark.aws("A chunk whose signature does not match is refused", STREAMING)
def test_a_spoilt_chunk_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    answer = send_in_chunks(aws, key, [b"first ", b"second"], SIGNED, spoilt=True)
    assert answer.refusal == (403, "SignatureDoesNotMatch")
    assert not exists(aws, key)


@pytest.mark.aws("Chunks may be followed by a checksum, which is verified", TRAILERS)
@pytest.mark.parametrize("form", [f"{SIGNED}-TRAILER", UNSIGNED])
def test_a_trailer_is_checked(aws: AwsEndpoint, form: str) -> None:
    for content, status in ((b"first second", 200), (b"another", 400)):
        key = new_key()
        trailer = f"x-amz-checksum-sha256:{b64encode(sha256(content).digest()).decode()}"
        assert send_in_chunks(aws, key, [b"first ", b"second"], form, trailer).status == status
        assert exists(aws, key) is (status == 200)


@pytest.mark.aws("The content has to come whole", ERRORS)
def test_a_body_that_ends_early_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    assert send_in_chunks(aws, key, [b"first ", b"second"], SIGNED, lost=100).refusal == (400, "IncompleteBody")
    assert not exists(aws, key)


@pytest.mark.aws("A chunk whose size is no hexadecimal number is refused", TRAILERS)
@pytest.mark.parametrize("size", [b"-5", b"0x5", b"1_0", b"", b"five"])
def test_a_chunk_of_no_size_is_refused(aws: AwsEndpoint, size: bytes) -> None:
    headers = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "10",
        "content-encoding": "aws-chunked",
    }
    body = b"5\r\nhello\r\n" + size + b"\r\nhello\r\n0\r\n\r\n"
    url = url_of(aws, new_key())
    assert send("PUT", url, body, signed_headers("PUT", url, headers)).refusal == (400, "IncompleteBody")
