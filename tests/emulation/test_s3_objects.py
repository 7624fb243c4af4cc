from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import Answer, images, new_key, presigned, send, send_signed, uploads

GET_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"
PUT_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"
COPY_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html"
CONDITIONAL = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html"
METADATA = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html"
KEYS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"
TAGS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html"
POLICY = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html"
MARKERS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html"


def put(aws: AwsEndpoint, body: bytes = b"0123456789", **parameters: Any) -> tuple[str, Any]:
    key = new_key()
    return key, aws.client("s3").put_object(Bucket=uploads(aws), Key=key, Body=body, **parameters)


def get(aws: AwsEndpoint, key: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send_signed("GET", f"{aws.url}/{uploads(aws)}/{key.replace(' ', '%20')}", headers=named)


@pytest.mark.aws("The body of an upload is stored whatever its content type is", PUT_OBJECT)
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_that_looks_like_a_form_is_stored(aws: AwsEndpoint, content_type: str) -> None:
    key = new_key()
    url = presigned(aws, "put_object", key)
    assert send("PUT", url, b"a=1&b=2", {"Content-Type": content_type}).status == 200
    answer = send("GET", presigned(aws, "get_object", key))
    assert (answer.body, answer.headers["content-type"]) == (b"a=1&b=2", content_type)


@pytest.mark.aws("A range is answered with 206 and its bytes", GET_OBJECT)
@pytest.mark.parametrize(
    ("span", "body", "content_range"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=5-99", b"56789", "bytes 5-9/10"),
    ],
)
def test_a_range_is_served(aws: AwsEndpoint, span: str, body: bytes, content_range: str) -> None:
    key, _ = put(aws)
    answer = get(aws, key, Range=span)
    assert (answer.status, answer.body, answer.headers["content-range"]) == (206, body, content_range)
    assert answer.headers["content-length"] == str(len(body))


@pytest.mark.aws("A range behind the end is 416 InvalidRange", GET_OBJECT)
def test_a_range_behind_the_end_is_refused(aws: AwsEndpoint) -> None:
    key, _ = put(aws)
    answer = get(aws, key, Range="bytes=10-")
    assert answer.refusal == (416, "InvalidRange")
    assert (answer.error["ActualObjectSize"], answer.error["RangeRequested"]) == ("10", "bytes=10-")


@pytest.mark.aws("A range that cannot be read, or several, is ignored", GET_OBJECT)
@pytest.mark.parametrize("span", ["bytes=4-2", "bytes=0-1,4-5", "lines=1-2"])
def test_an_unusable_range_is_ignored(aws: AwsEndpoint, span: str) -> None:
    key, _ = put(aws)
    answer = get(aws, key, Range=span)
    assert (answer.status, answer.body) == (200, b"0123456789")


@pytest.mark.aws("If-None-Match with the object's ETag is 304 without a body", CONDITIONAL)
def test_what_has_not_changed_is_not_sent(aws: AwsEndpoint) -> None:
    key, written = put(aws)
    answer = get(aws, key, If_None_Match=written["ETag"])
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", written["ETag"])
    assert get(aws, key, If_None_Match='"other"').status == 200


@pytest.mark.aws("If-Match that does not hold is 412", CONDITIONAL)
def test_what_has_changed_is_not_sent(aws: AwsEndpoint) -> None:
    key, written = put(aws)
    assert get(aws, key, If_Match=written["ETag"]).status == 200
    answer = get(aws, key, If_Match='"other"')
    assert answer.refusal == (412, "PreconditionFailed")
    assert answer.error["Condition"] == "If-Match"


@pytest.mark.aws(
    "If-Match that holds overrules If-Unmodified-Since, If-None-Match overrules If-Modified-Since", GET_OBJECT
)
def test_a_tag_overrules_a_time(aws: AwsEndpoint) -> None:
    key, written = put(aws)
    old, later = "Wed, 01 Jan 2020 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    assert get(aws, key, If_Match=written["ETag"], If_Unmodified_Since=old).status == 200
    assert get(aws, key, If_None_Match='"other"', If_Modified_Since=later).status == 200
    assert get(aws, key, If_None_Match=written["ETag"], If_Modified_Since=old).status == 304


@pytest.mark.aws("If-None-Match: * writes an object once only", CONDITIONAL)
def test_an_object_is_written_once(aws: AwsEndpoint) -> None:
    key, _ = put(aws, IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        aws.client("s3").put_object(Bucket=uploads(aws), Key=key, Body=b"other", IfNoneMatch="*")
    assert get(aws, key).body == b"0123456789"


@pytest.mark.aws("If-Match on an upload replaces just the version that was read", CONDITIONAL)
def test_a_lost_update_is_refused(aws: AwsEndpoint) -> None:
    s3, (key, written) = aws.client("s3"), put(aws)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=uploads(aws), Key=key, Body=b"other", IfMatch='"0123"')
    s3.put_object(Bucket=uploads(aws), Key=key, Body=b"other", IfMatch=written["ETag"])
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.put_object(Bucket=uploads(aws), Key=new_key(), Body=b"other", IfMatch=written["ETag"])


@pytest.mark.aws("Conditions on the source of a copy are obeyed", COPY_OBJECT)
def test_conditions_on_the_source_of_a_copy_are_obeyed(aws: AwsEndpoint) -> None:
    s3, (key, written) = aws.client("s3"), put(aws)
    modified_at = s3.head_object(Bucket=uploads(aws), Key=key)["LastModified"]
    target, source = new_key(), {"Bucket": uploads(aws), "Key": key}
    for condition in (
        {"CopySourceIfMatch": '"other"'},
        {"CopySourceIfNoneMatch": written["ETag"]},
        {"CopySourceIfUnmodifiedSince": modified_at - timedelta(hours=1)},
        {"CopySourceIfModifiedSince": modified_at},
    ):
        with pytest.raises(ClientError, match="PreconditionFailed"):
            s3.copy_object(Bucket=uploads(aws), Key=target, CopySource=source, **condition)
    s3.copy_object(Bucket=uploads(aws), Key=target, CopySource=source, CopySourceIfMatch=written["ETag"])
    assert get(aws, target).body == b"0123456789"


@pytest.mark.aws("User metadata have 2 KB at most", METADATA)
def test_too_much_metadata_is_refused(aws: AwsEndpoint) -> None:
    with pytest.raises(ClientError, match="MetadataTooLarge"):
        put(aws, Metadata={"note": "x" * 2045})
    key, _ = put(aws, Metadata={"note": "x" * 2044})
    assert get(aws, key).headers["x-amz-meta-note"] == "x" * 2044


@pytest.mark.aws("A key has 1,024 bytes at most", KEYS)
def test_a_key_that_is_too_long_is_refused(aws: AwsEndpoint) -> None:
    s3, folder = aws.client("s3"), f"uploads/{uuid4()}/"
    with pytest.raises(ClientError, match="KeyTooLongError"):
        s3.put_object(Bucket=uploads(aws), Key=folder + "ü" * 500, Body=b"picture")
    key = folder + "k" * (1024 - len(folder))
    s3.put_object(Bucket=uploads(aws), Key=key, Body=b"picture")
    assert s3.get_object(Bucket=uploads(aws), Key=key)["Body"].read() == b"picture"


@pytest.mark.aws("An object has ten tags at most", TAGS)
def test_too_many_tags_are_refused(aws: AwsEndpoint) -> None:
    with pytest.raises(ClientError, match="Object tags cannot be greater than 10"):
        put(aws, Tagging="&".join(f"k{n}=v" for n in range(11)))
    key, _ = put(aws, Tagging="&".join(f"k{n}=v" for n in range(10)))
    assert get(aws, key).headers["x-amz-tagging-count"] == "10"


@pytest.mark.aws("A new object without tags has none of the one before", TAGS)
def test_tags_do_not_survive_a_replacement(aws: AwsEndpoint) -> None:
    s3, (key, _) = aws.client("s3"), put(aws, Tagging="attachment=pending")
    s3.put_object(Bucket=uploads(aws), Key=key, Body=b"other")
    assert s3.get_object_tagging(Bucket=uploads(aws), Key=key)["TagSet"] == []


@pytest.mark.aws("A read of a delete marker is 404, one of its version 405 MethodNotAllowed", MARKERS)
def test_a_delete_marker_is_no_object(aws: AwsEndpoint) -> None:
    s3, key = aws.client("s3"), f"images/{uuid4()}"
    s3.put_object(Bucket=images(aws), Key=key, Body=b"picture")
    marker = s3.delete_object(Bucket=images(aws), Key=key)["VersionId"]
    url = f"{aws.url}/{images(aws)}/{key}"
    gone = send_signed("GET", url)
    assert gone.refusal == (404, "NoSuchKey")
    assert (gone.headers["x-amz-delete-marker"], gone.headers["x-amz-version-id"]) == ("true", marker)
    version = send_signed("GET", f"{url}?versionId={marker}")
    assert version.refusal == (405, "MethodNotAllowed")
    assert version.headers["allow"] == "DELETE"


@pytest.mark.aws("A bucket policy that is none is MalformedPolicy", POLICY)
@pytest.mark.parametrize(
    "policy",
    [
        "not json",
        '{"Statement": []}',
        '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}]}',
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}]}',
        '{"Statement": [{"Effect": "Maybe", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::BUCKET"}]}',
    ],
)
def test_a_malformed_bucket_policy_is_refused(aws: AwsEndpoint, policy: str) -> None:
    bucket = f"policy-{uuid4()}"
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=bucket)
    with pytest.raises(ClientError, match="MalformedPolicy"):
        s3.put_bucket_policy(Bucket=bucket, Policy=policy.replace("BUCKET", bucket))


@pytest.mark.aws("Deleting a key that is not there leaves a delete marker in a bucket with versions", MARKERS)
@pytest.mark.parametrize("in_a_list", [False, True])
def test_a_marker_hides_what_was_never_there(aws: AwsEndpoint, in_a_list: bool) -> None:
    s3, key = aws.client("s3"), f"images/{uuid4()}"
    if in_a_list:
        s3.delete_objects(Bucket=images(aws), Delete={"Objects": [{"Key": key}]})
    else:
        assert s3.delete_object(Bucket=images(aws), Key=key).get("DeleteMarker") is True
    found = s3.list_object_versions(Bucket=images(aws), Prefix=key)
    assert [(one["Key"], one["IsLatest"]) for one in found.get("DeleteMarkers", [])] == [(key, True)]
    assert "Versions" not in found
