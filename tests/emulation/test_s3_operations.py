"""Which operation a method and the parameters of a query ask for: what is authorized is what is carried out."""

from uuid import uuid4

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from emulation.cloud.s3 import actions
from emulation.cloud.s3.target import SUBRESOURCES
from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import images, new_key, send_signed, uploads

OPERATIONS = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html"
ERRORS = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
ACTIONS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"
PARTS = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html"


@pytest.fixture
def bucket_url(aws: AwsEndpoint) -> str:
    """An empty bucket: it could be deleted."""
    name = f"empty-{uuid4()}"
    aws.client("s3").create_bucket(Bucket=name)
    return f"{aws.url}/{name}"


@pytest.mark.aws("A listing or a location cannot be deleted or written: 405 MethodNotAllowed", ERRORS)
@pytest.mark.parametrize("subresource", ["versions", "uploads", "location", "policyStatus"])
@pytest.mark.parametrize("method", ["DELETE", "PUT"])
def test_a_method_that_a_subresource_does_not_have_is_refused(bucket_url: str, method: str, subresource: str) -> None:
    answer = send_signed(method, f"{bucket_url}?{subresource}")
    assert answer.refusal == (405, "MethodNotAllowed")
    assert answer.error["Method"] == method
    assert send_signed("GET", bucket_url).status == 200


@pytest.mark.aws("Two subresources in one request are refused as conflicting: 400 InvalidArgument", ERRORS)
@pytest.mark.parametrize("query", ["acl&policy", "versions&policy=", "policy&%76ersions"])
def test_two_subresources_conflict(bucket_url: str, query: str) -> None:
    first, second = query.replace("%76", "v").rstrip("=").split("&")
    answer = send_signed("DELETE", f"{bucket_url}?{query}")
    assert answer.refusal == (400, "InvalidArgument")
    assert answer.error["Message"] == f"Conflicting query string parameters: {first}, {second}"
    assert (answer.error["ArgumentName"], answer.error["ArgumentValue"]) == ("ResourceType", first)
    assert send_signed("GET", bucket_url).status == 200


@pytest.mark.aws("A subresource decides what a GET on a bucket reads, also beside list-type=2", OPERATIONS)
def test_a_listing_type_does_not_turn_a_setting_into_a_listing(aws: AwsEndpoint) -> None:
    answer = send_signed("GET", f"{aws.url}/{uploads(aws)}?list-type=2&ownershipControls")
    assert b"ListBucketResult" not in answer.body


def test_what_moto_would_take_for_another_operation_is_refused_by_name(bucket_url: str) -> None:
    for query, name in (("inventory&id=1", "InventoryConfiguration"), ("metadataTable", "MetadataTableConfiguration")):
        answer = send_signed("DELETE", f"{bucket_url}?{query}")
        assert answer.refusal == (501, "NotImplemented")
        assert f"s3:DeleteBucket{name}" in answer.error["Message"]
    assert send_signed("GET", bucket_url).status == 200


def test_the_content_of_an_object_is_no_answer_to_its_retention(aws: AwsEndpoint) -> None:
    key = new_key("retained").replace(" ", "-")
    aws.client("s3").put_object(Bucket=uploads(aws), Key=key, Body=b"content")
    answer = send_signed("GET", f"{aws.url}/{uploads(aws)}/{key}?retention")
    assert (answer.refusal, b"content" in answer.body) == ((501, "NotImplemented"), False)


@pytest.mark.aws("Deleting a version needs s3:DeleteObjectVersion, however the query is written", ACTIONS)
def test_a_repeated_parameter_counts_once(aws: AwsEndpoint) -> None:
    key = f"images/{uuid4()}"
    version = aws.client("s3").put_object(Bucket=images(aws), Key=key, Body=b"kept")["VersionId"]
    url = f"{aws.url}/{images(aws)}/{key}?versionId={version}&versionId="
    # The cleanup may delete objects, and no versions.
    assert send_signed("DELETE", url, access_key="CleanupFunction").status in (204, 403)
    read = aws.client("s3").get_object(Bucket=images(aws), Key=key, VersionId=version)
    assert read["Body"].read() == b"kept"


@pytest.mark.aws("A part is uploaded under a number from 1 to 10,000", PARTS)
@pytest.mark.parametrize("number", ["", "&partNumber=0", "&partNumber=10001", "&partNumber=one"])
def test_a_part_without_a_number_is_no_object(aws: AwsEndpoint, number: str) -> None:
    s3, key = aws.client("s3"), new_key("parts").replace(" ", "-")
    upload = s3.create_multipart_upload(Bucket=uploads(aws), Key=key)["UploadId"]
    url = f"{aws.url}/{uploads(aws)}/{key}"
    assert send_signed("PUT", f"{url}?uploadId={upload}{number}", b"part").refusal == (400, "InvalidArgument")
    assert send_signed("GET", url).status == 404


def operations_of_aws() -> set[tuple[str, str, str]]:
    """Level, method and subresource of every operation that the SDK knows."""
    # Read here: a client takes the bucket out of the paths of the description that it uses.
    model = ServiceModel(Loader().load_service_model("s3", "service-2"))
    found = set()
    for name in model.operation_names:
        operation = model.operation_model(name)
        path, _, query = str(operation.http["requestUri"]).partition("?")
        named = [part.partition("=")[0] for part in query.split("&") if part]
        shape = operation.input_shape
        asked = (one.serialization.get("name", "") for one in (shape.members.values() if shape else ()))
        # An upload's id is asked for by a parameter with a value.
        subresource = next((one for one in (*named, *asked) if one in SUBRESOURCES), "")
        level = "object" if "{Key" in path else "bucket" if "{Bucket}" in path else "service"
        found.add((level, str(operation.http["method"]), subresource))
    return found - {("service", "POST", "")}  # WriteGetObjectResponse, at an address of its own


def test_every_operation_of_aws_is_carried_out_or_refused_by_name() -> None:
    tables = {
        "object": (actions.OBJECT_ACTIONS, actions.OBJECT_LACKS),
        "bucket": ({**actions.BUCKET_ACTIONS, actions.DELETE_OBJECTS: ""}, actions.BUCKET_LACKS),
        "service": (actions.SERVICE_ACTIONS, {}),
    }
    known = {(level, *asked) for level, parts in tables.items() for part in parts for asked in part}
    assert operations_of_aws() <= known
    assert {subresource for _, _, subresource in known} - {""} == SUBRESOURCES


@pytest.mark.aws("A setting whose XML is not well-formed, or another one's, is refused with MalformedXML", ERRORS)
@pytest.mark.parametrize("body", [b"", b"garbage", b"<Other/>", b"\xff\xfe", b"<!DOCTYPE a []><Tagging/>"])
@pytest.mark.parametrize(
    "subresource", ["acl", "cors", "encryption", "lifecycle", "notification", "publicAccessBlock", "tagging", "website"]
)
def test_a_malformed_setting_is_refused(bucket_url: str, subresource: str, body: bytes) -> None:
    assert send_signed("PUT", f"{bucket_url}?{subresource}", body).refusal == (400, "MalformedXML")
