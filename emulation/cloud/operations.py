"""Which operation of which service a request asks for."""

import re
from dataclasses import dataclass

from emulation.cloud.exchange import Answer, Request, json_error, xml_error
from emulation.settings import REGION

SERVICE_BY_TARGET = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "DynamoDB_20120810": "dynamodb",
    "DynamoDBStreams_20120810": "dynamodbstreams",
}
READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "TransactGet")
# Fewer than by name: GetTokensFromRefreshToken rotates a token, GetUserAttributeVerificationCode mails a code.
COGNITO_READS = ("AdminGet", "AdminList", "Describe", "List")

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Operation:
    """`action` is empty where the operation follows from method, path or form, as S3's does."""

    service: str
    action: str
    region: str

    def changes(self, method: str) -> bool:
        """Whether data may be different afterwards."""
        if self.service == "s3":
            return method in ("PUT", "POST", "DELETE")
        if self.service == "cognito-idp":
            return self.action != "GetUser" and not self.action.startswith(COGNITO_READS)
        return not self.action.startswith(READS)

    def error(self, status: int, code: str, message: str) -> Answer:
        """An error in the form in which the service words its errors."""
        form = json_error if self.action else xml_error
        return form(status, code, message)


def read_operation(request: Request) -> Operation:
    """The operation, from the target header, else from the signature's scope.

    Cognito's user-side calls are unsigned: they go to REGION. What carries neither is S3's (presigned URLs, forms).
    """
    scope = _SCOPE.search(request.headers.get("Authorization", ""))
    region, signed_service = scope.groups() if scope else (REGION, "s3")
    prefix, _, action = request.headers.get("X-Amz-Target", "").partition(".")
    if not prefix:
        return Operation(signed_service, "", region)
    return Operation(SERVICE_BY_TARGET.get(prefix, signed_service if scope else prefix), action, region)
