"""`just bench cloud`: the local AWS, everything checked, against a stock moto_server."""

import argparse
import os
import sys
import tempfile
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.bench.frame import Case, Comparison, LoadProcess, Plan, compare, table_head, table_line, to_json
from tests.bench.requests import take_request
from tests.emulation.aws_endpoint import AwsEndpoint, StockMoto, run_local_aws, run_moto_server

ITEMS = 50
OBJECT_BYTES = 100 * 1024
PASSWORD = "Correct-Horse-1"
GOAL = 2.0


def guitar(user_id: str) -> dict[str, Any]:
    """An item of the guitars table, about half a kilobyte."""
    return {
        "userId": {"S": user_id},
        "guitarId": {"S": str(uuid4())},
        "brand": {"S": "Fender"},
        "model": {"S": "Telecaster"},
        "year": {"N": "1952"},
        "privateInfo": {"M": {"purchasePrice": {"N": "12345678.90"}, "serialNumber": {"S": "0042"}}},
        "notes": {"L": [{"M": {"id": {"S": str(uuid4())}, "text": {"S": "A new set of strings, again."}}}] * 2},
        "createdAt": {"S": "2025-01-01T00:00:00Z"},
        "updatedAt": {"S": "2025-01-01T00:00:00Z"},
    }


def get_item(aws: AwsEndpoint) -> list[bytes]:
    """One item, read consistently."""
    client, table, item = aws.client("dynamodb"), aws.environment["DYNAMODB_TABLE_GUITARS"], guitar(str(uuid4()))
    client.put_item(TableName=table, Item=item)
    key = {name: item[name] for name in ("userId", "guitarId")}
    return [take_request(client, lambda one: one.get_item(TableName=table, Key=key, ConsistentRead=True))]


def put_item(aws: AwsEndpoint) -> list[bytes]:
    """Items of one user, each written again and again."""
    client, table, user_id = aws.client("dynamodb"), aws.environment["DYNAMODB_TABLE_GUITARS"], str(uuid4())
    items = [guitar(user_id) for _ in range(ITEMS)]
    return [take_request(client, partial(_put_item, table=table, item=item)) for item in items]


def _put_item(client: Any, table: str, item: dict[str, Any]) -> None:
    client.put_item(TableName=table, Item=item)


def query(aws: AwsEndpoint) -> list[bytes]:
    """All items of one user."""
    client, table, user_id = aws.client("dynamodb"), aws.environment["DYNAMODB_TABLE_GUITARS"], str(uuid4())
    for _ in range(ITEMS):
        client.put_item(TableName=table, Item=guitar(user_id))
    arguments = {
        "TableName": table,
        "KeyConditionExpression": "userId = :user",
        "ExpressionAttributeValues": {":user": {"S": user_id}},
        "ConsistentRead": True,
    }
    return [take_request(client, lambda one: one.query(**arguments))]


def initiate_auth(aws: AwsEndpoint) -> list[bytes]:
    """Sign-ins with a password."""
    client, email = aws.client("cognito-idp"), f"{uuid4()}@example.com"
    client_id, pool_id = aws.environment["COGNITO_CLIENT_ID"], aws.environment["COGNITO_USER_POOL_ID"]
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada"}]
    client.sign_up(ClientId=client_id, Username=email, Password=PASSWORD, UserAttributes=attributes)
    client.admin_confirm_sign_up(UserPoolId=pool_id, Username=email)
    parameters = {"USERNAME": email, "PASSWORD": PASSWORD}
    return [
        take_request(
            client,
            lambda one: one.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters),
        )
    ]


def put_object(aws: AwsEndpoint) -> list[bytes]:
    """Objects of 100 KB, each written again and again."""
    bucket, body = aws.environment["S3_BUCKET_UPLOADS"], os.urandom(OBJECT_BYTES)
    client = aws.client("s3")
    return [
        take_request(client, partial(_put_object, bucket=bucket, key=f"bench/{number}", body=body))
        for number in range(10)
    ]


def _put_object(client: Any, bucket: str, key: str, body: bytes) -> None:
    client.put_object(Bucket=bucket, Key=key, Body=body)


def get_object(aws: AwsEndpoint) -> list[bytes]:
    """An object of 100 KB."""
    client, bucket = aws.client("s3"), aws.environment["S3_BUCKET_UPLOADS"]
    client.put_object(Bucket=bucket, Key="bench/read", Body=os.urandom(OBJECT_BYTES))
    return [take_request(client, lambda one: one.get_object(Bucket=bucket, Key="bench/read"))]


CASES: tuple[Case[AwsEndpoint], ...] = (
    Case("GetItem", get_item, GOAL),
    Case("PutItem", put_item, GOAL),
    Case("Query of 50", query, GOAL),
    Case("InitiateAuth", initiate_auth, GOAL),
    Case("S3 put 100 KB", put_object, GOAL),
    Case("S3 get 100 KB", get_object, GOAL),
)


def read_arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="just bench cloud", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="pairs of measurements per line (5)")
    parser.add_argument("--seconds", type=float, default=0.8, help="length of one measurement (0.8)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 50], help="clients at the same time (1 50)")
    parser.add_argument("--only", default="", help="the lines whose name contains this")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> list[Comparison]:
    """Measure and print line by line."""
    cases = [case for case in CASES if arguments.only.lower() in case.name.lower()]
    plan = Plan(arguments.pairs, arguments.seconds, tuple(arguments.clients))
    found = []
    with tempfile.TemporaryDirectory() as folder, run_local_aws(Path(folder)) as here, run_moto_server() as moto_url:
        servers: tuple[AwsEndpoint, AwsEndpoint] = (here, StockMoto(moto_url))
        load = LoadProcess()
        say(table_head(("here", f"stock moto {version('moto')}")))
        for comparison in compare(load, servers, lambda server: server.url, cases, plan):
            say(table_line(comparison))
            found.append(comparison)
        load.close()
    return found


def say(line: str) -> None:
    """A line of the table, as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """The table on stdout, the figures in a file if one is named."""
    arguments = read_arguments()
    started = time.monotonic()
    found = run(arguments)
    say(f"\n{arguments.pairs} alternating pairs of {arguments.seconds:g} s; {time.monotonic() - started:.0f} s in all")
    if arguments.json:
        about = {"moto": version("moto"), "python": sys.version.split()[0], "seconds": arguments.seconds}
        arguments.json.write_text(to_json(found, about))
    return 0


if __name__ == "__main__":
    sys.exit(main())
