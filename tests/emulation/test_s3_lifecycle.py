from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cloud_process import CloudProcess
from tests.emulation.s3_http import exists, images, new_key, uploads
from tests.eventually import wait_until

RULES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html"
EXPIRY = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html"
NONCURRENT = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html"
ABORT = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html"
ONE_DAY = 86_400
LAST_SECONDS = 30


def new_bucket(aws: AwsEndpoint, rules: list[dict[str, object]], versioned: bool = False) -> str:
    name = f"lifecycle-{uuid4()}"
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=name)
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration={"Rules": [{"ID": f"rule-{n}", **rule} for n, rule in enumerate(rules)]}
    )
    return name


def seconds_until_midnight() -> int:
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return int((midnight - now).total_seconds())


@pytest.fixture
def before_midnight() -> None:
    """A test that reckons with the next midnight begins long enough before it."""
    wait_until(lambda: seconds_until_midnight() > LAST_SECONDS, within_seconds=2 * LAST_SECONDS)


def keys_of(aws: AwsEndpoint, bucket: str) -> list[str]:
    return [one["Key"] for one in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.mark.aws("An expired object is gone: days count from its creation, rounded up to the next midnight UTC", RULES)
def test_an_upload_expires_after_its_day(aws: AwsEndpoint, before_midnight: None) -> None:
    s3, key = aws.client("s3"), new_key()
    s3.put_object(Bucket=uploads(aws), Key=key, Body=b"picture")
    aws.advance(ONE_DAY)
    assert exists(aws, key)
    aws.advance(seconds_until_midnight() + 60)
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket=uploads(aws), Key=key)
    assert not exists(aws, key)


@pytest.mark.aws("x-amz-expiration tells when an object expires, and by which rule", EXPIRY)
def test_the_expiry_is_told(aws: AwsEndpoint, before_midnight: None) -> None:
    s3, key = aws.client("s3"), new_key()
    told = s3.put_object(Bucket=uploads(aws), Key=key, Body=b"picture")["Expiration"]
    assert s3.head_object(Bucket=uploads(aws), Key=key)["Expiration"] == told
    date, _, rule = told.removeprefix('expiry-date="').partition('", rule-id=')
    end = parsedate_to_datetime(date)
    assert rule == '"expire-uploads"'
    assert (end.hour, end.minute, end.second) == (0, 0, 0)
    assert timedelta(days=1) < end - datetime.now(UTC) <= timedelta(days=2)


@pytest.mark.aws("A rule concerns the keys that begin with its prefix", RULES)
def test_a_rule_concerns_its_prefix_only(aws: AwsEndpoint) -> None:
    bucket = new_bucket(aws, [{"Status": "Enabled", "Filter": {"Prefix": "old/"}, "Expiration": {"Days": 3}}])
    for key in ("old/a", "new/a"):
        aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b"content")
    aws.advance(4 * ONE_DAY)
    assert keys_of(aws, bucket) == ["new/a"]


@pytest.mark.aws("A rule concerns the objects that have its tags now", RULES)
def test_a_rule_concerns_its_tags_only(aws: AwsEndpoint) -> None:
    s3, folder = aws.client("s3"), f"images/{uuid4()}"
    for name, tagging in (("pending", "attachment=pending"), ("claimed", "attachment=pending"), ("plain", "")):
        s3.put_object(Bucket=images(aws), Key=f"{folder}/{name}", Body=b"picture", Tagging=tagging)
    tags = {"TagSet": [{"Key": "attachment", "Value": "attached"}]}
    s3.put_object_tagging(Bucket=images(aws), Key=f"{folder}/claimed", Tagging=tags)
    aws.advance(8 * ONE_DAY)
    found = s3.list_objects_v2(Bucket=images(aws), Prefix=folder)["Contents"]
    assert [one["Key"].rpartition("/")[2] for one in found] == ["claimed", "plain"]


@pytest.mark.aws("A filter with And concerns what has the prefix and every tag", RULES)
def test_prefix_and_tags_must_fit_together(aws: AwsEndpoint) -> None:
    both = {"And": {"Prefix": "a/", "Tags": [{"Key": "x", "Value": "1"}, {"Key": "y", "Value": "2"}]}}
    bucket = new_bucket(aws, [{"Status": "Enabled", "Filter": both, "Expiration": {"Days": 1}}])
    s3 = aws.client("s3")
    for key, tagging in (("a/both", "x=1&y=2&z=3"), ("a/one", "x=1"), ("b/both", "x=1&y=2")):
        s3.put_object(Bucket=bucket, Key=key, Body=b"content", Tagging=tagging)
    aws.advance(2 * ONE_DAY)
    assert keys_of(aws, bucket) == ["a/one", "b/both"]


@pytest.mark.aws("A rule that is disabled does nothing", RULES)
def test_a_disabled_rule_does_nothing(aws: AwsEndpoint) -> None:
    bucket = new_bucket(aws, [{"Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}])
    aws.client("s3").put_object(Bucket=bucket, Key="a", Body=b"content")
    aws.advance(3 * ONE_DAY)
    assert keys_of(aws, bucket) == ["a"]


@pytest.mark.aws("On a versioned bucket expiry adds a delete marker, and the version stays", EXPIRY)
def test_expiry_hides_a_version(aws: AwsEndpoint) -> None:
    rules: list[dict[str, object]] = [{"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]
    bucket = new_bucket(aws, rules, versioned=True)
    s3 = aws.client("s3")
    version = s3.put_object(Bucket=bucket, Key="a", Body=b"content")["VersionId"]
    aws.advance(2 * ONE_DAY)
    assert keys_of(aws, bucket) == []
    assert s3.get_object(Bucket=bucket, Key="a", VersionId=version)["Body"].read() == b"content"
    assert len(s3.list_object_versions(Bucket=bucket)["DeleteMarkers"]) == 1


@pytest.mark.aws("Noncurrent versions expire by the days since they were replaced, the current one stays", NONCURRENT)
def test_old_versions_expire(aws: AwsEndpoint) -> None:
    s3, key = aws.client("s3"), f"images/{uuid4()}/original.jpg"
    first = s3.put_object(Bucket=images(aws), Key=key, Body=b"first")["VersionId"]
    aws.advance(20 * ONE_DAY)
    second = s3.put_object(Bucket=images(aws), Key=key, Body=b"second")["VersionId"]
    aws.advance(20 * ONE_DAY)
    found = s3.list_object_versions(Bucket=images(aws), Prefix=key)["Versions"]
    assert [one["VersionId"] for one in found] == [second, first]
    aws.advance(11 * ONE_DAY)
    found = s3.list_object_versions(Bucket=images(aws), Prefix=key)["Versions"]
    assert [one["VersionId"] for one in found] == [second]
    with pytest.raises(ClientError, match="NoSuchVersion"):
        s3.get_object(Bucket=images(aws), Key=key, VersionId=first)


@pytest.mark.aws("ExpiredObjectDeleteMarker removes a delete marker that hides nothing any more", NONCURRENT)
def test_a_lone_delete_marker_goes(aws: AwsEndpoint) -> None:
    s3, key = aws.client("s3"), f"images/{uuid4()}/original.jpg"
    s3.put_object(Bucket=images(aws), Key=key, Body=b"picture")
    s3.delete_object(Bucket=images(aws), Key=key)
    aws.advance(32 * ONE_DAY)
    found = s3.list_object_versions(Bucket=images(aws), Prefix=key)
    assert "Versions" not in found
    assert "DeleteMarkers" not in found


@pytest.mark.aws("A multipart upload that is not completed is aborted after its days", ABORT)
def test_an_unfinished_upload_is_aborted(aws: AwsEndpoint) -> None:
    s3, key = aws.client("s3"), new_key()
    s3.create_multipart_upload(Bucket=uploads(aws), Key=key)
    assert key in [one["Key"] for one in s3.list_multipart_uploads(Bucket=uploads(aws))["Uploads"]]
    aws.advance(2 * ONE_DAY)
    assert key not in [one["Key"] for one in s3.list_multipart_uploads(Bucket=uploads(aws)).get("Uploads", [])]


def test_a_clock_that_was_set_back_and_advanced_anew_is_another(cloud: CloudProcess) -> None:
    bucket, key = cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_UPLOADS"], new_key()
    s3 = cloud.client("s3")
    cloud.request("POST", "/_cloud/clock", b'{"advanceSeconds": 60}')
    s3.put_object(Bucket=bucket, Key=key, Body=b"picture")
    cloud.request("DELETE", "/_cloud/clock")
    cloud.request("POST", "/_cloud/clock", b'{"advanceSeconds": %d}' % (2 * ONE_DAY))
    try:
        assert s3.list_objects_v2(Bucket=bucket, Prefix=key)["KeyCount"] == 0
    finally:
        cloud.request("DELETE", "/_cloud/clock")


def test_what_expired_is_gone_after_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lifecycle")
    cloud = CloudProcess(folder).wait_until_ready()
    bucket = cloud.request("GET", "/_cloud/environment")[1]["S3_BUCKET_UPLOADS"]
    cloud.client("s3").put_object(Bucket=bucket, Key="uploads/one", Body=b"content that expires")
    wait_until(lambda: list((folder / "state" / "objects").glob("*")))
    cloud.request("POST", "/_cloud/clock", b'{"advanceSeconds": 172800}', {"Content-Type": "application/json"})
    cloud.stop()
    again = CloudProcess(folder).wait_until_ready()
    assert again.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    wait_until(lambda: not list((folder / "state" / "objects").glob("*")))
    again.stop()
