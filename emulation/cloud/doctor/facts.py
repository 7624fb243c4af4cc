"""What there is, read at one moment: nothing is awaited in between."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.s3.models import FakeKey

from emulation.cloud.cognito.listing import list_users
from emulation.cloud.data import Data
from emulation.cloud.dynamodb.tables import all_items, find_table
from emulation.cloud.errors import ForeignItemError
from emulation.cloud.s3 import model
from emulation.cloud.s3.lifecycle_rules import enabled_rules, end_of_current
from emulation.cloud.services import Services
from emulation.settings import REGION
from server.aws.attributes import from_item
from server.aws.guitar_items import CLAIM, TALLY

UNCONFIRMED = "UNCONFIRMED"


# What the server writes into every item of its tables, by the beginning of its sort key; of profiles nothing is asked.
WRITTEN = {CLAIM: "claimedBy", TALLY: "guitars", "": "brand"}


@dataclass(frozen=True)
class StoredObject:
    """A key of the images bucket: whether it has an object that a plain read finds, whether its newest version is
    marked as not attached, and after how many seconds a rule hides it (None: never)."""

    key: str
    is_there: bool
    is_pending: bool
    expires_in_seconds: float | None


@dataclass(frozen=True)
class Facts:
    """Items as Python values; `users` are the ids of confirmed accounts, `unconfirmed` those of the others."""

    guitars: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    tallies: list[dict[str, Any]]
    profiles: set[str]
    users: set[str]
    unconfirmed: set[str]
    objects: dict[str, StoredObject]
    letters: list[tuple[str, dict[str, Any]]]

    @property
    def owners(self) -> set[str]:
        """Who may have a collection. Whose profile is missing gets it back at the account's next request."""
        return self.profiles | self.users


def gather_facts(services: Services, data: Data, environment: Mapping[str, str]) -> Facts:
    """The facts of the stack whose resources the environment names; raises ForeignItemError."""
    items = list(_items(environment["DYNAMODB_TABLE_GUITARS"]))
    users = list_users(services.cognito.pools())
    return Facts(
        guitars=[item for item in items if not item["guitarId"].startswith((CLAIM, TALLY))],
        claims=[item for item in items if item["guitarId"].startswith(CLAIM)],
        tallies=[item for item in items if item["guitarId"].startswith(TALLY)],
        profiles={item["userId"] for item in _items(environment["DYNAMODB_TABLE_USERS"])},
        users={user["id"] for user in users if user["status"] != UNCONFIRMED},
        unconfirmed={user["id"] for user in users if user["status"] == UNCONFIRMED},
        objects=_objects(environment["S3_BUCKET_IMAGES"], data),
        letters=list(data.streams.dead_letters.glance()),
    )


def _items(table: str) -> Iterator[dict[str, Any]]:
    for stored in all_items(find_table(REGION, table)):
        try:
            item = from_item(stored.attributes)
        except TypeError as error:
            raise _foreign(table, stored.attributes, str(error)) from error
        sort_key = item.get("guitarId")
        written = next(
            (name for beginning, name in WRITTEN.items() if sort_key and sort_key.startswith(beginning)), None
        )
        if written is not None and written not in item:
            raise _foreign(table, stored.attributes, f"it has no {written}")
        yield item


def _foreign(table: str, attributes: Mapping[str, Any], reason: str) -> ForeignItemError:
    key = "/".join(attributes[name]["S"] for name in ("userId", "guitarId") if name in attributes)
    return ForeignItemError(f"the item {key} of {table} is none that the API has written ({reason}); delete it first")


def _objects(name: str, data: Data) -> dict[str, StoredObject]:
    bucket = model.find_bucket(name)
    if bucket is None:
        return {}
    rules = enabled_rules(bucket) if bucket.rules else []
    found: dict[str, StoredObject] = {}
    for key in bucket.keys:
        current = model.current_version(bucket, key)
        newest = model.newest_object(bucket, key)
        if newest is None:
            # A delete marker alone hides nothing, and a rule removes it.
            continue
        is_pending = model.tags_of(newest).get("attachment") == "pending"
        if not isinstance(current, FakeKey):
            found[key] = StoredObject(key, is_there=False, is_pending=is_pending, expires_in_seconds=None)
            continue
        end = end_of_current(rules, current)
        left = None if end is None else data.clock.time_left(model.created_at(current), end[0]).total_seconds()
        found[key] = StoredObject(key, True, is_pending, left)
    return found
