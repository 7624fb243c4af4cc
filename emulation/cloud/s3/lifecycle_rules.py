"""What a lifecycle rule says of an object: whether it concerns it, and when it ends it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, LifecycleRule

from emulation.cloud.s3 import model

ONE_DAY = timedelta(days=1)


def enabled_rules(bucket: FakeBucket) -> list[LifecycleRule]:
    """The rules that count."""
    return [rule for rule in bucket.rules if rule.status == "Enabled"]


def end_of_days(since: datetime, days: int) -> datetime:
    """The midnight (UTC) at which so many days are over: S3 rounds up to the next day."""
    ended = since + timedelta(days=days)
    midnight = ended.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == ended else midnight + ONE_DAY


def end_of_current(rules: Iterable[LifecycleRule], key: FakeKey) -> tuple[datetime, LifecycleRule] | None:
    """When a current object expires, and by which rule; None when it does not."""
    ends = [
        (_expiration(rule, model.created_at(key)), rule)
        for rule in rules
        if (rule.expiration_days or rule.expiration_date) and concerns(rule, key)
    ]
    return min(ends, key=lambda one: one[0]) if ends else None


def end_of_noncurrent(
    rules: Iterable[LifecycleRule], version: FakeKey | FakeDeleteMarker, since: datetime
) -> datetime | None:
    """When a version expires that is not current since then; None when it does not."""
    ends = [
        end_of_days(since, int(rule.nve_noncurrent_days))
        for rule in rules
        if rule.nve_noncurrent_days and concerns(rule, version)
    ]
    return min(ends, default=None)


def drops_lone_marker(rules: Iterable[LifecycleRule], marker: FakeDeleteMarker) -> bool:
    """Whether a delete marker goes once nothing is left that it hides."""
    return any(str(rule.expired_object_delete_marker).lower() == "true" and concerns(rule, marker) for rule in rules)


def end_of_upload(rules: Iterable[LifecycleRule], key: str, started_at: datetime) -> datetime | None:
    """When a multipart upload that was not completed is aborted; None when it is not."""
    ends = [
        end_of_days(started_at, int(rule.aimu_days))
        for rule in rules
        if rule.aimu_days and key.startswith(_prefix(rule)) and not _tags(rule)
    ]
    return min(ends, default=None)


def concerns(rule: LifecycleRule, version: FakeKey | FakeDeleteMarker) -> bool:
    """Whether the rule's filter lets a version through: its prefix and all of its tags."""
    if not version.name.startswith(_prefix(rule)):
        return False
    wanted = _tags(rule)
    if not wanted:
        return True
    found = model.tags_of(version) if isinstance(version, FakeKey) else {}
    return wanted.items() <= found.items()


def _expiration(rule: LifecycleRule, created_at: datetime) -> datetime:
    if rule.expiration_days:
        return end_of_days(created_at, int(rule.expiration_days))
    date = datetime.fromisoformat(str(rule.expiration_date))
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _prefix(rule: LifecycleRule) -> str:
    if rule.filter is None:
        return rule.prefix or ""
    both = rule.filter.and_filter
    return rule.filter.prefix or (both.prefix if both else "") or ""


def _tags(rule: LifecycleRule) -> dict[str, str]:
    if rule.filter is None:
        return {}
    if rule.filter.tag_key:
        return {rule.filter.tag_key: rule.filter.tag_value or ""}
    return rule.filter.and_filter.tags if rule.filter.and_filter else {}
