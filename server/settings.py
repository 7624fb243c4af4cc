"""What the server is told by its environment, read once and strictly. No other file reads the environment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What every function needs. The user pool's own trigger cannot be told of the pool: in the template, that is a cycle.
STORES = (
    "AWS_REGION",
    "DYNAMODB_TABLE_GUITARS",
    "DYNAMODB_TABLE_USERS",
    "S3_BUCKET_IMAGES",
    "S3_BUCKET_UPLOADS",
)
REQUIRED = (*STORES, "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID")
OPTIONAL = (
    "APP_ENV",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "CLOUDFRONT_DOMAIN",
    "CORS_ORIGINS",
    "AUTHORIZER_ASKS_COGNITO",
    "S3_PUBLIC_ENDPOINT",
)


class SettingsError(ValueError):
    """The environment lacks a variable or has a value that cannot be used; the text names it."""


@dataclass(frozen=True)
class Settings:
    """The server's settings. URLs have a scheme and no slash at the end."""

    app_env: str
    region: str
    user_pool_id: str
    client_id: str
    guitars_table: str
    users_table: str
    images_bucket: str
    uploads_bucket: str
    cdn_url: str
    s3_public_endpoint: str
    cognito_endpoint: str
    cors_origins: tuple[str, ...]
    authorizer_asks_cognito: bool

    @property
    def token_issuer(self) -> str:
        """The `iss` of the pool's tokens.

        https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
        """
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"


def _boolean(environ: Mapping[str, str], name: str, default: str) -> bool:
    text = environ.get(name) or default
    if text not in ("true", "false"):
        raise SettingsError(f"{name} must be true or false, not {text!r}")
    return text == "true"


def with_scheme(domain: str) -> str:
    """A bare domain as an https URL; a URL stays as it is."""
    return domain.rstrip("/") if "://" in domain or not domain else f"https://{domain}"


def read_settings(environ: Mapping[str, str], required: Sequence[str] = REQUIRED) -> Settings:
    """The settings of an environment; raises SettingsError naming every required variable that is missing."""
    missing = [name for name in required if not environ.get(name)]
    if missing:
        raise SettingsError(f"missing environment variables: {', '.join(missing)}")
    region = environ["AWS_REGION"]
    # The names that the AWS SDKs themselves read.
    # https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    endpoint = environ.get("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER") or environ.get("AWS_ENDPOINT_URL", "")
    return Settings(
        app_env=environ.get("APP_ENV") or "dev",
        region=region,
        user_pool_id=environ.get("COGNITO_USER_POOL_ID", ""),
        client_id=environ.get("COGNITO_CLIENT_ID", ""),
        guitars_table=environ.get("DYNAMODB_TABLE_GUITARS", ""),
        users_table=environ.get("DYNAMODB_TABLE_USERS", ""),
        images_bucket=environ.get("S3_BUCKET_IMAGES", ""),
        uploads_bucket=environ.get("S3_BUCKET_UPLOADS", ""),
        cdn_url=with_scheme(environ.get("CLOUDFRONT_DOMAIN", "")),
        # The regional host: botocore's own choice would be the global one, which redirects for new buckets.
        s3_public_endpoint=environ.get("S3_PUBLIC_ENDPOINT") or f"https://s3.{region}.amazonaws.com",
        cognito_endpoint=endpoint.rstrip("/") or f"https://cognito-idp.{region}.amazonaws.com",
        cors_origins=tuple(origin for origin in environ.get("CORS_ORIGINS", "").split(",") if origin),
        authorizer_asks_cognito=_boolean(environ, "AUTHORIZER_ASKS_COGNITO", "true"),
    )
