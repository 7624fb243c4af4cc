from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import Answer, exists, new_key, policy_of, post_form, resigned, send, uploads

POLICY = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html"
FORM = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html"
AUTHENTICATION = "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html"
ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"

Fields = dict[str, str]


def new_form(
    aws: AwsEndpoint,
    key: str,
    further: Fields | None = None,
    conditions: list[Any] | None = None,
    expires_in: int = 300,
) -> tuple[str, Fields]:
    """Address and fields of a form that was signed with a range of 1 to 100 bytes and the type of the file."""
    fields = further or {}
    form = aws.client("s3").generate_presigned_post(
        Bucket=uploads(aws),
        Key=key,
        Fields={"Content-Type": "image/jpeg", **fields},
        Conditions=[
            {"Content-Type": "image/jpeg"},
            ["content-length-range", 1, 100],
            *[{name: value} for name, value in fields.items()],
            *(conditions or []),
        ],
        ExpiresIn=expires_in,
    )
    return form["url"], form["fields"]


def condition_failed(answer: Answer) -> str:
    """The condition that S3 says does not hold."""
    assert answer.refusal == (403, "AccessDenied")
    message = answer.error["Message"].replace("&quot;", '"')
    opening = "Invalid according to Policy: Policy Condition failed: "
    assert message.startswith(opening)
    return message.removeprefix(opening)


@pytest.mark.aws("A form that fits its signed policy uploads its file", FORM)
def test_a_form_uploads(aws: AwsEndpoint) -> None:
    key = new_key()
    url, fields = new_form(aws, key, {"x-amz-meta-purpose": "receipt", "Cache-Control": "no-store"})
    assert post_form(url, fields, b"picture\r\n--with-dashes\r\n").status == 204
    found = aws.client("s3").get_object(Bucket=uploads(aws), Key=key)
    assert found["Body"].read() == b"picture\r\n--with-dashes\r\n"
    assert (found["ContentType"], found["CacheControl"]) == ("image/jpeg", "no-store")
    assert found["Metadata"] == {"purpose": "receipt"}


@pytest.mark.aws("A form's tagging field is a document of tags, which the object gets", FORM)
def test_a_form_gives_tags(aws: AwsEndpoint) -> None:
    key = new_key()
    tag = "<Tag><Key>kind</Key><Value>a &amp; b</Value></Tag>"
    url, fields = new_form(aws, key, {"tagging": f"<Tagging><TagSet>{tag}</TagSet></Tagging>"})
    assert post_form(url, fields, b"picture").status == 204
    found = aws.client("s3").get_object_tagging(Bucket=uploads(aws), Key=key)["TagSet"]
    assert found == [{"Key": "kind", "Value": "a & b"}]


@pytest.mark.aws("A tagging field that does not fit the schema of tags is MalformedXML", ERRORS)
@pytest.mark.parametrize(
    "document",
    ["<Tagging>", "<Tags/>", "<Tagging><TagSet><Tag><Value>b</Value></Tag></TagSet></Tagging>"],
    ids=["cut off", "of another name", "without a key"],
)
def test_tags_of_a_form_that_are_no_document_of_tags_are_refused(aws: AwsEndpoint, document: str) -> None:
    key = new_key()
    assert post_form(*new_form(aws, key, {"tagging": document}), b"picture").refusal == (400, "MalformedXML")
    assert not exists(aws, key)


@pytest.mark.aws("A file larger than content-length-range allows is EntityTooLarge", POLICY)
def test_a_file_that_is_too_large_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    answer = post_form(*new_form(aws, key), bytes(101))
    assert answer.refusal == (400, "EntityTooLarge")
    assert (answer.error["ProposedSize"], answer.error["MaxSizeAllowed"]) == ("101", "100")
    assert not exists(aws, key)


@pytest.mark.aws("A file smaller than content-length-range allows is EntityTooSmall", POLICY)
def test_a_file_that_is_too_small_is_refused(aws: AwsEndpoint) -> None:
    answer = post_form(*new_form(aws, new_key()), b"")
    assert answer.refusal == (400, "EntityTooSmall")
    assert (answer.error["ProposedSize"], answer.error["MinSizeAllowed"]) == ("0", "1")


@pytest.mark.aws("Both ends of content-length-range are allowed", POLICY)
@pytest.mark.parametrize("size", [1, 100])
def test_the_ends_of_the_range_are_allowed(aws: AwsEndpoint, size: int) -> None:
    assert post_form(*new_form(aws, new_key()), bytes(size)).status == 204


@pytest.mark.aws("A form is refused after the expiration of its policy", POLICY)
def test_a_policy_expires(aws: AwsEndpoint) -> None:
    key = new_key()
    url, fields = new_form(aws, key, expires_in=300)
    aws.advance(301)
    answer = post_form(url, fields)
    assert answer.refusal == (403, "AccessDenied")
    assert answer.error["Message"] == "Invalid according to Policy: Policy expired."
    assert not exists(aws, key)


@pytest.mark.aws("A field that must match exactly is refused with another value", POLICY)
@pytest.mark.parametrize(
    ("name", "value"), [("Content-Type", "text/html"), ("x-amz-meta-purpose", "image"), ("key", "uploads/other")]
)
def test_another_value_than_the_policys_is_refused(aws: AwsEndpoint, name: str, value: str) -> None:
    url, fields = new_form(aws, new_key(), {"x-amz-meta-purpose": "receipt"})
    wanted = fields[name]
    assert condition_failed(post_form(url, {**fields, name: value})) == f'["eq", "${name}", "{wanted}"]'


@pytest.mark.aws("A field that a condition names must be there", POLICY)
def test_a_missing_field_is_refused(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    del fields["Content-Type"]
    assert condition_failed(post_form(url, fields)) == '["eq", "$Content-Type", "image/jpeg"]'


@pytest.mark.aws("The bucket of the policy is the one that is posted to", POLICY)
def test_a_policy_for_another_bucket_is_refused(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    other = url.replace(uploads(aws), aws.environment["S3_BUCKET_IMAGES"])
    assert condition_failed(post_form(other, fields)) == f'["eq", "$bucket", "{uploads(aws)}"]'


@pytest.mark.aws("starts-with asks for the beginning of a value; an empty one allows any", POLICY)
def test_starts_with_is_checked(aws: AwsEndpoint) -> None:
    folder = new_key().rpartition("/")[0]
    url, fields = new_form(aws, f"{folder}/${{filename}}", conditions=[["starts-with", "$x-amz-meta-note", ""]])
    policy = policy_of(fields)
    assert ["starts-with", "$key", f"{folder}/"] in policy["conditions"]
    assert post_form(url, {**fields, "x-amz-meta-note": "anything"}, file_name="a.jpg").status == 204
    assert exists(aws, f"{folder}/a.jpg")
    refused = post_form(url, {**fields, "x-amz-meta-note": "", "key": "elsewhere/a.jpg"})
    assert condition_failed(refused) == f'["starts-with", "$key", "{folder}/"]'


@pytest.mark.aws("Each field of a form must be named by a condition", POLICY)
def test_an_extra_field_is_refused(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    answer = post_form(url, {**fields, "x-amz-meta-extra": "1"})
    assert answer.refusal == (403, "AccessDenied")
    assert answer.error["Message"] == "Invalid according to Policy: Extra input fields: x-amz-meta-extra"


@pytest.mark.aws("Fields that begin with x-ignore- need no condition", POLICY)
def test_an_ignored_field_is_allowed(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    assert post_form(url, {**fields, "x-ignore-me": "1"}).status == 204


@pytest.mark.aws("A form without policy and signature is anonymous, and denied", AUTHENTICATION)
def test_a_form_without_a_policy_is_refused(aws: AwsEndpoint) -> None:
    key = new_key()
    assert post_form(f"{aws.url}/{uploads(aws)}", {"key": key}).refusal == (403, "AccessDenied")
    assert not exists(aws, key)


@pytest.mark.aws("A policy that was changed does not fit its signature", AUTHENTICATION)
def test_a_tampered_policy_is_refused(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    policy = policy_of(fields)
    policy["conditions"] = [one for one in policy["conditions"] if "content-length-range" not in one]
    changed = resigned(fields, policy) | {"x-amz-signature": fields["x-amz-signature"]}
    answer = post_form(url, changed, bytes(1000))
    assert answer.refusal == (403, "SignatureDoesNotMatch")
    assert answer.error["StringToSign"] == changed["policy"]


@pytest.mark.aws("A form that is signed at all has all fields of a signature", AUTHENTICATION)
@pytest.mark.parametrize("name", ["X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"])
def test_a_form_without_a_field_of_the_signature_is_refused(aws: AwsEndpoint, name: str) -> None:
    url, fields = new_form(aws, new_key())
    del fields[name.lower()]
    answer = post_form(url, fields)
    assert answer.refusal == (400, "InvalidArgument")
    assert answer.error["Message"].startswith(f"Bucket POST must contain a field named '{name}'.")


@pytest.mark.aws("A form needs the field key", FORM)
def test_a_form_without_a_key_is_refused(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    del fields["key"]
    answer = post_form(url, fields)
    assert answer.refusal == (400, "InvalidArgument")
    assert answer.error["ArgumentName"] == "key"


@pytest.mark.aws("What follows the file is ignored, so the key must come before", FORM)
def test_a_key_after_the_file_is_not_seen(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    key = fields.pop("key")
    boundary = "----boundary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\npicture\r\n'
    tail = f'--{boundary}\r\nContent-Disposition: form-data; name="key"\r\n\r\n{key}\r\n--{boundary}--\r\n'
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = send("POST", url, (head + tail).encode(), headers)
    assert answer.refusal == (400, "InvalidArgument")
    assert answer.error["ArgumentName"] == "key"


@pytest.mark.aws("A policy that cannot be read is InvalidPolicyDocument", ERRORS)
@pytest.mark.parametrize(
    "policy",
    [
        "{",
        {"conditions": []},
        {"expiration": "2099-01-01T00:00:00Z"},
        {"expiration": "tomorrow", "conditions": []},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["starts-with", "$key"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["ends-with", "$key", "a"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [{"a": "1", "b": "2"}]},
    ],
)
def test_a_policy_that_cannot_be_read_is_refused(aws: AwsEndpoint, policy: Any) -> None:
    url, fields = new_form(aws, new_key())
    assert post_form(url, resigned(fields, policy)).refusal == (400, "InvalidPolicyDocument")


@pytest.mark.aws("success_action_status 201 is answered with the object's place and ETag", FORM)
def test_the_answer_can_be_a_document(aws: AwsEndpoint) -> None:
    key = new_key()
    answer = post_form(*new_form(aws, key, {"success_action_status": "201"}))
    assert answer.status == 201
    assert (answer.error["Bucket"], answer.error["Key"]) == (uploads(aws), key)
    assert answer.error["ETag"].replace("&quot;", '"') == answer.headers["etag"]


@pytest.mark.aws("success_action_redirect is answered with 303, and bucket, key and etag in the query", FORM)
def test_the_answer_can_be_a_redirect(aws: AwsEndpoint) -> None:
    key = new_key()
    answer = post_form(*new_form(aws, key, {"success_action_redirect": "http://localhost:3000/done?a=1"}))
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.status == 303
    assert query == {"a": ["1"], "bucket": [uploads(aws)], "key": [key], "etag": [answer.headers["etag"]]}


@pytest.mark.aws("The fields before the file have 20 KB at most", FORM)
def test_fields_that_are_too_large_are_refused(aws: AwsEndpoint) -> None:
    url, fields = new_form(aws, new_key())
    answer = post_form(url, {**fields, "x-ignore-me": "x" * 20_480})
    assert answer.refusal == (400, "MaxPostPreDataLengthExceeded")
