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
_PARTIQL_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([\w.-]+)"?(?:\."([\w.-]+)")?', re.IGNORECASE)


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
        pool_id = body.get("UserPoolId")
        arn = f"arn:aws:cognito-idp:{operation.region}:{ACCOUNT_ID}:userpool/{pool_id}" if pool_id else "*"
        yield Permission(f"cognito-idp:{operation.action}", arn)
    elif operation.service == "dynamodbstreams":
        yield Permission(f"dynamodb:{operation.action}", _stream_arn(operation, body))
    else:
        several = _SEVERAL.get(operation.action)
        if several is not None:
            yield from several(operation, body)
        else:
            yield Permission(f"dynamodb:{operation.action}", _table_arn(operation, body))


def _table_arn(operation: Operation, request: Body) -> str:
    name = request.get("TableName") or request.get("ResourceArn")
    if not name:
        return f"arn:aws:dynamodb:{operation.region}:{ACCOUNT_ID}:table/*"
    # A table may be named by its ARN.
    arn = name if str(name).startswith("arn:") else f"arn:aws:dynamodb:{operation.region}:{ACCOUNT_ID}:table/{name}"
    index = request.get("IndexName")
    return f"{arn}/index/{index}" if index else str(arn)


def _stream_arn(operation: Operation, body: Body) -> str:
    # An iterator begins with the ARN of its stream.
    named = body.get("StreamArn") or str(body.get("ShardIterator", "")).partition("|")[0]
    table = _table_arn(operation, {"TableName": body.get("TableName", "*")})
    return str(named) or f"{table}/stream/*"


def _of_batch(operation: Operation, body: Body) -> Iterator[Permission]:
    requested = body.get("RequestItems")
    for name in requested if isinstance(requested, Mapping) else ():
        yield Permission(f"dynamodb:{operation.action}", _table_arn(operation, {"TableName": name}))


def _of_transaction(operation: Operation, body: Body) -> Iterator[Permission]:
    items = body.get("TransactItems")
    for item in items if isinstance(items, list) else ():
        for kind, request in item.items() if isinstance(item, Mapping) else ():
            if kind in TRANSACTION_ACTIONS and isinstance(request, Mapping):
                yield Permission(f"dynamodb:{TRANSACTION_ACTIONS[kind]}", _table_arn(operation, request))


def _of_statements(operation: Operation, body: Body) -> Iterator[Permission]:
    statements = body.get("Statements") or body.get("TransactStatements") or [body]
    for one in statements if isinstance(statements, list) else ():
        text = str(one.get("Statement", "")) if isinstance(one, Mapping) else ""
        verb = PARTIQL_ACTIONS.get(text.lstrip().partition(" ")[0].upper(), operation.action)
        table, index = found.groups() if (found := _PARTIQL_TABLE.search(text)) else (None, None)
        yield Permission(f"dynamodb:{verb}", _table_arn(operation, {"TableName": table, "IndexName": index}))


_SEVERAL: Mapping[str, Callable[[Operation, Body], Iterator[Permission]]] = {
    "BatchExecuteStatement": _of_statements,
    "BatchGetItem": _of_batch,
    "BatchWriteItem": _of_batch,
    "ExecuteStatement": _of_statements,
    "ExecuteTransaction": _of_statements,
    "TransactGetItems": _of_transaction,
    "TransactWriteItems": _of_transaction,
}
