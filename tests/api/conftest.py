"""Users of the black-box suite."""

import pytest

from tests.api.client import Api, User


@pytest.fixture
async def user(api: Api) -> User:
    """A fresh user who is signed in."""
    return await api.new_user()


@pytest.fixture
async def other(api: Api) -> User:
    """Another fresh user who is signed in."""
    return await api.new_user()
