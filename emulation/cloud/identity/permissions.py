"""The rights that an operation of DynamoDB, its streams or Cognito needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from emulation.cloud.operations import Operation
from emulation.settings import ACCOUNT_ID

Body = Mapping[str, Any]

# "Amazon Cognito doesn't evaluate IAM policies in requests for this API operation": the operations that carry a
# client id or a user's token instead of a signature.
# https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
UNSIGNED = frozenset(
    {
        "AssociateSoftwareToken",
        "ChangePassword",
        "CompleteWebAuthnRegistration",
        "ConfirmDevice",
        "ConfirmForgotPassword",
        "ConfirmSignUp",
        "DeleteUser",
        "DeleteUserAttributes",
        "DeleteWebAuthnCredential",
        "ForgetDevice",
        "ForgotPassword",
        "GetDevice",
        "GetTokensFromRefreshToken",
        "GetUser",
        "GetUserAttributeVerificationCode",
        "GetUserAuthFactors",
        "GlobalSignOut",
        "InitiateAuth",
        "ListDevices",
        "ListWebAuthnCredentials",
        "ResendConfirmationCode",
        "RespondToAuthChallenge",
        "RevokeToken",
        "SetUserMFAPreference",
        "SetUserSettings",
        "SignUp",
        "StartWebAuthnRegistration",
        "UpdateAuthEventFeedback",
        "UpdateDeviceStatus",
        "UpdateUserAttributes",
        "VerifySoftwareToken",
        "VerifyUserAttribute",
    }
)
# What is asked of each member of a transaction; the transaction itself is no right.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
TRANSACTION_ACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
PARTIQL_ACTIONS = {
    "DELETE": "PartiQLDelete",
    "INSERT": "PartiQLInsert",
    "SELECT": "PartiQLSelect",
    "UPDATE": "PartiQLUpdate",
}
# The field that names the resource, where it is not TableName. No other field counts: what an operation does not read
# must not decide on what it may.
RESOURCE_FIELDS = {
    "DeleteBackup": "BackupArn",
    "DeleteResourcePolicy": "ResourceArn",
    "DescribeBackup": "BackupArn",
    "GetResourcePolicy": "ResourceArn",
    "ListTagsOfResource": "ResourceArn",
    "PutResourcePolicy": "ResourceArn",
    "TagResource": "ResourceArn",
    "UntagResource": "ResourceArn",
}
INDEXED = ("Query", "Scan")
# The operations of Cognito that are on no pool.
ON_NO_POOL = ("CreateUserPool", "DescribeUserPoolDomain", "ListUserPools")
_PARTIQL_TEXT = re.compile(r"'(?:[^']|'')*'")
_PARTIQL_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\b(?:\s*"?([\w.-]+)"?(?:\."([\w.-]+)")?)?', re.IGNORECASE)


class Permission(NamedTuple):
    """A right: an action such as `dynamodb:GetItem` on the ARN of a resource."""

    action: str
    resource: str


def needs_signature(operation: Operation) -> bool:
    """Whether an operation is authorized by a signature."""
    return operation.service != "cognito-idp" or operation.action not in UNSIGNED


def needed_permissions(operation: Operation, body: Body) -> Iterator[Permission]:
    """Every right that the operation needs, all of them."""
    if operation.service == "cognito-idp":
        pool_id = None if operation.action in ON_NO_POOL else body.get("UserPoolId")
        arn = f"arn:aws:cognito-idp:{operation.region}:{ACCOUNT_ID}:userpool/{pool_id}" if pool_id else "*"
        yield Permission(f"cognito-idp:{operation.action}", arn)
    elif operation.service == "dynamodbstreams":
        yield Permission(f"dynamodb:{operation.action}", _stream_arn(operation, body))
    else:
        several = _SEVERAL.get(operation.action)
        if several is not None:
            yield from several(operation, body)
        else:
            name = body.get(RESOURCE_FIELDS.get(operation.action, "TableName"))
            index = body.get("IndexName") if operation.action in INDEXED else None
            yield Permission(f"dynamodb:{operation.action}", _table_arn(operation, name, index))


def _table_arn(operation: Operation, name: Any, index: Any = None) -> str:
    # A table may be named by its ARN.
    if not name:
        arn = f"arn:aws:dynamodb:{operation.region}:{ACCOUNT_ID}:table/*"
    elif str(name).startswith("arn:"):
        arn = str(name)
    else:
        arn = f"arn:aws:dynamodb:{operation.region}:{ACCOUNT_ID}:table/{name}"
    return f"{arn}/index/{index}" if index else arn


def _stream_arn(operation: Operation, body: Body) -> str:
    if operation.action == "ListStreams":
        return f"{_table_arn(operation, body.get('TableName'))}/stream/*"
    # An iterator begins with the ARN of its stream.
    field = "ShardIterator" if operation.action == "GetRecords" else "StreamArn"
    return str(body.get(field, "")).partition("|")[0] or f"{_table_arn(operation, None)}/stream/*"


def _of_batch(operation: Operation, body: Body) -> Iterator[Permission]:
    requested = body.get("RequestItems")
    for name in requested if isinstance(requested, Mapping) else ():
        yield Permission(f"dynamodb:{operation.action}", _table_arn(operation, name))


def _of_transaction(operation: Operation, body: Body) -> Iterator[Permission]:
    items = body.get("TransactItems")
    for item in items if isinstance(items, list) else ():
        for kind, request in item.items() if isinstance(item, Mapping) else ():
            if kind in TRANSACTION_ACTIONS and isinstance(request, Mapping):
                name = request.get("TableName")
                yield Permission(f"dynamodb:{TRANSACTION_ACTIONS[kind]}", _table_arn(operation, name))


def _of_statements(operation: Operation, body: Body) -> Iterator[Permission]:
    statements = body.get("Statements") or body.get("TransactStatements") or [body]
    for one in statements if isinstance(statements, list) else ():
        text = _PARTIQL_TEXT.sub("", str(one.get("Statement", ""))) if isinstance(one, Mapping) else ""
        verb = PARTIQL_ACTIONS.get("".join(text.split()[:1]).upper(), operation.action)
        # A table that cannot be read out of the statement could be any.
        for table, index in _PARTIQL_TABLE.findall(text) or [("", "")]:
            yield Permission(f"dynamodb:{verb}", _table_arn(operation, table, index))


def _of_restore(operation: Operation, body: Body) -> Iterator[Permission]:
    for field in ("BackupArn", "SourceTableArn", "SourceTableName", "TargetTableName"):
        if body.get(field):
            yield Permission(f"dynamodb:{operation.action}", _table_arn(operation, body[field]))


_SEVERAL: Mapping[str, Callable[[Operation, Body], Iterator[Permission]]] = {
    "BatchExecuteStatement": _of_statements,
    "BatchGetItem": _of_batch,
    "BatchWriteItem": _of_batch,
    "ExecuteStatement": _of_statements,
    "ExecuteTransaction": _of_statements,
    "RestoreTableFromBackup": _of_restore,
    "RestoreTableToPointInTime": _of_restore,
    "TransactGetItems": _of_transaction,
    "TransactWriteItems": _of_transaction,
}
