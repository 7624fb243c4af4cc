"""Users of the hostile suite: those of the black-box one."""

from tests.api.conftest import other, user

__all__ = ["other", "user"]
