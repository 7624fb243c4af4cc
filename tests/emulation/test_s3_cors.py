import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.s3_http import images, new_key, presigned, send, uploads

CORS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html"
TROUBLE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html"
PREFLIGHT = "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html"
# One of the origins of the template's parameter SiteOrigins, as the local stack sets it.
SITE = "http://localhost:3000"
FOREIGN = "https://evil.example.com"


def preflight(origin: str = SITE, method: str = "PUT", headers: str = "") -> dict[str, str]:
    asked = {"Access-Control-Request-Headers": headers} if headers else {}
    return {"Origin": origin, "Access-Control-Request-Method": method, **asked}


@pytest.mark.aws("A preflight is answered from the first rule that fits", PREFLIGHT)
def test_a_preflight_of_the_site_is_allowed(aws: AwsEndpoint) -> None:
    url = f"{aws.url}/{uploads(aws)}/{new_key()}".replace(" ", "%20")
    answer = send("OPTIONS", url, headers=preflight(headers="Content-Type, X-Amz-Meta-Purpose"))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-allow-methods"] == "PUT, POST"
    assert answer.headers["access-control-allow-headers"] == "content-type, x-amz-meta-purpose"
    assert answer.headers["access-control-max-age"] == "3600"
    assert answer.headers["access-control-expose-headers"] == "ETag"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


@pytest.mark.aws("A preflight that no rule allows is 403 AccessForbidden, without CORS headers", TROUBLE)
@pytest.mark.parametrize("headers", [preflight(origin=FOREIGN), preflight(method="DELETE"), preflight(method="GET")])
def test_a_preflight_that_no_rule_allows_is_refused(aws: AwsEndpoint, headers: dict[str, str]) -> None:
    answer = send("OPTIONS", f"{aws.url}/{uploads(aws)}/key", headers=headers)
    assert answer.refusal == (403, "AccessForbidden")
    assert answer.error["Message"].startswith("CORSResponse: This CORS request is not allowed.")
    assert answer.error["Method"] == headers["Access-Control-Request-Method"]
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.aws("A preflight to a bucket without CORS rules is 403 AccessForbidden", TROUBLE)
def test_a_bucket_without_rules_allows_nothing(aws: AwsEndpoint) -> None:
    bucket = aws.environment["S3_BUCKET_FRONTEND"]
    answer = send("OPTIONS", f"{aws.url}/{bucket}/key", headers=preflight())
    assert answer.refusal == (403, "AccessForbidden")
    assert answer.error["Message"] == "CORSResponse: CORS is not enabled for this bucket."
    assert answer.error["ResourceType"] == "BUCKET"


@pytest.mark.aws("OPTIONS without an Origin is 400", PREFLIGHT)
def test_options_without_an_origin_is_refused(aws: AwsEndpoint) -> None:
    answer = send("OPTIONS", f"{aws.url}/{uploads(aws)}/key")
    assert answer.refusal == (400, "BadRequest")
    assert answer.error["Message"] == "Insufficient information. Origin request header needed."


@pytest.mark.aws("An actual request of an allowed origin gets the headers of its rule", CORS)
def test_an_upload_of_the_site_can_be_read_by_its_page(aws: AwsEndpoint) -> None:
    answer = send("PUT", presigned(aws, "put_object", new_key()), b"picture", {"Origin": SITE})
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-expose-headers"] == "ETag"


@pytest.mark.aws("A refusal carries the CORS headers too, so that the page can read the reason", CORS)
def test_a_refused_upload_can_be_read_by_its_page(aws: AwsEndpoint) -> None:
    url = presigned(aws, "put_object", new_key(), ContentType="image/jpeg")
    answer = send("PUT", url, b"picture", {"Origin": SITE, "Content-Type": "text/html"})
    assert answer.refusal == (403, "SignatureDoesNotMatch")
    assert answer.headers["access-control-allow-origin"] == SITE


@pytest.mark.aws("An actual request that no rule allows is served without CORS headers", TROUBLE)
@pytest.mark.parametrize(("method", "origin"), [("PUT", FOREIGN), ("GET", SITE)])
def test_nothing_is_reflected(aws: AwsEndpoint, method: str, origin: str) -> None:
    key = new_key()
    assert send("PUT", presigned(aws, "put_object", key), b"picture").status == 200
    url = presigned(aws, f"{method.lower()}_object", key)
    answer = send(method, url, b"picture" if method == "PUT" else None, {"Origin": origin})
    assert answer.status == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.aws("Each bucket has rules of its own", CORS)
def test_the_images_bucket_allows_reading_only(aws: AwsEndpoint) -> None:
    url = f"{aws.url}/{images(aws)}/receipts/1"
    assert send("OPTIONS", url, headers=preflight(method="GET")).status == 200
    assert send("OPTIONS", url, headers=preflight(method="PUT")).status == 403
