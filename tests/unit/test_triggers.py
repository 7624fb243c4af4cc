"""What the function on the tables' streams asks of S3."""

from types import SimpleNamespace
from typing import cast

from server.services import Services
from server.triggers import follow_tables


class NotingBucket:
    """Notes what is to be deleted."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def delete_all_versions(self, prefix: str) -> None:
        self.deleted.append(prefix)


class NotingTable:
    """Notes which uploads are free again."""

    def __init__(self) -> None:
        self.released: list[str] = []

    async def release(self, _user_id: str, upload_id: str) -> None:
        self.released.append(upload_id)


async def test_a_picture_is_deleted_by_its_folder_and_a_receipt_by_its_key() -> None:
    images, guitars = NotingBucket(), NotingTable()
    picture = {
        name: {"S": f"images/u/p/{file}"}
        for name, file in (("key", "original.jpg"), ("thumbnailKey", "thumbnail.webp"))
    }
    removed = {
        "userId": {"S": "u"},
        "images": {"L": [{"M": {"id": {"S": "p"}, **picture}}]},
        "privateInfo": {"M": {"receiptKey": {"S": "receipts/u/r.pdf"}}},
    }
    record = {"eventName": "REMOVE", "dynamodb": {"Keys": {"guitarId": {"S": "g"}}, "OldImage": removed}}

    await follow_tables(cast("Services", SimpleNamespace(images=images, guitars=guitars)), {"Records": [record]})

    assert images.deleted == ["images/u/p/", "receipts/u/r.pdf"]
    assert guitars.released == ["p", "r"]
