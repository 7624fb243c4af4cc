"""What a call of AWS asks for, read from its request before it is answered."""

from emulation.cloud.aws_call import AwsCall
from emulation.cloud.exchange import Request
from emulation.cloud.operations import Operation
from emulation.cloud.requests.s3_operations import name_s3_operation

WELL_KNOWN = "/.well-known/"


def name_call(operation: Operation, request: Request) -> AwsCall:
    """The call that a request makes."""
    size = len(request.body)
    if operation.service != "s3":
        # STS speaks in forms; the one operation that there is of it is this.
        return AwsCall(operation.service, operation.action or "GetCallerIdentity", size)
    pool, found, document = request.path.partition(WELL_KNOWN)
    if found:
        return AwsCall("cognito-idp", document, size, pool.lstrip("/"))
    named = name_s3_operation(request)
    return AwsCall("s3", named.action, size, named.resource, named.tier)
