"""The CORS configuration of the HTTP API, which API Gateway itself carries out.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CorsRules:
    """Which sites may call, and what they may send and see. `max_age_seconds` is how long a preflight holds."""

    origins: tuple[str, ...]
    methods: tuple[str, ...] = ("DELETE", "GET", "POST", "PUT")
    headers: tuple[str, ...] = ("authorization", "content-type", "if-match")
    exposed_headers: tuple[str, ...] = ("etag", "retry-after")
    max_age_seconds: int = 600

    def preflight_headers(self, origin: str | None, method: str | None) -> dict[str, str]:
        """What a preflight is answered with: nothing for a site that may not call."""
        if method is None or not self._allows(origin):
            return {}
        return {
            "access-control-allow-origin": str(origin),
            "access-control-allow-methods": ",".join(self.methods),
            "access-control-allow-headers": ",".join(self.headers),
            "access-control-max-age": str(self.max_age_seconds),
        }

    def answer_headers(self, origin: str | None) -> dict[str, str]:
        """What every other answer carries, the gateway's own errors included."""
        if not self._allows(origin):
            return {}
        return {
            "access-control-allow-origin": str(origin),
            "access-control-expose-headers": ",".join(self.exposed_headers),
        }

    def _allows(self, origin: str | None) -> bool:
        return origin is not None and origin in self.origins
