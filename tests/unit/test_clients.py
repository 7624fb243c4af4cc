"""The clients of AWS: where S3 is, for the server and for browsers."""

from urllib.parse import urlsplit

import pytest

from server.aws.clients import Clients, open_clients
from server.settings import REQUIRED, read_settings

ENVIRONMENT = dict.fromkeys(REQUIRED, "guitars")


@pytest.fixture(autouse=True)
def _someone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


async def presigned_host(clients: Clients) -> str:
    url = await clients.s3_presigner.generate_presigned_url("get_object", Params={"Bucket": "a.b", "Key": "c"})
    return urlsplit(url).netloc


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
async def test_on_aws_one_client_calls_s3_and_presigns_for_the_regional_host(region: str) -> None:
    async with open_clients(read_settings({**ENVIRONMENT, "AWS_REGION": region})) as clients:
        assert clients.s3_presigner is clients.s3
        assert await presigned_host(clients) == f"s3.{region}.amazonaws.com"


async def test_where_browsers_reach_s3_elsewhere_urls_are_presigned_for_that_host() -> None:
    elsewhere = {"AWS_REGION": "us-east-1", "S3_PUBLIC_ENDPOINT": "http://127.0.0.1:8000"}
    async with open_clients(read_settings({**ENVIRONMENT, **elsewhere})) as clients:
        assert clients.s3.meta.endpoint_url == "https://s3.us-east-1.amazonaws.com"
        assert await presigned_host(clients) == "127.0.0.1:8000"


async def test_a_client_that_a_function_does_not_need_is_not_opened() -> None:
    settings = read_settings({**ENVIRONMENT, "AWS_REGION": "us-east-1"})
    async with open_clients(settings, services=["dynamodb"]) as clients:
        with pytest.raises(RuntimeError, match="opened no client of s3"):
            await presigned_host(clients)
