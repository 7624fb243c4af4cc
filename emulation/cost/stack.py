"""The stack of a run: processes on free ports, with the functions as they are built."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import boto3

from deploy.build.artifacts import ARTIFACTS, X86_64
from deploy.build.building import build, is_current
from deploy.cost.measured import Stored
from emulation.cloud.dynamodb.item_size import item_bytes
from emulation.commands.output import say
from emulation.commands.parts import PARTS
from emulation.commands.processes import Processes
from emulation.commands.stack_tests import stack_of_its_own
from emulation.commands.waiting import wait_until_healthy
from emulation.settings import (
    DEVELOPER_ACCESS_KEY,
    DEVELOPER_SECRET_KEY,
    REGION,
    LocalSettings,
    read_local_settings,
)


@contextlib.contextmanager
def run_stack(environ: Mapping[str, str]) -> Iterator[LocalSettings]:
    """A healthy stack, gone with the context; raises CommandError and BuildError."""
    if not is_current(ARTIFACTS, X86_64.build_dir):
        say("Building the functions …")
        for _ in build(ARTIFACTS, X86_64, X86_64.build_dir):
            pass
    with tempfile.TemporaryDirectory(prefix="guitar-collection-cost-") as folder:
        own = stack_of_its_own(environ, Path(folder)) | {"FUNCTIONS_DIR": str(X86_64.build_dir)}
        settings = read_local_settings(own)
        form = Processes(settings, own, attached=True)
        try:
            form.start(PARTS)
            wait_until_healthy(form, PARTS, settings, lambda _: None)
            yield settings
        finally:
            form.stop()


def measure_stored(settings: LocalSettings, environment: Mapping[str, str]) -> Stored:
    """How large items and objects are on average. `environment` is the stack's, which names tables and bucket."""
    access = {"aws_access_key_id": DEVELOPER_ACCESS_KEY, "aws_secret_access_key": DEVELOPER_SECRET_KEY}
    session = boto3.Session(**access, region_name=REGION)
    dynamodb = session.client("dynamodb", endpoint_url=settings.aws_url)
    s3 = session.client("s3", endpoint_url=settings.aws_url)
    items = dynamodb.scan(TableName=environment["DYNAMODB_TABLE_GUITARS"])["Items"]
    profiles = dynamodb.scan(TableName=environment["DYNAMODB_TABLE_USERS"])["Items"]
    objects = s3.list_objects_v2(Bucket=environment["S3_BUCKET_IMAGES"], Prefix="images/")["Contents"]
    sizes = {one["Key"]: one["Size"] for one in objects}
    guitars = [one for one in items if "brand" in one]
    images = [image["M"] for guitar in guitars for image in guitar.get("images", {}).get("L", [])]
    # Whatever else lies in the table belongs to guitars too.
    table_bytes = sum(map(item_bytes, items)) + sum(map(item_bytes, guitars))
    return Stored(
        guitar_bytes=table_bytes / len(guitars),
        profile_bytes=_mean([item_bytes(one) for one in profiles]),
        picture_bytes=_mean([sizes[image["key"]["S"]] for image in images]),
        thumbnail_bytes=_mean([sizes[image["thumbnailKey"]["S"]] for image in images]),
    )


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)
