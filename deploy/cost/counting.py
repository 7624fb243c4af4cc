"""Which price a row of the meter is counted under. What is in no table here is unpriced, and never nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deploy.cost.measured import DIRECT, EVENT, Function, Row
from deploy.cost.workload import Workload

GIGABYTE = 2**30
MEGABYTES_OF_A_GIGABYTE = 1024
AUTHORIZER = "AuthorizerFunction"
# The site's files: their bucket has no trail.
SITE = "*"
# Behaviours of the distribution whose requests run a CloudFront function; the pages of mailed links are Cognito's own.
WITH_FUNCTION = frozenset({"*", "/api/*"})
BEHAVIOURS = frozenset({"*", "/api/*", "/images/*"})
COGNITO_PAGES = "/_local/auth/*"
UNSIGNED = "unsigned"
# What DynamoDB bills by units. Lambda reads the streams of its triggers free of charge.
# https://aws.amazon.com/dynamodb/pricing/on-demand/
BY_UNITS = frozenset(
    {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"}
    | {"BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"}
)
# By the tier that S3 bills a request under.
S3_PRICES = {"Tier1": "s3_tier1", "Tier2": "s3_tier2", "free": None}
# Paid by the active user, however many calls there are.
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html#monthly-active-users
BY_ACTIVE_USER = frozenset(
    {"SignUp", "ConfirmSignUp", "ResendConfirmationCode", "InitiateAuth", "RespondToAuthChallenge"}
    | {"GetTokensFromRefreshToken", "RevokeToken", "GlobalSignOut", "ForgotPassword", "ConfirmForgotPassword"}
    | {"GetUser", "UpdateUserAttributes", "VerifyUserAttribute", "DeleteUser", "DeleteUserAttributes"}
    | {"AssociateSoftwareToken", "VerifySoftwareToken", "SetUserMFAPreference", "jwks.json"}
    | {"GetUserAttributeVerificationCode", "ChangePassword", "AdminUserGlobalSignOut"}
)


@dataclass(frozen=True)
class Count:
    """So many units of a price; without a price, so many calls of something that nobody knows the price of.

    `what` is that something, or the function whose time it is.
    """

    price: str | None
    amount: float
    what: str = ""


def count_rows(rows: Sequence[Row], workload: Workload, functions: Mapping[str, Function]) -> Iterator[Count]:
    """What the rows of one step are billed for."""
    counters = {
        "cloudfront": _count_edge,
        "apigateway": _count_api,
        "dynamodb": _count_dynamodb,
        "s3": _count_s3,
        "cognito-idp": _count_cognito,
    }
    for row in rows:
        if row.service == "lambda":
            yield from _count_function(row, workload, functions)
        elif row.service in counters:
            yield from counters[row.service](row, workload)
        else:
            yield from _unpriced(row)
        waiting = functions.get(waiting_function(row, rows))
        if waiting is not None:
            waited = row.count * workload.wait_milliseconds.get(row.service, 0.0)
            yield Count("lambda_gb_seconds", gb_seconds(waiting, waited), waiting_function(row, rows))


def _unpriced(row: Row) -> Iterator[Count]:
    yield Count(None, row.count, " ".join(filter(None, (row.service, row.action, row.tier))))


def _log(kind: str, row: Row, workload: Workload) -> Count:
    return Count("log_ingestion", row.count * workload.log_bytes[kind] / GIGABYTE)


def _count_edge(row: Row, workload: Workload) -> Iterator[Count]:
    if row.action == COGNITO_PAGES:
        return
    if row.action not in BEHAVIOURS:
        yield from _unpriced(row)
        return
    yield Count("edge_requests", row.count)
    yield Count("edge_transfer", (row.response_bytes + row.count * workload.header_bytes) / GIGABYTE)
    yield Count("edge_to_origin", row.request_bytes / GIGABYTE)
    if row.action in WITH_FUNCTION:
        yield Count("edge_functions", row.count)
    yield _log("edge", row, workload)


def _count_api(row: Row, workload: Workload) -> Iterator[Count]:
    yield Count("api_requests", row.count)
    yield _log("api", row, workload)


def _count_function(row: Row, workload: Workload, functions: Mapping[str, Function]) -> Iterator[Count]:
    function = functions.get(row.action)
    if function is None:
        yield from _unpriced(row)
        return
    slower = max(1.0, workload.megabytes_of_one_cpu / function.megabytes)
    running = (row.cpu_milliseconds or 0.0) * slower
    starting = row.count * workload.cold_share * function.init_milliseconds
    yield Count("lambda_requests", row.count)
    yield Count("lambda_gb_seconds", gb_seconds(function, running + starting), row.action)
    yield _log("function", row, workload)


def gb_seconds(function: Function, milliseconds: float) -> float:
    """What a function's time is billed as."""
    return function.megabytes / MEGABYTES_OF_A_GIGABYTE * milliseconds / 1000


def _count_dynamodb(row: Row, _workload: Workload) -> Iterator[Count]:
    if row.action not in BY_UNITS:
        yield from _unpriced(row)
        return
    yield Count("dynamodb_reads", sum(row.read_units.values()))
    yield Count("dynamodb_writes", sum(row.write_units.values()))


def _count_s3(row: Row, workload: Workload) -> Iterator[Count]:
    if row.tier not in S3_PRICES:
        yield from _unpriced(row)
        return
    price = S3_PRICES[row.tier]
    if price:
        yield Count(price, row.count)
    if row.route != SITE:
        yield Count("trail_events", row.count)
        yield _log("trail", row, workload)


def _count_cognito(row: Row, _workload: Workload) -> Iterator[Count]:
    if row.action == "Mail":
        yield Count("mails", row.count)
    elif row.action not in BY_ACTIVE_USER:
        yield from _unpriced(row)


def waiting_function(row: Row, rows: Sequence[Row]) -> str:
    """The logical id of the function, among those of the step, that waited for a call; empty where a browser did.

    Calls within a trace have its route; others have their caller's access key, which Cognito's unsigned operations of
    users lack. Both are calls of the function that the step invoked itself, but for those of an event.
    """
    invoked = {one.action: one.route for one in rows if one.service == "lambda"}
    if row.route.startswith(EVENT):
        return row.route.removeprefix(EVENT)
    if row.route.startswith(DIRECT) and row.route != DIRECT + UNSIGNED:
        caller = row.route.removeprefix(DIRECT)
        return caller if caller in invoked else ""
    return next((name for name, route in invoked.items() if not route.startswith(EVENT)), "")
