"""What the environment of the cloud's process must say before moto and the SDKs are imported."""

from collections.abc import Mapping

from emulation.settings import ACCOUNT_ID, DEVELOPER_ACCESS_KEY, DEVELOPER_SECRET_KEY, REGION

MOTO_ENVIRONMENT = {
    "MOTO_ACCOUNT_ID": ACCOUNT_ID,
    # Any text is true here. Without it moto reflects every origin, where S3 obeys the bucket's CORS rules.
    "MOTO_DISABLE_GLOBAL_CORS": "1",
    # Buckets are addressed by path; a host such as cloud.local is not bucket "cloud".
    "S3_IGNORE_SUBDOMAIN_BUCKETNAME": "1",
    # Larger objects would each hold a file descriptor open; stored objects live in files of our own.
    "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(1024 * 1024 * 1024),
    # The same stack gets the same ids again after a reset, so that nothing else has to be restarted.
    "MOTO_COGNITO_IDP_USER_POOL_ID_STRATEGY": "HASH",
    "MOTO_COGNITO_IDP_USER_POOL_CLIENT_ID_STRATEGY": "HASH",
}
# A developer's own profile must neither be used nor be able to disturb.
FOREIGN_VARIABLES = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


def local_environment(environ: Mapping[str, str], endpoint_url: str) -> dict[str, str]:
    """`environ` as this process needs it: moto's settings, and an SDK that talks to `endpoint_url` alone."""
    kept = {name: value for name, value in environ.items() if name not in FOREIGN_VARIABLES}
    return (
        kept
        | MOTO_ENVIRONMENT
        | {
            "AWS_ACCESS_KEY_ID": DEVELOPER_ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": DEVELOPER_SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": endpoint_url,
        }
    )
