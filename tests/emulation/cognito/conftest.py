from collections.abc import Iterator

import pytest

from tests.emulation.cognito.endpoint import CognitoEndpoint
from tests.emulation.cognito.pool import UserPool


@pytest.fixture(scope="session")
def cognito() -> Iterator[CognitoEndpoint]:
    """Cognito without a stack."""
    endpoint = CognitoEndpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="session")
def user_pool(cognito: CognitoEndpoint) -> UserPool:
    """A pool like the product's, which the tests share."""
    return UserPool(cognito)
