"""The request log by itself: what it keeps, what it forgets, what it counts."""

import pytest
from multidict import CIMultiDict

from emulation.cloud.aws_call import AwsCall, note_mail, note_right, note_units
from emulation.cloud.exchange import Answer, Request
from emulation.cloud.requests.log import KEPT_REQUESTS, MalformedSpanError, RequestLog
from emulation.cloud.requests.record import MAX_CALLS
from emulation.cloud.requests.s3_operations import name_s3_operation
from emulation.redaction import HIDDEN, redact, redact_target
from emulation.tracing import new_trace_id, read_trace_id


def call(answer: Answer | None = None) -> AwsCall:
    made = AwsCall("dynamodb", "Query", request_bytes=10)
    with made.under_way():
        note_right("GuitarsFunction", "arn:aws:dynamodb:us-east-1:1:table/Guitars/index/ByBrand")
        note_units("Guitars/ByBrand", 1.5, is_write=False)
    made.take_answer(answer or Answer(200, b"12345"))
    return made


def span(trace_id: str, part: str = "api", **told: object) -> dict[str, object]:
    return {"part": part, "traceId": trace_id, "startedAt": 1.0, "ms": 2.0, "status": 200, **told}


def test_calls_that_come_before_the_route_is_known_are_metered_under_it() -> None:
    log, trace_id = RequestLog(), new_trace_id()
    log.record_call(trace_id, call())
    assert [row["route"] for row in log.read_meter()] == ["no route"]

    log.record_span(span(trace_id, route="GET /guitars"))
    log.record_call(trace_id, call())
    [row] = [row for row in log.read_meter() if row["service"] == "dynamodb"]
    assert (row["route"], row["count"], row["readUnits"]) == ("GET /guitars", 2, {"Guitars/ByBrand": 3.0})
    assert (row["requestBytes"], row["responseBytes"]) == (20, 10)


def test_what_the_edge_had_is_metered_apart_from_what_it_fetched() -> None:
    log = RequestLog()
    for result in ("Miss from cloudfront", "Hit from cloudfront", "Hit from cloudfront"):
        log.record_span(span(new_trace_id(), part="edge", behaviour="/images/*", cache=result, responseBytes=10))
    rows = {(row["action"], row["tier"]): (row["count"], row["responseBytes"]) for row in log.read_meter()}
    assert rows == {("/images/*", "Miss"): (1, 10), ("/images/*", "Hit"): (2, 20)}


def test_a_call_that_sent_a_mail_is_metered_with_it() -> None:
    log, made = RequestLog(), AwsCall("cognito-idp", "SignUp", request_bytes=10)
    with made.under_way():
        note_mail()
    log.record_call(new_trace_id(), made, is_direct=True)
    assert [(row["service"], row["action"], row["count"]) for row in log.read_meter()] == [
        ("cognito-idp", "Mail", 1),
        ("cognito-idp", "SignUp", 1),
    ]


def test_the_oldest_requests_are_forgotten_and_stay_in_the_meter() -> None:
    log = RequestLog()
    for _ in range(KEPT_REQUESTS + 5):
        log.record_call(new_trace_id(), call(), is_direct=True)

    assert len(log.list_records()) == KEPT_REQUESTS
    assert [row["count"] for row in log.read_meter()] == [KEPT_REQUESTS + 5]


def test_the_calls_of_one_request_are_bounded_and_counted() -> None:
    log, trace_id = RequestLog(), new_trace_id()
    for _ in range(MAX_CALLS + 3):
        log.record_call(trace_id, call())

    [record] = log.list_records()
    assert (len(record.calls), record.call_count) == (MAX_CALLS, MAX_CALLS + 3)


def test_what_has_changed_since_a_revision_is_listed() -> None:
    log, first, second = RequestLog(), new_trace_id(), new_trace_id()
    log.record_call(first, call())
    revision = log.revision
    log.record_call(second, call())
    assert [record.trace_id for record in log.list_records(revision)] == [second]
    log.record_span(span(first))
    assert {record.trace_id for record in log.list_records(revision)} == {first, second}


def test_an_error_code_is_read_from_either_form() -> None:
    coral = Answer(400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}')
    assert call(coral).error_code == "ConditionalCheckFailedException"
    assert call(Answer(404, b"<Error><Code>NoSuchKey</Code></Error>")).error_code == "NoSuchKey"


@pytest.mark.parametrize("wrong", [{}, span("x") | {"part": "cloud"}, span("x") | {"status": "200"}])
def test_what_is_no_span_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MalformedSpanError):
        RequestLog().record_span(wrong)


@pytest.mark.parametrize(
    ("method", "target", "action", "tier"),
    [
        ("GET", "/b/k", "GetObject", "Tier2"),
        ("HEAD", "/b/k", "HeadObject", "Tier2"),
        ("PUT", "/b/k", "PutObject", "Tier1"),
        ("PUT", "/b/k?tagging", "PutObjectTagging", "Tier1"),
        ("POST", "/b", "PostObject", "Tier1"),
        ("GET", "/b?list-type=2&prefix=a", "ListObjectsV2", "Tier1"),
        ("GET", "/b?versions", "ListObjectVersions", "Tier1"),
        ("POST", "/b?delete", "DeleteObjects", "free"),
        ("DELETE", "/b/k?versionId=1", "DeleteObject", "free"),
    ],
)
def test_s3_requests_have_the_operations_name_and_tier(method: str, target: str, action: str, tier: str) -> None:
    named = name_s3_operation(Request(method, target, CIMultiDict(), b""))
    assert (named.action, named.tier) == (action, tier)


def test_secrets_are_hidden_wherever_they_stand() -> None:
    body = {"email": "a@example.com", "newPassword": "x", "list": [{"mfaCode": "1"}], "nextToken": "page"}
    hidden = {"email": "a@example.com", "newPassword": HIDDEN, "list": [{"mfaCode": HIDDEN}], "nextToken": "page"}
    assert redact(body) == hidden
    assert redact_target("/k?X-Amz-Signature=abc&versionId=3") == f"/k?X-Amz-Signature={HIDDEN}&versionId=3"


def test_a_trace_is_read_from_its_header_and_nothing_else_is() -> None:
    trace_id = new_trace_id()
    assert read_trace_id(f"Self=1-2;Root={trace_id};Sampled=0") == trace_id
    assert read_trace_id("Root=<script>") == ""


def test_what_only_an_owner_knows_of_a_guitar_is_not_kept() -> None:
    body = {"brand": "Fender", "privateInfo": {"serialNumber": "4711", "purchasePrice": 1200}}

    assert redact(body) == {"brand": "Fender", "privateInfo": HIDDEN}
