"""The XML documents that set something: what S3 refuses in them, and that what it takes is taken."""

from collections.abc import Iterator
from copy import deepcopy
from uuid import uuid4
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.refusals import refused
from tests.emulation.s3_http import send_signed

ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
LIFECYCLE = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html"
CORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html"
TAGGING = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html"
VERSIONING = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html"
COMPLETION = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html"
NOTIFICATION = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html"

RULE = "<Rule><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status>{}</Rule>"
DAYS = "<Expiration><Days>1</Days></Expiration>"
CORS_RULE = "<CORSRule><AllowedOrigin>{}</AllowedOrigin><AllowedMethod>{}</AllowedMethod></CORSRule>"
TAG = "<Tag><Key>{}</Key><Value>v</Value></Tag>"
OWNER = "<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner>"

# One document of each kind that S3 takes.
VALID = {
    "cors": (
        "<CORSConfiguration><CORSRule><ID>a</ID><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"
        "<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>30</MaxAgeSeconds></CORSRule>"
        f"{CORS_RULE.format('http://a.example', 'PUT')}</CORSConfiguration>"
    ),
    "lifecycle": (
        "<LifecycleConfiguration><Rule><ID>a</ID><Filter><And><Prefix>x</Prefix>"
        f"{TAG.format('a')}{TAG.format('b')}</And></Filter><Status>Enabled</Status>{DAYS}"
        "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>"
        "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule>"
        "<Rule><Prefix/><Status>Disabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>2"
        "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
        "<Rule><Filter/><Status>Enabled</Status><Expiration><Date>2099-01-01T00:00:00Z</Date></Expiration></Rule>"
        "</LifecycleConfiguration>"
    ),
    "tagging": f"<Tagging><TagSet>{TAG.format('a')}{TAG.format('b')}</TagSet></Tagging>",
    "versioning": "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    "notification": (
        "<NotificationConfiguration><CloudFunctionConfiguration><Id>x</Id>"
        "<CloudFunction>arn:aws:lambda:us-east-1:123456789012:function:f</CloudFunction>"
        "<Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>Prefix</Name><Value>a</Value></FilterRule>"
        "</S3Key></Filter></CloudFunctionConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"
    ),
    "encryption": (
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256"
        "</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
    ),
    "publicAccessBlock": (
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
    ),
    "ownershipControls": (
        "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"
    ),
    "website": "<WebsiteConfiguration><IndexDocument><Suffix>i.html</Suffix></IndexDocument></WebsiteConfiguration>",
    "acl": (
        f"<AccessControlPolicy>{OWNER}<AccessControlList><Grant>"
        '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">'
        "<URI>http://acs.amazonaws.com/groups/s3/LogDelivery</URI></Grantee><Permission>READ</Permission></Grant>"
        "</AccessControlList></AccessControlPolicy>"
    ),
}
VALUES = ("-1", "*" * 300)


@pytest.fixture
def bucket(aws: AwsEndpoint) -> str:
    name = f"documents-{uuid4()}"
    aws.client("s3").create_bucket(Bucket=name)
    return name


def altered(text: str) -> Iterator[bytes]:
    """The document with each element left out, doubled, renamed, emptied, and given another text."""
    root = ElementTree.fromstring(text)  # noqa: S314 - one of those above
    for number in range(1, len(list(root.iter()))):
        for change in (None, "double", "rename", "empty", *VALUES):
            document = deepcopy(root)
            element = list(document.iter())[number]
            parent = next(one for one in document.iter() if element in list(one))
            _change(parent, element, change)
            yield ElementTree.tostring(document)


def _change(parent: Element, element: Element, change: str | None) -> None:
    match change:
        case None:
            parent.remove(element)
        case "double":
            parent.append(deepcopy(element))
        case "rename":
            element.tag = "Unknown"
        case "empty":
            element.clear()
        case _:
            element.text = change


@pytest.mark.aws("A document that does not fit its schema is refused, none is a failure of the service", ERRORS)
@pytest.mark.parametrize("subresource", sorted(VALID))
def test_no_document_makes_the_service_fail(aws: AwsEndpoint, bucket: str, subresource: str) -> None:
    url = f"{aws.url}/{bucket}?{subresource}"
    for body in altered(VALID[subresource]):
        answer = send_signed("PUT", url, body)
        assert answer.status < 500 or answer.error["Code"] == "NotImplemented", f"HTTP {answer.status}\n{body!r}"
        if answer.status < 400:
            read = send_signed("GET", url)
            assert read.status < 500, f"HTTP {read.status}\n{body!r}"
    renamed = VALID[subresource].replace("</", "</Un", 1).encode()
    assert send_signed("PUT", url, renamed).refusal == (400, "MalformedXML")


@pytest.mark.aws("A document may name its namespace by a prefix", ERRORS)
@pytest.mark.parametrize("subresource", sorted(VALID))
def test_a_valid_document_is_taken_with_and_without_prefix(aws: AwsEndpoint, bucket: str, subresource: str) -> None:
    url = f"{aws.url}/{bucket}?{subresource}"
    plain = VALID[subresource]
    root = plain[1 : plain.index(">")]
    namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    prefixed = plain.replace("</", "\0").replace("<", "<s3:").replace("\0", "</s3:")
    prefixed = prefixed.replace(f"<s3:{root}>", f'<s3:{root} xmlns:s3="{namespace}">', 1)
    for text in (plain, plain.replace(root, f'{root} xmlns="{namespace}"', 1), prefixed):
        answer = send_signed("PUT", url, text.encode())
        assert answer.status in (200, 204), f"refused with {answer.error.get('Code')}"
        assert send_signed("GET", url).status == 200


def lifecycle_of(*rules: str) -> bytes:
    return f"<LifecycleConfiguration>{''.join(rules)}</LifecycleConfiguration>".encode()


@pytest.mark.aws("A lifecycle rule that cannot be is refused, and the former rules stay", LIFECYCLE)
@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("<Rule><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>", "MalformedXML"),
        (RULE.format("<Prefix>b/</Prefix>" + DAYS), "MalformedXML"),
        (RULE.replace("</Filter>", f"{TAG.format('a')}</Filter>").format(DAYS), "MalformedXML"),
        (RULE.replace("Enabled", "On").format(DAYS), "MalformedXML"),
        (RULE.format("<Expiration><Days>soon</Days></Expiration>"), "MalformedXML"),
        (RULE.format("<Expiration/>"), "MalformedXML"),
        (RULE.format("<NoncurrentVersionTransition/>"), "MalformedXML"),
        (RULE.format("<Transition><Days>1</Days><StorageClass>CELLAR</StorageClass></Transition>"), "MalformedXML"),
        (RULE.format(""), "InvalidRequest"),
        (RULE.format("<Expiration><Days>0</Days></Expiration>"), "InvalidArgument"),
        (RULE.format("<Expiration><Date>2099-01-01T10:00:00Z</Date></Expiration>"), "InvalidArgument"),
        (RULE.format(f"<ID>{'x' * 256}</ID>{DAYS}"), "InvalidArgument"),
        (2 * RULE.format(f"<ID>same</ID>{DAYS}"), "InvalidArgument"),
    ],
)
def test_an_impossible_lifecycle_rule_is_refused(aws: AwsEndpoint, bucket: str, rules: str, code: str) -> None:
    url = f"{aws.url}/{bucket}?lifecycle"
    assert send_signed("PUT", url, lifecycle_of(RULE.format(f"<ID>former</ID>{DAYS}"))).status == 200
    answer = send_signed("PUT", url, lifecycle_of(rules))
    assert answer.refusal == (400, code)
    assert b"<ID>former</ID>" in send_signed("GET", url).body


def test_a_rule_that_would_end_more_than_it_says_is_not_taken(aws: AwsEndpoint, bucket: str) -> None:
    rule = RULE.replace("<Prefix>a/</Prefix>", "<ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>").format(DAYS)
    assert send_signed("PUT", f"{aws.url}/{bucket}?lifecycle", lifecycle_of(rule)).refusal == (501, "NotImplemented")


@pytest.mark.aws("A CORS rule names methods that S3 has, and one wildcard in an origin at most", CORS)
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            CORS_RULE.format("*", "PATCH"),
            "Found unsupported HTTP method in CORS config. Unsupported method is PATCH",
        ),
        (
            CORS_RULE.format("http://*.*.example", "GET"),
            'AllowedOrigin "http://*.*.example" can not have more than one wildcard.',
        ),
        (
            CORS_RULE.replace("</CORSRule>", "<ExposeHeader>*</ExposeHeader></CORSRule>").format("*", "GET"),
            'ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.',
        ),
    ],
)
def test_an_impossible_cors_rule_is_refused(aws: AwsEndpoint, bucket: str, rule: str, message: str) -> None:
    answer = send_signed("PUT", f"{aws.url}/{bucket}?cors", f"<CORSConfiguration>{rule}</CORSConfiguration>".encode())
    assert answer.refusal == (400, "InvalidRequest")
    assert answer.error["Message"] == message


@pytest.mark.aws("Tags have distinct keys, none that begins with aws:, and an object ten at most", TAGGING)
@pytest.mark.parametrize(
    ("keys", "code"),
    [(["a", "a"], "InvalidTag"), (["aws:a"], "InvalidTag"), ([""], "InvalidTag"), (list("abcdefghijk"), "BadRequest")],
)
def test_impossible_tags_are_refused(aws: AwsEndpoint, bucket: str, keys: list[str], code: str) -> None:
    s3 = aws.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"content", Tagging="former=yes")
    tags = "".join(TAG.format(key) for key in keys)
    body = f"<Tagging><TagSet>{tags}</TagSet></Tagging>".encode()
    assert send_signed("PUT", f"{aws.url}/{bucket}/k?tagging", body).refusal == (400, code)
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "former", "Value": "yes"}]


@pytest.mark.aws("An empty set of tags takes an object's tags away", TAGGING)
def test_an_object_may_get_no_tags(aws: AwsEndpoint, bucket: str) -> None:
    s3 = aws.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"content", Tagging="former=yes")
    answer = s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": []})
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []


@pytest.mark.aws("A versioning configuration without a status is IllegalVersioningConfigurationException", VERSIONING)
def test_versioning_needs_its_status(aws: AwsEndpoint, bucket: str) -> None:
    answer = send_signed("PUT", f"{aws.url}/{bucket}?versioning", b"<VersioningConfiguration/>")
    assert answer.refusal == (400, "IllegalVersioningConfigurationException")


@pytest.mark.aws("A completed upload names its parts by number, in ascending order", COMPLETION)
def test_the_parts_of_an_upload_are_in_their_order(aws: AwsEndpoint, bucket: str) -> None:
    s3 = aws.client("s3")
    upload = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=b"x" * size)["ETag"]}
        for number, size in ((1, 5 << 20), (2, 1))
    ]
    with refused("InvalidPartOrder"):
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts[::-1]})
    with refused("InvalidPartOrder"):
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [parts[0], parts[0]]})
    for fields in ({}, {"ETag": parts[0]["ETag"]}, {"PartNumber": 1}):
        with refused("MalformedXML"):
            s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [fields] if fields else []})
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert s3.head_object(Bucket=bucket, Key="k")["ContentLength"] == (5 << 20) + 1


@pytest.mark.aws("A notification names events and destinations that there are", NOTIFICATION)
@pytest.mark.parametrize(
    ("old", "new"), [("s3:ObjectCreated:*", "s3:Painted"), ("arn:aws:lambda", "lambda"), (">Prefix<", ">middle<")]
)
def test_an_impossible_notification_is_refused(aws: AwsEndpoint, bucket: str, old: str, new: str) -> None:
    body = VALID["notification"].replace(old, new).encode()
    assert send_signed("PUT", f"{aws.url}/{bucket}?notification", body).refusal == (400, "InvalidArgument")


@pytest.mark.aws("Notifications are turned off by an empty configuration", NOTIFICATION)
def test_an_empty_notification_configuration_is_taken(aws: AwsEndpoint, bucket: str) -> None:
    s3 = aws.client("s3")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    answer = send_signed("PUT", f"{aws.url}/{bucket}?notification", b"<NotificationConfiguration/>")
    assert answer.status == 200
