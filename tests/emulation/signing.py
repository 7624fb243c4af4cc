"""Requests to services that speak JSON, signed by botocore and then sent as they are."""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION
from tests.emulation.aws_endpoint import AwsEndpoint

TARGETS = {
    "cognito-idp": "AWSCognitoIdentityProviderService",
    "dynamodb": "DynamoDB_20120810",
    "dynamodbstreams": "DynamoDBStreams_20120810",
}
DEVELOPER = Credentials(DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY)


def sign(request: AWSRequest, credentials: Credentials, service: str, at: datetime) -> None:
    """Sign a request as it would have been signed at that time."""
    timestamp = f"{at:%Y%m%dT%H%M%SZ}"
    request.context["timestamp"] = timestamp
    request.headers["X-Amz-Date"] = timestamp
    if credentials.token:
        request.headers["X-Amz-Security-Token"] = credentials.token
    signer = SigV4Auth(credentials, service, REGION)
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    names = signer.signed_headers(signer.headers_to_sign(request))
    request.headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={names}, Signature={signature}"
    )


class SignedCall:
    """A signed call that has not been sent; its headers and body may be changed before it is."""

    def __init__(
        self,
        aws: AwsEndpoint,
        service: str,
        action: str,
        body: dict[str, Any],
        credentials: Credentials = DEVELOPER,
        scope: str = "",
        age: timedelta = timedelta(),
    ) -> None:
        self.body = json.dumps(body).encode()
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"{TARGETS[service]}.{action}"}
        request = AWSRequest("POST", f"{aws.url}/", headers=headers, data=self.body)
        sign(request, credentials, scope or service.removesuffix("streams"), datetime.now(UTC) - age)
        self.url = f"{aws.url}/"
        self.headers = dict(request.headers.items())

    def send(self) -> tuple[int, dict[str, Any]]:
        """Status and answer."""
        request = urllib.request.Request(self.url, data=self.body, method="POST", headers=self.headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.loads(refusal.read())
