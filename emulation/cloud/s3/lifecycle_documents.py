"""What a lifecycle configuration may not say although it fits its schema.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from datetime import datetime, time
from xml.etree.ElementTree import Element

from emulation.cloud.s3.documents import check_rule_id, local_name, malformed
from emulation.cloud.s3.errors import invalid_argument, invalid_request, not_implemented

MAX_RULES = 1000
ACTIONS = frozenset(
    {
        "AbortIncompleteMultipartUpload",
        "Expiration",
        "NoncurrentVersionExpiration",
        "NoncurrentVersionTransition",
        "Transition",
    }
)
# moto forgets these, and a rule without them would end more than it says.
LACKING = ("ObjectSizeGreaterThan", "ObjectSizeLessThan", "NewerNoncurrentVersions")
# Numbers of days that have to be positive: action and element.
POSITIVE = (
    ("Expiration", "Days"),
    ("NoncurrentVersionExpiration", "NoncurrentDays"),
    ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
)


def check_lifecycle(document: Element) -> None:
    """Raise MalformedXML, InvalidArgument or InvalidRequest."""
    rules = list(document.iterfind("{*}Rule"))
    if len(rules) > MAX_RULES:
        raise malformed()
    seen: set[str] = set()
    for rule in rules:
        rule_id = rule.findtext("{*}ID", "")
        check_rule_id(rule_id)
        if rule_id and rule_id in seen:
            raise invalid_argument("Rule ID must be unique. Found same ID for more than one rule", "ID", rule_id)
        seen.add(rule_id)
        _check_filter(rule)
        _check_actions(rule)
        lacking = next((name for name in LACKING if rule.find(f".//{{*}}{name}") is not None), None)
        if lacking:
            raise not_implemented(f"PutBucketLifecycleConfiguration with {lacking}")


def _check_filter(rule: Element) -> None:
    chosen = rule.find("{*}Filter")
    # Exactly one of the two, and one condition in the filter at most.
    if (chosen is None) == (rule.find("{*}Prefix") is None):
        raise malformed()
    if chosen is not None and len(chosen) > 1:
        raise malformed()
    both = rule.find("{*}Filter/{*}And")
    if both is not None and len(both) < 2:
        raise malformed()
    aborts = rule.find("{*}AbortIncompleteMultipartUpload") is not None
    if aborts and rule.find("{*}Filter//{*}Tag") is not None:
        raise invalid_request("AbortIncompleteMultipartUpload cannot be specified with Tags.")


def _check_actions(rule: Element) -> None:
    actions = [one for one in rule if local_name(one) in ACTIONS]
    if not actions:
        raise invalid_request("At least one action needs to be specified in a rule")
    if not all(len(one) for one in actions):
        raise malformed()
    for action in ("Expiration", "Transition"):
        for one in rule.iterfind(f"{{*}}{action}"):
            _check_when(action, one)
    for action, element in POSITIVE:
        days = rule.findtext(f"{{*}}{action}/{{*}}{element}")
        if days is not None and int(days) < 1:
            raise invalid_argument(f"'{element}' for {action} action must be a positive integer", element, days)


def _check_when(action: str, element: Element) -> None:
    """An action has one time: a date, a number of days, or, of an expiration, that a delete marker stands alone."""
    given = [name for name in ("Date", "Days", "ExpiredObjectDeleteMarker") if element.find(f"{{*}}{name}") is not None]
    if len(given) != 1:
        raise malformed()
    date = element.findtext("{*}Date")
    if date is not None and datetime.fromisoformat(date.strip()).time() != time():
        raise invalid_argument("'Date' must be at midnight GMT", "Date", date)
    days = element.findtext("{*}Days")
    if action == "Transition" and days is not None and int(days) < 0:
        raise invalid_argument("'Days' for Transition action must be nonnegative", "Days", days)
