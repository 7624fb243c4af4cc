"""What can be set about the local stack: ports, folders and addresses, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
DEVELOPER_ACCESS_KEY = "local"
DEVELOPER_SECRET_KEY = "local"  # noqa: S105 - the documented key of a loopback-only stack


class LocalSettingsError(ValueError):
    """A variable of the local stack has a value that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class LocalSettings:
    """The local stack's settings. Ports are on loopback; a `*_url` is how other parts reach one, a `public_*_url`
    how a browser on this machine does."""

    front_door_port: int
    api_port: int
    aws_port: int
    bind_host: str
    local_dir: Path
    front_door_url: str
    api_url: str
    aws_url: str
    public_api_url: str
    public_aws_url: str
    cors_origins: tuple[str, ...]


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise LocalSettingsError(f"{name} must be a port between 0 and 65535, not {text!r}.")
    return int(text)


def read_local_settings(environ: Mapping[str, str]) -> LocalSettings:
    """The settings from an environment; raises LocalSettingsError on a value that cannot be used."""
    front_door = _port(environ, "FRONT_DOOR_PORT", 8000)
    api = _port(environ, "API_PORT", 8001)
    aws = _port(environ, "AWS_PORT", 4566)
    front_door_url = environ.get("FRONT_DOOR_URL") or f"http://localhost:{front_door}"
    origins = environ.get("CORS_ORIGINS") or f"{front_door_url},http://localhost:3000,http://localhost:5173"
    return LocalSettings(
        front_door_port=front_door,
        api_port=api,
        aws_port=aws,
        bind_host=environ.get("BIND_HOST") or "127.0.0.1",
        local_dir=Path(environ.get("LOCAL_DIR") or ROOT / ".local").absolute(),
        front_door_url=front_door_url,
        api_url=environ.get("API_URL") or f"http://127.0.0.1:{api}",
        aws_url=environ.get("AWS_URL") or f"http://127.0.0.1:{aws}",
        public_api_url=environ.get("PUBLIC_API_URL") or f"http://localhost:{api}",
        public_aws_url=environ.get("PUBLIC_AWS_URL") or f"http://localhost:{aws}",
        cors_origins=tuple(origin.strip() for origin in origins.split(",") if origin.strip()),
    )
