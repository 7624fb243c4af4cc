"""Rules of buckets: CloudFormation's words to S3's and back. What has no counterpart is left out by the way
back, so that the check that follows finds it missing."""

from collections.abc import Mapping
from typing import Any

Rule = Mapping[str, Any]

ENCRYPTION_NAMES = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
CORS_NAMES = {
    "AllowedHeaders": "AllowedHeaders",
    "AllowedMethods": "AllowedMethods",
    "AllowedOrigins": "AllowedOrigins",
    "ExposedHeaders": "ExposeHeaders",
    "Id": "ID",
    "MaxAge": "MaxAgeSeconds",
}
LIFECYCLE_NAMES = {
    "AbortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
    "Id": "ID",
    "NoncurrentVersionExpiration": "NoncurrentVersionExpiration",
    "Status": "Status",
}
EXPIRATION_NAMES = {"ExpirationInDays": "Days", "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}
TRANSITION_NAMES = {"StorageClass": "StorageClass", "TransitionInDays": "Days"}
SIZE_FILTERS = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")


def _translate(rule: Rule, names: Mapping[str, str]) -> dict[str, Any]:
    return {theirs: rule[ours] for ours, theirs in names.items() if ours in rule}


def _translate_back(rule: Rule, names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: rule[theirs] for ours, theirs in names.items() if theirs in rule}


def to_encryption(configuration: Rule) -> dict[str, Any]:
    """S3's ServerSideEncryptionConfiguration of a `BucketEncryption`."""
    return {
        "Rules": [_translate(rule, ENCRYPTION_NAMES) for rule in configuration["ServerSideEncryptionConfiguration"]]
    }


def from_encryption(answer: Rule) -> dict[str, Any]:
    """The `BucketEncryption` of what S3 answers; without BucketKeyEnabled, which matters to KMS only."""
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
    return {"ServerSideEncryptionConfiguration": [_translate_back(rule, ENCRYPTION_NAMES) for rule in rules]}


def to_cors(configuration: Rule) -> dict[str, Any]:
    """S3's CORSConfiguration of a `CorsConfiguration`."""
    return {"CORSRules": [_translate(rule, CORS_NAMES) for rule in configuration["CorsRules"]]}


def from_cors(answer: Rule) -> dict[str, Any]:
    """The `CorsConfiguration` of what S3 answers."""
    return {"CorsRules": [_translate_back(rule, CORS_NAMES) for rule in answer["CORSRules"]]}


def to_lifecycle(configuration: Rule) -> dict[str, Any]:
    """S3's LifecycleConfiguration of a `LifecycleConfiguration`."""
    return {"Rules": [_to_lifecycle_rule(rule) for rule in configuration["Rules"]]}


def from_lifecycle(answer: Rule) -> dict[str, Any]:
    """The `LifecycleConfiguration` of what S3 answers."""
    return {"Rules": [_from_lifecycle_rule(rule) for rule in answer["Rules"]]}


def _to_lifecycle_rule(rule: Rule) -> dict[str, Any]:
    translated = {**_translate(rule, LIFECYCLE_NAMES), "Filter": _to_filter(rule)}
    expiration = _translate(rule, EXPIRATION_NAMES)
    if expiration:
        translated["Expiration"] = expiration
    if "Transitions" in rule:
        translated["Transitions"] = [_translate(transition, TRANSITION_NAMES) for transition in rule["Transitions"]]
    return translated


def _to_filter(rule: Rule) -> dict[str, Any]:
    """One predicate stands alone; several stand in an `And`.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
    """
    tags = rule.get("TagFilters", [])
    predicates: dict[str, Any] = {"Prefix": rule["Prefix"]} if "Prefix" in rule else {}
    predicates |= {name: int(rule[name]) for name in SIZE_FILTERS if name in rule}
    if len(predicates) + len(tags) > 1:
        return {"And": {**predicates, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return predicates or {"Prefix": ""}


def _from_lifecycle_rule(rule: Rule) -> dict[str, Any]:
    translated = _translate_back(rule, LIFECYCLE_NAMES) | _from_filter(rule.get("Filter", {}))
    translated |= _translate_back(rule.get("Expiration", {}), EXPIRATION_NAMES)
    if "Transitions" in rule:
        translated["Transitions"] = [_translate_back(one, TRANSITION_NAMES) for one in rule["Transitions"]]
    return translated


def _from_filter(found: Rule) -> dict[str, Any]:
    predicates = {**found, **found.get("And", {})}
    translated = {name: predicates[name] for name in ("Prefix", *SIZE_FILTERS) if predicates.get(name)}
    tags = predicates.get("Tags", [predicates["Tag"]] if "Tag" in predicates else [])
    return translated | ({"TagFilters": tags} if tags else {})


def without_sizes_of_transitions(configuration: Rule) -> dict[str, Any]:
    """The configuration without the size filters of rules that do nothing but move objects to another class.

    A class makes no difference locally, and moto keeps no size filter. Where a rule deletes, its filter stays, so that
    the check stops: objects would be deleted that AWS keeps.
    """
    return {**configuration, "Rules": [_without_sizes(rule) for rule in configuration["Rules"]]}


def _without_sizes(rule: Rule) -> Rule:
    moves_only = not rule.keys() - {"Id", "Status", "Prefix", "TagFilters", "Transitions", *SIZE_FILTERS}
    return {name: value for name, value in rule.items() if not (moves_only and name in SIZE_FILTERS)}
