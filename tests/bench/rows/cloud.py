"""`cloud`: the local AWS, everything checked, against a stock moto_server and MiniStack with signatures and IAM on."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from emulation.settings import DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY
from tests.bench.environments import open_venv
from tests.bench.frame import HERE, Line, Plan
from tests.bench.loading import LoadProcess
from tests.bench.processes import log_folder, plain_environment, start, wait_for_answer
from tests.bench.requests import take_request
from tests.emulation.aws_endpoint import AwsEndpoint, StockMoto, run_local_aws, run_moto_server
from tests.ports import free_port

ITEMS = 50
OBJECT_BYTES = 100 * 1024
PASSWORD = "Correct-Horse-1"
# Stock moto answers in threads that share what they change, and fails one of some hundred requests of 50 clients.
PEERS_MAY_REFUSE = 0.01
GOALS = {"moto": 2.0, "MiniStack": 1.0}
CLIENTS = (1, 50)


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


class MiniStack(StockMoto):
    """MiniStack with what is measured and no more: it does not keep all that the template says of a user pool."""

    def __init__(self, url: str) -> None:
        self.url = url
        keys = {"userId": "HASH", "guitarId": "RANGE"}
        self.client("dynamodb").create_table(
            TableName="guitars",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
            BillingMode="PAY_PER_REQUEST",
        )
        self.client("s3").create_bucket(Bucket="uploads")
        cognito = self.client("cognito-idp")
        pool = cognito.create_user_pool(PoolName="pool", UsernameAttributes=["email"])["UserPool"]["Id"]
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="app", ExplicitAuthFlows=flows)
        self.environment = {
            "DYNAMODB_TABLE_GUITARS": "guitars",
            "S3_BUCKET_UPLOADS": "uploads",
            "COGNITO_USER_POOL_ID": pool,
            "COGNITO_CLIENT_ID": client["UserPoolClient"]["ClientId"],
        }


CASES: dict[str, Callable[[AwsEndpoint], list[bytes]]] = {
    "GetItem": get_item,
    "PutItem": put_item,
    "Query of 50": query,
    "InitiateAuth": initiate_auth,
    "S3 put 100 KB": put_object,
    "S3 get 100 KB": get_object,
}


def run_ministack(stack: ExitStack) -> str:
    """The address of a MiniStack that verifies signatures and asks IAM."""
    port = free_port()
    # With AUTH, the key of its own environment is that of the account's root.
    environ = plain_environment(
        AUTH="true",
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        LOG_LEVEL="WARNING",
        AWS_ACCESS_KEY_ID=DEVELOPER_ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY=DEVELOPER_SECRET_KEY,
    )
    log = stack.enter_context((log_folder() / f"ministack-{port}.log").open("wb"))
    command = [open_venv("ministack").parent / "ministack"]
    process = start(stack, command, environ, stdout=log, stderr=log)
    wait_for_answer(f"http://127.0.0.1:{port}/_ministack/health", process)
    return f"http://127.0.0.1:{port}"


def cloud(stack: ExitStack, plan: Plan) -> Iterator[Line]:
    """Each request as boto3 signs it, sent again and again by so many clients."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    servers: dict[str, AwsEndpoint] = {
        HERE: stack.enter_context(run_local_aws(folder)),
        "moto": StockMoto(stack.enter_context(run_moto_server())),
        "MiniStack": MiniStack(run_ministack(stack)),
    }
    load = LoadProcess(stack)
    for name, make_requests in CASES.items():
        requests = {who: make_requests(server) for who, server in servers.items()}

        def measure(
            who: str, clients: int, requests: dict[str, list[bytes]] = requests, seconds: float = plan.seconds
        ) -> float:
            may_refuse = 0.0 if who == HERE else PEERS_MAY_REFUSE
            return load.measure(servers[who].url, requests[who], clients, seconds, may_refuse).requests_per_second

        for who in servers:
            measure(who, 1, seconds=plan.seconds / 4)
        for clients in CLIENTS:
            measures = {who: partial(measure, who, clients) for who in servers}
            here = measures.pop(HERE)
            yield Line(f"{name}, {clients} client{'s' * (clients > 1)}", here, measures, GOALS)
