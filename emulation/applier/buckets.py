"""AWS::S3::Bucket: one call each for a bucket's settings.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from emulation.applier.bucket_rules import (
    from_cors,
    from_encryption,
    from_lifecycle,
    to_cors,
    to_encryption,
    to_lifecycle,
    without_sizes_of_transitions,
)
from emulation.applier.clients import Clients
from emulation.applier.kind import Honoured, Properties, PropertyTable, WithoutEffect
from emulation.settings import REGION


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class _Setting:
    """The calls of one setting, named as the client's methods; `absent` is the code of a read that finds none."""

    get: str
    put: str
    argument: str
    delete: str = ""
    absent: str = ""
    to_api: Callable[[Any], Any] = _same
    from_api: Callable[[Any], Any] = _same


SETTINGS = {
    "BucketEncryption": _Setting(
        "get_bucket_encryption",
        "put_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        absent="ServerSideEncryptionConfigurationNotFoundError",
        to_api=to_encryption,
        from_api=from_encryption,
    ),
    "PublicAccessBlockConfiguration": _Setting(
        "get_public_access_block",
        "put_public_access_block",
        "PublicAccessBlockConfiguration",
        absent="NoSuchPublicAccessBlockConfiguration",
        from_api=lambda found: found["PublicAccessBlockConfiguration"],
    ),
    "OwnershipControls": _Setting(
        "get_bucket_ownership_controls",
        "put_bucket_ownership_controls",
        "OwnershipControls",
        absent="OwnershipControlsNotFoundError",
        from_api=lambda found: found["OwnershipControls"],
    ),
    "VersioningConfiguration": _Setting(
        "get_bucket_versioning",
        "put_bucket_versioning",
        "VersioningConfiguration",
        from_api=lambda found: {"Status": found.get("Status", "Suspended")},
    ),
    "CorsConfiguration": _Setting(
        "get_bucket_cors",
        "put_bucket_cors",
        "CORSConfiguration",
        delete="delete_bucket_cors",
        absent="NoSuchCORSConfiguration",
        to_api=to_cors,
        from_api=from_cors,
    ),
    "LifecycleConfiguration": _Setting(
        "get_bucket_lifecycle_configuration",
        "put_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        delete="delete_bucket_lifecycle",
        absent="NoSuchLifecycleConfiguration",
        to_api=to_lifecycle,
        from_api=from_lifecycle,
    ),
}

NOT_VERSIONED = {"Status": "Suspended"}
PROPERTIES: PropertyTable = {
    "BucketName": Honoured(fixed=True),
    "BucketEncryption": Honoured(
        default={"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    ),
    "PublicAccessBlockConfiguration": Honoured(
        default={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }
    ),
    "OwnershipControls": Honoured(default={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
    "VersioningConfiguration": Honoured(default=NOT_VERSIONED),
    "CorsConfiguration": Honoured(),
    "LifecycleConfiguration": Honoured(meaningful=without_sizes_of_transitions),
    "NotificationConfiguration": WithoutEffect("the local cloud shows its dead letters itself (/_cloud/dead-letters)"),
}


class Buckets:
    """Buckets, named by their `BucketName`. Defaults are those of new buckets.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
    """

    properties = PROPERTIES

    def find(self, aws: Clients, wanted: Properties) -> str | None:
        """The bucket's name if it is there."""
        try:
            self.verify(aws, wanted["BucketName"])
        except ClientError as error:
            if error.response["Error"]["Code"] == "404":
                return None
            raise
        return str(wanted["BucketName"])

    def create(self, aws: Clients, wanted: Properties) -> str:
        """Create the bucket with its settings."""
        name = str(wanted["BucketName"])
        aws.s3.create_bucket(Bucket=name)
        asked = frozenset(setting for setting in SETTINGS if wanted[setting] is not None)
        # A bucket that never was versioned need not be told to stop.
        unversioned = wanted["VersioningConfiguration"] == NOT_VERSIONED
        self.update(aws, name, wanted, asked - ({"VersioningConfiguration"} if unversioned else set()))
        return name

    def read(self, aws: Clients, key: str) -> dict[str, Any]:
        """The bucket's settings."""
        return {"BucketName": key} | {name: _read_setting(aws, setting, key) for name, setting in SETTINGS.items()}

    def update(self, aws: Clients, key: str, wanted: Properties, changed: frozenset[str]) -> None:
        """Write the changed settings."""
        for name in sorted(changed):
            setting = SETTINGS[name]
            if wanted[name] is None:
                getattr(aws.s3, setting.delete)(Bucket=key)
            else:
                arguments = {setting.argument: setting.to_api(wanted[name])}
                getattr(aws.s3, setting.put)(Bucket=key, **arguments)

    def attributes(self, aws: Clients, key: str) -> dict[str, str]:  # noqa: ARG002
        """Name, ARN and host names."""
        return {
            "Ref": key,
            "Arn": f"arn:aws:s3:::{key}",
            "DomainName": f"{key}.s3.amazonaws.com",
            "RegionalDomainName": f"{key}.s3.{REGION}.amazonaws.com",
        }

    def verify(self, aws: Clients, key: str) -> None:
        """Raises when the bucket is gone."""
        aws.s3.head_bucket(Bucket=key)


def _read_setting(aws: Clients, setting: _Setting, bucket: str) -> Any:
    try:
        return setting.from_api(getattr(aws.s3, setting.get)(Bucket=bucket))
    except ClientError as error:
        if error.response["Error"]["Code"] != setting.absent:
            raise
        return None
