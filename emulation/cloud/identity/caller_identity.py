"""STS's GetCallerIdentity, with which a developer's tools ask who they are; it needs a signature and no right.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import Answer, Request
from emulation.cloud.identity.identities import Identities, Identity
from emulation.cloud.identity.signatures import authenticate
from emulation.settings import ACCOUNT_ID
from server.clock import Clock

ACTION = "GetCallerIdentity"
NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
# STS, whose protocol is an older one, has its own names for the refusals of signatures.
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
REFUSALS = {
    "IncompleteSignatureException": ("IncompleteSignature", 400),
    "InvalidSignatureException": ("SignatureDoesNotMatch", 403),
    "MissingAuthenticationTokenException": ("MissingAuthenticationToken", 403),
    "UnrecognizedClientException": ("InvalidClientTokenId", 403),
}


def answer_sts(request: Request, identities: Identities, clock: Clock, request_id: str) -> Answer:
    """Account, ARN and id of whoever signed the request; any other action is a 501."""
    action = parse_qs(request.body.decode(errors="replace")).get("Action", [""])[0]
    if action != ACTION:
        return _refused(501, "NotImplemented", f"The local cloud does not emulate sts:{action}.", request_id)
    try:
        return _described(authenticate(request, "sts", identities, clock), request_id)
    except AwsError as error:
        code, status = REFUSALS[error.code]
        return _refused(status, code, error.message, request_id)


def _refused(status: int, code: str, message: str, request_id: str) -> Answer:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return _xml(status, f"<ErrorResponse {NAMESPACE}>{error}{_request(request_id)}</ErrorResponse>")


def _described(identity: Identity, request_id: str) -> Answer:
    # Of a role the id and the session's name, of a user the id alone; a local key is its own id.
    _, is_role, session = identity.arn.rpartition("Role/")
    user_id = f"{identity.name}:{session}" if is_role else identity.name
    result = f"<Arn>{escape(identity.arn)}</Arn><UserId>{escape(user_id)}</UserId><Account>{ACCOUNT_ID}</Account>"
    metadata = f"<ResponseMetadata>{_request(request_id)}</ResponseMetadata>"
    answer = f"<{ACTION}Response {NAMESPACE}><{ACTION}Result>{result}</{ACTION}Result>{metadata}</{ACTION}Response>"
    return _xml(200, answer)


def _request(request_id: str) -> str:
    return f"<RequestId>{request_id}</RequestId>"


def _xml(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), [("Content-Type", "text/xml")])
