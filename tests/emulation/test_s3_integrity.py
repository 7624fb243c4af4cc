import base64
import zlib
from hashlib import md5, sha1, sha256

import pytest
from botocore.exceptions import ClientError

from emulation.cloud.s3.checksums import checksum
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import Answer, exists, new_key, send_signed, uploads

PUT_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"
INTEGRITY = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html"
ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
CONTENT = b"123456789"
# The check values of the algorithms' definitions, for the content above.
DIGESTS = {
    "crc32": zlib.crc32(CONTENT).to_bytes(4, "big"),
    "crc32c": bytes.fromhex("e3069283"),
    "crc64nvme": bytes.fromhex("ae8b14860a799888"),
    "sha1": sha1(CONTENT, usedforsecurity=False).digest(),
    "sha256": sha256(CONTENT).digest(),
}


def md5_of(content: bytes) -> str:
    return encoded(md5(content, usedforsecurity=False).digest())


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def put(aws: AwsEndpoint, key: str, headers: dict[str, str]) -> Answer:
    return send_signed("PUT", f"{aws.url}/{uploads(aws)}/{key.replace(' ', '%20')}", CONTENT, headers)


@pytest.mark.aws("A Content-MD5 that is the body's is accepted", PUT_OBJECT)
def test_the_right_content_md5_is_accepted(aws: AwsEndpoint) -> None:
    answer = put(aws, new_key(), {"Content-MD5": md5_of(CONTENT)})
    assert (answer.status, answer.headers["etag"]) == (200, '"25f9e794323b453885f5181f1b624d0b"')


@pytest.mark.aws("A Content-MD5 that is not the body's is BadDigest", ERRORS)
def test_a_wrong_content_md5_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    answer = put(aws, key, {"Content-MD5": md5_of(b"other")})
    assert answer.refusal == (400, "BadDigest")
    assert answer.error["CalculatedDigest"] == md5_of(CONTENT)
    assert not exists(aws, key)


@pytest.mark.aws("A Content-MD5 that is no MD5 is InvalidDigest", ERRORS)
@pytest.mark.parametrize("value", ["nonsense", "c2hvcnQ="])
def test_a_content_md5_that_is_none_is_refused(aws: AwsEndpoint, value: str) -> None:
    assert put(aws, new_key(), {"Content-MD5": value}).refusal == (400, "InvalidDigest")


@pytest.mark.aws("A checksum that holds is stored and comes back", INTEGRITY)
@pytest.mark.parametrize("algorithm", sorted(DIGESTS))
def test_the_right_checksum_is_kept(aws: AwsEndpoint, algorithm: str) -> None:
    key, name, value = new_key(), f"x-amz-checksum-{algorithm}", encoded(DIGESTS[algorithm])
    answer = put(aws, key, {name: value})
    assert (answer.status, answer.headers[name], answer.headers["x-amz-checksum-type"]) == (200, value, "FULL_OBJECT")
    url = f"{aws.url}/{uploads(aws)}/{key.replace(' ', '%20')}"
    head = send_signed("HEAD", url, headers={"x-amz-checksum-mode": "ENABLED"})
    assert head.headers[name] == value
    assert name not in send_signed("HEAD", url).headers


@pytest.mark.aws("A checksum that does not hold is BadDigest", INTEGRITY)
@pytest.mark.parametrize("algorithm", sorted(DIGESTS))
def test_a_wrong_checksum_is_refused(aws: AwsEndpoint, algorithm: str) -> None:
    key = new_key()
    wrong = bytes([DIGESTS[algorithm][0] ^ 1]) + DIGESTS[algorithm][1:]
    answer = put(aws, key, {f"x-amz-checksum-{algorithm}": encoded(wrong)})
    assert answer.refusal == (400, "BadDigest")
    message = f"The {algorithm.upper()} you specified did not match the calculated checksum."
    assert answer.error["Message"] == message
    assert not exists(aws, key)


@pytest.mark.aws("A checksum of the wrong length is InvalidRequest", INTEGRITY)
def test_a_checksum_that_is_none_is_refused(aws: AwsEndpoint) -> None:
    answer = put(aws, new_key(), {"x-amz-checksum-crc32": "c2hvcnRlcg=="})
    assert answer.refusal == (400, "InvalidRequest")
    assert answer.error["Message"] == "Value for x-amz-checksum-crc32 header is invalid."


@pytest.mark.aws("An upload has one checksum at most", INTEGRITY)
def test_two_checksums_are_refused(aws: AwsEndpoint) -> None:
    headers = {f"x-amz-checksum-{name}": encoded(DIGESTS[name]) for name in ("crc32", "sha1")}
    assert put(aws, new_key(), headers).refusal == (400, "InvalidRequest")


@pytest.mark.aws("The checksum of a part is verified", INTEGRITY)
def test_a_part_with_a_wrong_checksum_is_refused(aws: AwsEndpoint) -> None:
    s3, key = aws.client("s3"), new_key()
    upload = s3.create_multipart_upload(Bucket=uploads(aws), Key=key, ChecksumAlgorithm="CRC32")
    part = {"Bucket": uploads(aws), "Key": key, "UploadId": upload["UploadId"], "PartNumber": 1, "Body": CONTENT}
    with pytest.raises(ClientError, match="BadDigest"):
        s3.upload_part(**part, ChecksumCRC32=encoded(bytes(4)))
    etag = s3.upload_part(**part, ChecksumCRC32=encoded(DIGESTS["crc32"]))["ETag"]
    parts = [{"PartNumber": 1, "ETag": etag, "ChecksumCRC32": encoded(DIGESTS["crc32"])}]
    s3.complete_multipart_upload(
        Bucket=uploads(aws), Key=key, UploadId=upload["UploadId"], MultipartUpload={"Parts": parts}
    )
    assert s3.get_object(Bucket=uploads(aws), Key=key)["Body"].read() == CONTENT


@pytest.mark.aws(
    "DeleteObjects needs a Content-MD5 or a checksum",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html",
)
def test_a_deletion_of_many_needs_a_checksum(aws: AwsEndpoint) -> None:
    body = b"<Delete><Object><Key>a</Key></Object></Delete>"
    url = f"{aws.url}/{uploads(aws)}?delete="
    assert send_signed("POST", url, body).refusal == (400, "InvalidRequest")
    assert send_signed("POST", url, body, {"Content-MD5": md5_of(body)}).status == 200


@pytest.mark.parametrize("algorithm", sorted(DIGESTS))
def test_checksums_have_the_check_values_of_their_definitions(algorithm: str) -> None:
    assert checksum(algorithm.upper(), CONTENT) == encoded(DIGESTS[algorithm])


@pytest.mark.aws("An object that comes without a checksum gets a CRC64NVME", INTEGRITY)
def test_a_checksum_is_computed_where_none_came(aws: AwsEndpoint) -> None:
    key = new_key()
    expected = encoded(DIGESTS["crc64nvme"])
    answer = put(aws, key, {})
    assert answer.headers.get("x-amz-checksum-crc64nvme") == expected
    found = aws.client("s3").head_object(Bucket=uploads(aws), Key=key, ChecksumMode="ENABLED")
    assert (found.get("ChecksumCRC64NVME"), found.get("ChecksumType")) == (expected, "FULL_OBJECT")
