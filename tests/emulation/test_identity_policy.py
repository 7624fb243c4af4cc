"""How statements are read and evaluated, and which rights an operation needs."""

from typing import Any

import pytest

from emulation.applier import ApplyError, Statement
from emulation.applier.policies import read_statements
from emulation.cloud.identity.permissions import needed_permissions
from emulation.cloud.identity.policy import Decision, Policy
from emulation.cloud.operations import Operation

TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/guitars"


def decide(action: str, resource: str, *statements: Statement) -> Decision:
    return Policy(statements).decide(action, resource)


@pytest.mark.parametrize(
    ("pattern", "action"),
    [
        ("s3:GetObject", "s3:GetObject"),
        ("s3:get*", "s3:GetObjectTagging"),
        ("s3:?etObject", "s3:GetObject"),
        ("*", "x:Y"),
    ],
)
def test_actions_match_by_pattern_whatever_their_case(pattern: str, action: str) -> None:
    assert decide(action, "arn:aws:s3:::b/k", Statement("Allow", (pattern,), ("*",))) is Decision.ALLOW


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        ("arn:aws:s3:::b/images/*", "arn:aws:s3:::b/receipts/1"),
        ("arn:aws:s3:::b/images/*", "arn:aws:s3:::B/images/1"),
        ("arn:aws:s3:::b.c/*", "arn:aws:s3:::bxc/1"),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/1"),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/12"),
    ],
)
def test_a_resource_that_does_not_match_is_implicitly_denied(pattern: str, resource: str) -> None:
    statement = Statement("Allow", ("s3:*",), (pattern,))
    assert decide("s3:GetObject", resource, statement) is Decision.IMPLICIT_DENY


def test_a_pattern_matches_across_slashes_and_lines() -> None:
    statement = Statement("Allow", ("s3:GetObject",), ("arn:aws:s3:::b/images/*",))
    assert decide("s3:GetObject", "arn:aws:s3:::b/images/a/b\nc", statement) is Decision.ALLOW


def test_action_and_resource_must_match_in_the_same_statement() -> None:
    statements = (Statement("Allow", ("s3:GetObject",), ("a",)), Statement("Allow", ("s3:PutObject",), ("b",)))
    assert decide("s3:GetObject", "b", *statements) is Decision.IMPLICIT_DENY


def test_a_deny_wins_over_every_allow() -> None:
    statements = (Statement("Allow", ("*",), ("*",)), Statement("Deny", ("s3:Delete*",), ("*",)))
    assert decide("s3:DeleteObject", "b", *statements) is Decision.EXPLICIT_DENY
    assert decide("s3:GetObject", "b", *statements) is Decision.ALLOW


def test_one_document_with_one_statement_needs_no_lists() -> None:
    statement = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    read = list(read_statements("F.Policies", {"Version": "2012-10-17", "Statement": statement}))
    assert read == [Statement("Allow", ("s3:GetObject",), ("arn:aws:s3:::b/*",))]


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        ("AWSLambdaExecute", "enforces policy documents only, not 'AWSLambdaExecute'"),
        ({"DynamoDBReadPolicy": {"TableName": "guitars"}}, "enforces policy documents only"),
        ({"Version": "2008-10-17", "Statement": []}, 'needs the Version "2012-10-17"'),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, "cannot enforce NotAction"),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": "*"}, "cannot enforce NotResource"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {}}, "cannot enforce Condition"),
        ({"Effect": "Maybe", "Action": "s3:*", "Resource": "*"}, "must be Allow or Deny"),
        ({"Effect": "Allow", "Resource": "*"}, "needs an Action and a Resource"),
        ({"Effect": "Allow", "Action": "s3:*", "Resource": "b/${aws:userid}"}, "cannot enforce variables"),
    ],
)
def test_a_policy_that_cannot_be_enforced_is_refused(policy: Any, complaint: str) -> None:
    if isinstance(policy, dict) and "Effect" in policy:
        policy = {"Version": "2012-10-17", "Statement": [policy]}
    with pytest.raises(ApplyError, match=complaint):
        list(read_statements("F.Policies", [policy]))


@pytest.mark.parametrize(
    ("service", "action", "body", "needed"),
    [
        ("dynamodb", "GetItem", {"TableName": "guitars"}, [("dynamodb:GetItem", TABLE)]),
        ("dynamodb", "GetItem", {"TableName": TABLE}, [("dynamodb:GetItem", TABLE)]),
        ("dynamodb", "Scan", {"TableName": "guitars", "IndexName": "i"}, [("dynamodb:Scan", f"{TABLE}/index/i")]),
        ("dynamodb", "ListTables", {}, [("dynamodb:ListTables", TABLE.replace("guitars", "*"))]),
        ("dynamodb", "TagResource", {"ResourceArn": TABLE}, [("dynamodb:TagResource", TABLE)]),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"guitars": {}}}, [("dynamodb:BatchGetItem", TABLE)]),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Update": {"TableName": "guitars"}}, {"Delete": {"TableName": "guitars"}}]},
            [("dynamodb:UpdateItem", TABLE), ("dynamodb:DeleteItem", TABLE)],
        ),
        (
            "dynamodb",
            "TransactGetItems",
            {"TransactItems": [{"Get": {"TableName": "guitars"}}]},
            [("dynamodb:GetItem", TABLE)],
        ),
        (
            "dynamodb",
            "ExecuteStatement",
            {"Statement": 'select * from "guitars"."i" where a = 1'},
            [("dynamodb:PartiQLSelect", f"{TABLE}/index/i")],
        ),
        (
            "dynamodb",
            "BatchExecuteStatement",
            {"Statements": [{"Statement": "INSERT INTO guitars VALUE {}"}, {"Statement": "UPDATE guitars SET a=1"}]},
            [("dynamodb:PartiQLInsert", TABLE), ("dynamodb:PartiQLUpdate", TABLE)],
        ),
        ("dynamodb", "BatchGetItem", {"RequestItems": "nonsense"}, []),
        ("dynamodb", "TransactWriteItems", {"TransactItems": ["nonsense", {"Put": 1}]}, []),
        (
            "dynamodbstreams",
            "GetRecords",
            {"ShardIterator": f"{TABLE}/stream/2026|1|abc"},
            [("dynamodb:GetRecords", f"{TABLE}/stream/2026")],
        ),
        ("dynamodbstreams", "ListStreams", {"TableName": "guitars"}, [("dynamodb:ListStreams", f"{TABLE}/stream/*")]),
        (
            "cognito-idp",
            "AdminGetUser",
            {"UserPoolId": "eu-west-1_a"},
            [("cognito-idp:AdminGetUser", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a")],
        ),
        ("cognito-idp", "ListUserPools", {}, [("cognito-idp:ListUserPools", "*")]),
    ],
)
def test_an_operation_needs_these_rights(
    service: str, action: str, body: dict[str, Any], needed: list[tuple[str, str]]
) -> None:
    assert list(needed_permissions(Operation(service, action, "eu-west-1"), body)) == needed
