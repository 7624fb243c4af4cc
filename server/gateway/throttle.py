"""The throttle of a stage: a token bucket, as API Gateway describes it."""

from collections.abc import Callable


class Throttle:
    """Lets `rate` requests a second through, and `burst` at once. `seconds` is a monotonic clock.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
    """

    def __init__(self, rate: float, burst: int, seconds: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._seconds = seconds
        self._tokens = float(burst)
        self._filled_at = seconds()

    def admit(self) -> bool:
        """Whether one more request may pass now."""
        now = self._seconds()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
