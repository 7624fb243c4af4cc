"""Who signed a request to any service but S3. The order of the checks is DynamoDB's.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
"""

from datetime import datetime, timedelta
from hashlib import sha256

from emulation.cloud import sigv4
from emulation.cloud.errors import AwsError
from emulation.cloud.exchange import Request
from emulation.cloud.identity.identities import Identities, Identity
from emulation.cloud.sigv4 import HeaderSignature, MalformedSignatureError
from server.clock import Clock

VALIDITY = timedelta(minutes=5)
SCOPE_NAMES = {"cognito-idp": "cognito-idp", "dynamodb": "dynamodb", "dynamodbstreams": "dynamodb", "sts": "sts"}
MISSING = {"cognito-idp": "Missing Authentication Token"}


def authenticate(request: Request, service: str, identities: Identities, clock: Clock) -> Identity:
    """The identity that signed the request; raises AwsError worded as the services word it."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("AWS4-"):
        message = MISSING.get(service, "Request is missing Authentication Token")
        raise AwsError("MissingAuthenticationTokenException", message)
    amz_date = sigv4.date_of(request.headers)
    given = _read(header, amz_date)
    _check_age(amz_date, clock)
    if "host" not in given.signed_headers:
        raise _invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    _check_scope(given, SCOPE_NAMES[service], amz_date)
    identity = identities.find(given.credential.access_key)
    # None of the local keys is a temporary one, which would come with a token.
    if identity is None or "X-Amz-Security-Token" in request.headers:
        raise AwsError("UnrecognizedClientException", "The security token included in the request is invalid.")
    _check_signature(request, given, identity)
    return identity


def _read(header: str, amz_date: str) -> HeaderSignature:
    try:
        given = sigv4.parse_authorization(header)
        if given is not None and amz_date:
            return given
    except MalformedSignatureError:
        pass
    raise _incomplete(header, amz_date)


def _incomplete(header: str, amz_date: str) -> AwsError:
    """Why an Authorization header cannot be read."""
    algorithm, _, text = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in text.split(","))
    missing = [
        f"Authorization header requires '{name}' parameter. "
        for name in ("Credential", "Signature", "SignedHeaders")
        if not fields.get(name)
    ]
    if not amz_date:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
    if missing:
        return AwsError("IncompleteSignatureException", f"{''.join(missing)}Authorization={header}")
    if algorithm != sigv4.ALGORITHM:
        reason = f"Unsupported AWS 'algorithm': '{algorithm}' (only {sigv4.ALGORITHM} for now). "
        return AwsError("IncompleteSignatureException", reason)
    parts = fields["Credential"].split("/")
    if len(parts) == 5:
        return _invalid(
            f"Credential should be scoped with a valid terminator: '{sigv4.TERMINATOR}', not '{parts[4]}'. "
        )
    return AwsError(
        "IncompleteSignatureException",
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
        f"got '{fields['Credential']}'",
    )


def _check_age(amz_date: str, clock: Clock) -> None:
    try:
        signed_at = sigv4.parse_date(amz_date)
    except MalformedSignatureError:
        raise AwsError(
            "IncompleteSignatureException",
            f"Date must be in ISO-8601 'basic format'. Got '{amz_date}'. See http://en.wikipedia.org/wiki/ISO_8601",
        ) from None
    age = clock.age(signed_at)
    now = signed_at + age
    if age > VALIDITY:
        earliest = _basic(now - VALIDITY)
        raise _invalid(f"Signature expired: {amz_date} is now earlier than {earliest} ({_basic(now)} - 5 min.)")
    if -age > VALIDITY:
        latest = _basic(now + VALIDITY)
        raise _invalid(f"Signature not yet current: {amz_date} is still later than {latest} ({_basic(now)} + 5 min.)")


def _basic(time: datetime) -> str:
    return f"{time:%Y%m%dT%H%M%SZ}"


def _check_scope(given: HeaderSignature, name: str, amz_date: str) -> None:
    # Any region may stand in the scope: one local address is the endpoint of them all.
    wrong = ""
    if given.credential.service != name:
        wrong += f"Credential should be scoped to correct service: '{name}'. "
    if given.credential.date != amz_date[:8]:
        wrong += (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{given.credential.date}' != '{amz_date[:8]}', from '{amz_date}'."
        )
    if wrong:
        raise _invalid(wrong)


def _check_signature(request: Request, given: HeaderSignature, identity: Identity) -> None:
    payload_hash = sha256(request.body).hexdigest()
    signed = sigv4.sign_request(identity.secret, given, request, payload_hash, sigv4.service_path)
    if not signed.matches(given.signature):
        raise _invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details."
        )


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidSignatureException", message)
