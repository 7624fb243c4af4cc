from collections.abc import Iterator

import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.cognito.endpoint import CognitoEndpoint
from tests.emulation.cognito.pool import UserPool


@pytest.fixture(scope="session")
def user_pool(aws: AwsEndpoint) -> UserPool:
    """A pool like the product's, which the tests share."""
    return UserPool(aws)


@pytest.fixture(scope="session")
def inner() -> Iterator[CognitoEndpoint]:
    """Cognito within this process, without a stack."""
    endpoint = CognitoEndpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="session")
def inner_pool(inner: CognitoEndpoint) -> UserPool:
    """The same pool within this process."""
    return UserPool(inner)
