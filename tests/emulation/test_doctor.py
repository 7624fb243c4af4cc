"""What the doctor finds in a local AWS of its own, and how it is put right."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.emulation.cloud_process import CloudProcess
from tests.eventually import wait_until

IMAGE = "01a00000-0000-7000-8000-000000000001"


@dataclass
class Patient:
    """A local AWS, and ways to bring it into disorder as the developer."""

    cloud: CloudProcess

    def __post_init__(self) -> None:
        self.names: dict[str, str] = self.cloud.request("GET", "/_cloud/environment")[1]
        self.dynamodb, self.s3 = self.cloud.client("dynamodb"), self.cloud.client("s3")
        self.cognito = self.cloud.client("cognito-idp")

    def findings(self) -> set[tuple[str, str]]:
        """What is found once all records are delivered: kind and subject."""

        def look() -> Any:
            told = self.cloud.request("GET", "/_cloud/doctor")[1]
            return told if told["undelivered"] == 0 else None

        return {(one["kind"], one["subject"]) for one in wait_until(look)["findings"]}

    def mend(self) -> set[str]:
        """The kinds that were put right."""
        return {one["kind"] for one in self.cloud.request("POST", "/_cloud/doctor")[1]["mended"]}

    def put_user(self) -> str:
        """A confirmed user, whose profile the trigger has made."""
        email, client = f"{uuid4().hex}@example.com", self.names["COGNITO_CLIENT_ID"]
        attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada"}]
        password = f"Aa1!{uuid4().hex}"
        signed = self.cognito.sign_up(ClientId=client, Username=email, Password=password, UserAttributes=attributes)
        pool = self.names["COGNITO_USER_POOL_ID"]
        self.cognito.admin_confirm_sign_up(UserPoolId=pool, Username=email)
        user_id: str = signed["UserSub"]
        return user_id

    def put_guitar(self, user_id: str, guitar_id: str, **attributes: Any) -> None:
        item = {"userId": {"S": user_id}, "guitarId": {"S": guitar_id}, "brand": {"S": "Fender"}, **attributes}
        self.dynamodb.put_item(TableName=self.names["DYNAMODB_TABLE_GUITARS"], Item=item)

    def tell_tally(self, user_id: str, brand: str, guitars: int) -> None:
        item = {"userId": {"S": user_id}, "guitarId": {"S": f"tally#{brand}"}, "guitars": {"N": f"{guitars}"}}
        self.dynamodb.put_item(TableName=self.names["DYNAMODB_TABLE_GUITARS"], Item=item)

    def put_object(self, key: str, tagging: str = "attachment=attached") -> None:
        self.s3.put_object(Bucket=self.names["S3_BUCKET_IMAGES"], Key=key, Body=b"x", Tagging=tagging)

    def seconds_until_expiry(self, key: str) -> int:
        """How long after it was put an object expires: at a midnight, so that it depends on the time of day."""
        told = self.s3.head_object(Bucket=self.names["S3_BUCKET_IMAGES"], Key=key)
        expires_at = parsedate_to_datetime(told["Expiration"].split('"')[1])
        return int((expires_at - told["LastModified"]).total_seconds())

    def advance(self, seconds: int) -> None:
        self.cloud.request("POST", "/_cloud/clock", json.dumps({"advanceSeconds": seconds}).encode())

    def objects(self) -> set[str]:
        told = self.s3.list_object_versions(Bucket=self.names["S3_BUCKET_IMAGES"])
        return {one["Key"] for one in (*told.get("Versions", []), *told.get("DeleteMarkers", []))}


def image_of(user_id: str) -> dict[str, Any]:
    folder = f"images/{user_id}/{IMAGE}"
    keys = {"key": f"{folder}/original.jpg", "thumbnailKey": f"{folder}/thumbnail.webp"}
    values: dict[str, Any] = {name: {"S": key} for name, key in keys.items()}
    return {"L": [{"M": {"id": {"S": IMAGE}, **values}}]}


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    cloud = CloudProcess(tmp_path / "local").wait_until_ready()
    yield Patient(cloud)
    cloud.stop()


def test_a_healthy_collection_has_no_findings(patient: Patient) -> None:
    user_id = patient.put_user()
    folder = f"images/{user_id}/{IMAGE}"
    patient.put_object(f"{folder}/original.jpg")
    patient.put_object(f"{folder}/thumbnail.webp")
    patient.put_object(f"images/{user_id}/another/original.jpg", "attachment=pending")
    patient.put_guitar(user_id, "g1", images=image_of(user_id))
    patient.tell_tally(user_id, "Fender", 1)
    assert patient.findings() == set()


@pytest.mark.parametrize(
    ("sort_key", "attributes", "reason"),
    [
        ("g1", {"colors": {"SS": ["red"]}}, "DynamoDB type SS is not used here"),
        ("upload#u1", {}, "it has no claimedBy"),
        ("tally#Fender", {}, "it has no guitars"),
    ],
)
def test_an_item_that_the_server_has_not_written_is_named(
    patient: Patient, sort_key: str, attributes: dict[str, Any], reason: str
) -> None:
    patient.put_guitar("somebody", sort_key, **attributes)

    for method in ("GET", "POST"):
        status, told = patient.cloud.request(method, "/_cloud/doctor")
        assert status == 409
        assert told["reason"].startswith(f"the item somebody/{sort_key} of guitar-collection-guitars-dev ")
        assert reason in told["reason"]


def test_what_has_no_owner_any_more_is_found_and_mended(patient: Patient) -> None:
    user_id = patient.put_user()
    patient.put_guitar(user_id, "g1")
    patient.tell_tally(user_id, "Fender", 1)
    pool = patient.names["COGNITO_USER_POOL_ID"]
    patient.cognito.admin_delete_user(UserPoolId=pool, Username=user_id)
    patient.put_guitar("nobody", "g2")
    patient.tell_tally("nobody", "Fender", 1)
    patient.put_guitar("nobody", f"upload#{IMAGE}", claimedBy={"S": "g9"})
    patient.put_object("images/nobody/x/original.jpg")
    patient.put_object("receipts/nobody/y.pdf")
    patient.s3.delete_object(Bucket=patient.names["S3_BUCKET_IMAGES"], Key="receipts/nobody/y.pdf")
    assert patient.findings() == {
        ("profile-without-user", user_id),
        ("guitar-without-owner", "nobody/g2"),
        ("tally-without-owner", "nobody/tally#Fender"),
        ("claim-without-guitar", f"nobody/upload#{IMAGE}"),
        ("object-without-guitar", "images/nobody/x/original.jpg"),
        ("object-without-guitar", "receipts/nobody/y.pdf"),
    }
    patient.mend()
    assert patient.findings() == set()
    assert patient.objects() == set()
    assert patient.dynamodb.scan(TableName=patient.names["DYNAMODB_TABLE_GUITARS"])["Count"] == 0


def test_a_tally_that_is_wrong_or_missing_is_found_and_counted_anew(patient: Patient) -> None:
    user_id = patient.put_user()
    for guitar_id in ("g1", "g2"):
        patient.put_guitar(user_id, guitar_id)
    assert patient.findings() == {("tally-wrong", f"{user_id}/tally#Fender")}
    for brand, guitars in (("Fender", 3), ("Gibson", 0), ("A/B", 1)):
        patient.tell_tally(user_id, brand, guitars)
    assert patient.findings() == {("tally-wrong", f"{user_id}/tally#{brand}") for brand in ("Fender", "A/B")}
    assert patient.mend() == {"tally-wrong"}
    assert patient.findings() == set()
    items = patient.dynamodb.scan(TableName=patient.names["DYNAMODB_TABLE_GUITARS"])["Items"]
    tallies = {item["guitarId"]["S"]: item["guitars"]["N"] for item in items if "guitars" in item}
    assert tallies == {"tally#Fender": "2", "tally#Gibson": "0", "tally#A/B": "0"}


def test_a_guitar_that_names_a_missing_object_is_found_and_left_alone(patient: Patient) -> None:
    user_id = patient.put_user()
    patient.put_guitar(user_id, "g1", images=image_of(user_id))
    patient.tell_tally(user_id, "Fender", 1)
    folder = f"images/{user_id}/{IMAGE}"
    missing = {("guitar-without-object", f"{folder}/{name}") for name in ("original.jpg", "thumbnail.webp")}
    assert patient.findings() == missing
    assert patient.mend() == set()
    assert patient.findings() == missing


def test_an_attached_object_that_would_expire_is_kept(patient: Patient) -> None:
    user_id = patient.put_user()
    patient.put_guitar(user_id, "g1", images=image_of(user_id))
    patient.tell_tally(user_id, "Fender", 1)
    folder = f"images/{user_id}/{IMAGE}"
    patient.findings()
    patient.put_object(f"{folder}/original.jpg", "attachment=pending")
    patient.put_object(f"{folder}/thumbnail.webp")
    assert patient.findings() == {("attached-object-expires", f"{folder}/original.jpg")}
    assert patient.mend() == {"attached-object-expires"}
    assert patient.findings() == set()


def test_a_missing_profile_is_told_and_made(patient: Patient) -> None:
    user_id = patient.put_user()
    table = patient.names["DYNAMODB_TABLE_USERS"]
    patient.dynamodb.delete_item(TableName=table, Key={"userId": {"S": user_id}})
    assert patient.findings() == {("user-without-profile", user_id)}
    assert patient.mend() == {"user-without-profile"}
    assert patient.findings() == set()
    item = patient.dynamodb.get_item(TableName=table, Key={"userId": {"S": user_id}})["Item"]
    assert item["name"] == {"S": "Ada"}


def test_an_upload_that_nobody_attaches_is_told_before_it_expires(patient: Patient) -> None:
    user_id = patient.put_user()
    key = f"images/{user_id}/{IMAGE}/original.jpg"
    patient.put_object(key, "attachment=pending")
    assert patient.findings() == set()
    patient.advance(patient.seconds_until_expiry(key) - 3600)
    assert patient.findings() == {("pending-object-near-expiry", key)}
    patient.advance(3600)
    assert patient.findings() == set()
    assert patient.objects() == {key}, "hidden by a marker, and kept for a while"
