"""The scope of a credential: the date, the region and the service that it was made for."""

from emulation.cloud.s3.errors import S3Error
from emulation.cloud.sigv4 import Credential

SERVICE = "s3"


def check_scope(credential: Credential, amz_date: str, region: str, code: str, opening: str) -> None:
    """Raise the error `code`, its message beginning with `opening`, when a part of the scope is wrong.

    `region` is the bucket's, or empty where any will do.
    """
    if credential.date != amz_date[:8]:
        reason = (
            f'Invalid credential date "{credential.date}". This date is not the same as X-Amz-Date: "{amz_date[:8]}".'
        )
        raise S3Error(400, code, f"{opening}; {reason}")
    if credential.service != SERVICE:
        reason = f'incorrect service "{credential.service}". This endpoint belongs to "{SERVICE}".'
        raise S3Error(400, code, f"{opening}; {reason}")
    if region and credential.region != region:
        reason = f"the region '{credential.region}' is wrong; expecting '{region}'"
        raise S3Error(400, code, f"{opening}; {reason}", {"Region": region})
