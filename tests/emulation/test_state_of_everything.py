"""Whatever a developer may set up in the local AWS is there again after a stop and a start."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulation.cloud_process import CloudProcess
from tests.emulation.test_durability import running

BUCKET, LOCKED, TABLE, COPY = "everything", "everything-locked", "everything", "everything-restored"
TABLE_ARN = f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}"
ONE_TAG = [{"Key": "purpose", "Value": "test"}]
NOBODY = {"Version": "2012-10-17", "Statement": []}


def set_up_buckets(s3: Any) -> None:
    one = {"Bucket": BUCKET}
    s3.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
    s3.create_bucket(**one)
    s3.put_bucket_versioning(**one, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_acl(**one, ACL="private")
    s3.put_bucket_cors(**one, CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]})
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(**one, ServerSideEncryptionConfiguration=encryption)
    rule = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "old/", "Tags": ONE_TAG}},
        "Expiration": {"Days": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
        "Transitions": [{"Days": 3, "StorageClass": "GLACIER"}],
    }
    s3.put_bucket_lifecycle_configuration(**one, LifecycleConfiguration={"Rules": [rule]})
    s3.put_bucket_notification_configuration(**one, NotificationConfiguration={"EventBridgeConfiguration": {}})
    s3.put_bucket_ownership_controls(**one, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
    s3.put_bucket_tagging(**one, Tagging={"TagSet": ONE_TAG})
    s3.put_bucket_website(**one, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    s3.put_public_access_block(**one, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    s3.put_bucket_accelerate_configuration(**one, AccelerateConfiguration={"Status": "Enabled"})
    inventory = {
        "Id": "all",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": {"Bucket": f"arn:aws:s3:::{BUCKET}", "Format": "CSV"}},
    }
    s3.put_bucket_inventory_configuration(**one, Id="all", InventoryConfiguration=inventory)


def set_up_objects(s3: Any) -> None:
    one = {"Bucket": BUCKET}
    s3.put_object(**one, Key="archived", Body=b"1", Tagging="a=b", Metadata={"m": "1"}, StorageClass="GLACIER")
    s3.restore_object(**one, Key="archived", RestoreRequest={"Days": 1})
    s3.put_object_acl(**one, Key="archived", ACL="private")
    s3.put_object(**one, Key="deleted", Body=b"2", ServerSideEncryption="aws:kms", WebsiteRedirectLocation="/other")
    s3.delete_object(**one, Key="deleted")
    s3.put_object(Bucket=LOCKED, Key="held", Body=b"3")
    s3.put_object_legal_hold(Bucket=LOCKED, Key="held", LegalHold={"Status": "ON"})
    under_way, complete = (s3.create_multipart_upload(**one, Key=key)["UploadId"] for key in ("under-way", "complete"))
    s3.upload_part(**one, Key="under-way", UploadId=under_way, PartNumber=1, Body=b"part")
    part = s3.upload_part(**one, Key="complete", UploadId=complete, PartNumber=1, Body=b"whole")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    s3.complete_multipart_upload(**one, Key="complete", UploadId=complete, MultipartUpload=parts)
    s3.copy_object(**one, Key="copy", CopySource={"Bucket": BUCKET, "Key": "complete"})


def set_up_tables(dynamodb: Any, streams: Any) -> None:
    dynamodb.create_table(
        TableName=TABLE,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in zip("hrg", "SNB", strict=True)
        ],
        KeySchema=[{"AttributeName": "h", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "global",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "local",
                "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}, {"AttributeName": "g", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        SSESpecification={"Enabled": True},
        Tags=ONE_TAG,
    )
    recovery = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName=TABLE, PointInTimeRecoverySpecification=recovery)
    time_to_live = {"Enabled": True, "AttributeName": "ttl"}
    dynamodb.update_time_to_live(TableName=TABLE, TimeToLiveSpecification=time_to_live)
    values = [{"NULL": True}, {"BOOL": False}, {"NS": ["1", "2"]}, {"BS": [b"1"]}, {"SS": ["a"]}]
    item = {"h": {"S": "a"}, "r": {"N": "1.5"}, "g": {"B": b"x"}, "m": {"M": {"l": {"L": values}}}}
    dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item}}], ClientRequestToken="t")
    backup = dynamodb.create_backup(TableName=TABLE, BackupName="backup")["BackupDetails"]["BackupArn"]
    dynamodb.restore_table_from_backup(TargetTableName=COPY, BackupArn=backup)
    dynamodb.put_resource_policy(ResourceArn=TABLE_ARN, Policy=json.dumps(NOBODY))
    stream = dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    at = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    streams.get_records(ShardIterator=at["ShardIterator"])


def set_up_pool(cognito: Any) -> str:
    schema = [{"Name": "nick", "AttributeDataType": "String", "Mutable": True}]
    pool: str = cognito.create_user_pool(PoolName="everything", Schema=schema)["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain="everything", UserPoolId=pool)
    cognito.create_user_pool_client(UserPoolId=pool, ClientName="client")
    cognito.create_group(UserPoolId=pool, GroupName="players")
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    cognito.create_resource_server(UserPoolId=pool, Identifier="server", Name="server", Scopes=scopes)
    details = {"MetadataURL": "https://example.com/saml"}
    cognito.create_identity_provider(UserPoolId=pool, ProviderName="saml", ProviderType="SAML", ProviderDetails=details)
    address = {"Name": "email", "Value": "ada@example.com"}
    cognito.admin_create_user(UserPoolId=pool, Username="ada", UserAttributes=[address])
    cognito.admin_add_user_to_group(UserPoolId=pool, Username="ada", GroupName="players")
    return pool


def describe(cloud: CloudProcess, pool: str) -> list[Any]:
    """A good part of it, as the services tell it."""
    s3, dynamodb, cognito = (cloud.client(service) for service in ("s3", "dynamodb", "cognito-idp"))
    one = {"Bucket": BUCKET}
    answers = [
        s3.get_bucket_lifecycle_configuration(**one),
        s3.get_bucket_cors(**one),
        s3.get_bucket_tagging(**one),
        s3.list_object_versions(**one),
        s3.head_object(**one, Key="archived"),
        s3.list_multipart_uploads(**one),
        s3.get_object_legal_hold(Bucket=LOCKED, Key="held"),
        dynamodb.scan(TableName=TABLE),
        dynamodb.scan(TableName=COPY),
        dynamodb.describe_table(TableName=TABLE),
        dynamodb.describe_time_to_live(TableName=TABLE),
        dynamodb.list_backups(TableName=TABLE),
        cognito.list_users(UserPoolId=pool),
        cognito.list_groups(UserPoolId=pool),
        cognito.list_identity_providers(UserPoolId=pool),
        cognito.admin_list_groups_for_user(UserPoolId=pool, Username="ada"),
    ]
    for answer in answers:
        del answer["ResponseMetadata"]
    return answers


def test_everything_is_there_again_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with running(tmp_path) as cloud:
        set_up_buckets(cloud.client("s3"))
        set_up_objects(cloud.client("s3"))
        set_up_tables(cloud.client("dynamodb"), cloud.client("dynamodbstreams"))
        pool = set_up_pool(cloud.client("cognito-idp"))
        before = describe(cloud, pool)
        # A table that is exported or imported is a thread of moto's, which cannot be saved.
        with pytest.raises(ClientError, match="NotImplemented"):
            cloud.client("dynamodb").export_table_to_point_in_time(TableArn=TABLE_ARN, S3Bucket=BUCKET)
        assert cloud.request("GET", "/_cloud/health")[0] == 200
    with running(tmp_path) as again:
        assert describe(again, pool) == before
        assert "Traceback" not in again.log
