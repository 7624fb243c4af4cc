"""What can be set about the local stack: ports, folders and addresses, read once from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_SITE = ROOT / "emulation" / "site"
REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
DEVELOPER_ACCESS_KEY = "local"
DEVELOPER_SECRET_KEY = "local"  # noqa: S105 - the documented key of a loopback-only stack
# The front door signs as itself, so that the local AWS can tell it from the functions.
CDN_ACCESS_KEY = "cloudfront"
# Below the ports that systems give to outgoing connections, and to whoever does not care which one it gets.
UNASKED_PORTS = range(20_000, 32_768)
_HOST = re.compile(r"(\w[\w.-]*|\[[0-9A-Fa-f:.]+\])(:\d+)?", re.ASCII)
_SCHEMES = ("http", "https")


class LocalSettingsError(ValueError):
    """A variable of the local stack has a value that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class LocalSettings:
    """The local stack's settings. Ports are on loopback; a `*_url` is how other parts reach one, a `public_*_url`
    how a browser on this machine does. `functions_dir` holds built functions, which then run under Lambda's runtime
    emulator; without one the API and the local cloud run them in their own processes."""

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
    index_lag_ms: int
    # What is at `/`: a built site's folder, or the address of a dev server in its place (empty: none).
    frontend_dist: Path
    frontend_dev: str
    functions_dir: Path | None


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise LocalSettingsError(f"{name} must be a port between 0 and 65535, not {text!r}.")
    return int(text)


def _is_origin(text: str) -> bool:
    """Whether it is scheme, host and perhaps port, as a browser writes an origin."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises when it is none
    except ValueError:
        return False
    is_bare = text in (f"{scheme}://{parts.netloc}" for scheme in _SCHEMES)
    return is_bare and bool(_HOST.fullmatch(parts.netloc))


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    text = environ.get(name, "").strip() or default
    url = text.removesuffix("/")
    if not _is_origin(url):
        raise LocalSettingsError(f"{name} must be an address like {default}, without a path, not {text!r}.")
    return url


def _origins(environ: Mapping[str, str], front_door_url: str) -> tuple[str, ...]:
    text = environ.get("CORS_ORIGINS", "").strip() or f"{front_door_url},http://localhost:3000,http://localhost:5173"
    origins = tuple(origin.strip() for origin in text.split(",") if origin.strip())
    for origin in origins:
        if not _is_origin(origin):
            raise LocalSettingsError(
                f"CORS_ORIGINS must be origins like http://localhost:3000 with commas between; {origin!r} is none."
            )
    return origins


def _frontend(environ: Mapping[str, str]) -> tuple[Path, str]:
    """Folder and dev server; raises LocalSettingsError when both are asked for."""
    folder, server = environ.get("FRONTEND_DIST", "").strip(), environ.get("FRONTEND_DEV", "").strip()
    if folder and server:
        raise LocalSettingsError("FRONTEND_DIST and FRONTEND_DEV exclude each other: set one of them.")
    address = _url(environ, "FRONTEND_DEV", "http://localhost:5173") if server else ""
    return Path(folder or SAMPLE_SITE).absolute(), address


def _milliseconds(text: str) -> int:
    if not (text or "0").isdecimal():
        raise LocalSettingsError(f"INDEX_LAG_MS must be a whole number of milliseconds, not {text!r}.")
    return int(text or "0")


def read_local_settings(environ: Mapping[str, str]) -> LocalSettings:
    """The settings from an environment; raises LocalSettingsError on a value that cannot be used."""
    front_door = _port(environ, "FRONT_DOOR_PORT", 8000)
    api = _port(environ, "API_PORT", 8001)
    aws = _port(environ, "AWS_PORT", 4566)
    front_door_url = _url(environ, "FRONT_DOOR_URL", f"http://localhost:{front_door}")
    frontend_dist, frontend_dev = _frontend(environ)
    return LocalSettings(
        front_door_port=front_door,
        api_port=api,
        aws_port=aws,
        bind_host=environ.get("BIND_HOST") or "127.0.0.1",
        local_dir=Path(environ.get("LOCAL_DIR") or ROOT / ".local").absolute(),
        front_door_url=front_door_url,
        api_url=_url(environ, "API_URL", f"http://127.0.0.1:{api}"),
        aws_url=_url(environ, "AWS_URL", f"http://127.0.0.1:{aws}"),
        public_api_url=_url(environ, "PUBLIC_API_URL", f"http://localhost:{api}"),
        public_aws_url=_url(environ, "PUBLIC_AWS_URL", f"http://localhost:{aws}"),
        cors_origins=_origins(environ, front_door_url),
        index_lag_ms=_milliseconds(environ.get("INDEX_LAG_MS", "")),
        frontend_dist=frontend_dist,
        frontend_dev=frontend_dev,
        functions_dir=Path(environ["FUNCTIONS_DIR"]).absolute() if environ.get("FUNCTIONS_DIR") else None,
    )


def server_environment(local: LocalSettings, from_stack: Mapping[str, str], aws_url: str) -> dict[str, str]:
    """What the server is told on a laptop: of the resources as the stack says it, and the addresses of this machine.

    `aws_url` is where the process that it runs in reaches the local AWS.
    """
    return {
        **from_stack,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": aws_url,
        "CLOUDFRONT_DOMAIN": local.front_door_url,
        "S3_PUBLIC_ENDPOINT": local.public_aws_url,
        "CORS_ORIGINS": ",".join(local.cors_origins),
    }
