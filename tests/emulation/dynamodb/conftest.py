import pytest

from tests.emulation.aws_endpoint import AwsEndpoint
from tests.emulation.dynamodb.tables import Tables, open_tables


@pytest.fixture(scope="session")
def tables(aws: AwsEndpoint) -> Tables:
    """Tables of the tests' own, which they share."""
    return open_tables(aws)
