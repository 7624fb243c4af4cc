"""What API Gateway itself answers on an HTTP API; none of it has our envelope."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GatewayAnswer:
    """A status and the `message` of the JSON body."""

    status: int
    message: str


# No route matches method and path; an HTTP API does not tell a wrong method (405) from a wrong path.
NOT_FOUND = GatewayAnswer(404, "Not Found")
# The identity source is missing: the authorizer is not even asked.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
UNAUTHORIZED = GatewayAnswer(401, "Unauthorized")
# The authorizer denied.
FORBIDDEN = GatewayAnswer(403, "Forbidden")
# The payload is larger than 10 MB; or as an event it is larger than the 6 MB that Lambda takes, which refuses it with
# the same status. How API Gateway words that one is not documented.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
TOO_LARGE = GatewayAnswer(413, "Request Entity Too Large")
# More requests than the stage's throttle lets through.
TOO_MANY = GatewayAnswer(429, "Too Many Requests")
# The authorizer failed, or the function did: it raised, ended, took too long or answered more than Lambda hands on.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
INTERNAL_ERROR = GatewayAnswer(500, "Internal Server Error")
# The integration took longer than 30 seconds.
UNAVAILABLE = GatewayAnswer(503, "Service Unavailable")
