"""Cache policies and origin request policies: what is a request's cache key, and what of it reaches the origin.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulation.edge.known import check_known
from emulation.intrinsics import REF, Reference, TemplateError
from emulation.template import Template

CACHE_POLICY = "AWS::CloudFront::CachePolicy"
ORIGIN_REQUEST_POLICY = "AWS::CloudFront::OriginRequestPolicy"
# CloudFormation's word for each behaviour, and what it selects.
ALL_WORDS = ("all", "allViewer")
EXCEPT_WORDS = ("allExcept",)
LIST_WORDS = ("whitelist",)


@dataclass(frozen=True)
class Selection:
    """Some of a request's headers, cookies or query strings: those named, or all but those named."""

    names: frozenset[str] = frozenset()
    is_all_but: bool = False

    def holds(self, name: str) -> bool:
        """Whether a name is among them; headers are asked in lower case."""
        return (name in self.names) != self.is_all_but


NONE = Selection()
ALL = Selection(is_all_but=True)


@dataclass(frozen=True)
class CachePolicy:
    """How long an answer is kept, in seconds, and what it is found by beside the path."""

    min_ttl: int = 0
    default_ttl: int = 86_400
    max_ttl: int = 31_536_000
    gzip: bool = False
    brotli: bool = False
    headers: Selection = NONE
    cookies: Selection = NONE
    query_strings: Selection = NONE

    @property
    def caches(self) -> bool:
        """Whether anything is ever kept."""
        return self.max_ttl > 0


@dataclass(frozen=True)
class OriginRequestPolicy:
    """What reaches the origin beside what is in the cache key."""

    headers: Selection = NONE
    cookies: Selection = NONE
    query_strings: Selection = NONE


# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
MANAGED_CACHE_POLICIES = {
    # CachingDisabled
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": CachePolicy(min_ttl=0, default_ttl=0, max_ttl=0),
    # CachingOptimized
    "658327ea-f89d-4fab-a63d-7e88639e58f6": CachePolicy(min_ttl=1, gzip=True, brotli=True),
    # CachingOptimizedForUncompressedObjects
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": CachePolicy(min_ttl=1),
}
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
MANAGED_ORIGIN_REQUEST_POLICIES = {
    # AllViewer
    "216adef6-5c7f-47e4-b989-5492eafa07d3": OriginRequestPolicy(ALL, ALL, ALL),
    # AllViewerExceptHostHeader
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": OriginRequestPolicy(Selection(frozenset({"host"}), True), ALL, ALL),
}
CACHE_POLICY_PROPERTIES = {
    "Comment",
    "DefaultTTL",
    "MaxTTL",
    "MinTTL",
    "Name",
    "ParametersInCacheKeyAndForwardedToOrigin",
}
KEY_PROPERTIES = {
    "CookiesConfig",
    "EnableAcceptEncodingBrotli",
    "EnableAcceptEncodingGzip",
    "HeadersConfig",
    "QueryStringsConfig",
}
ORIGIN_REQUEST_PROPERTIES = {"Comment", "CookiesConfig", "HeadersConfig", "Name", "QueryStringsConfig"}


def read_cache_policy(template: Template, said: Any) -> CachePolicy:
    """The policy that a behaviour's CachePolicyId names; raises TemplateError."""
    if said in MANAGED_CACHE_POLICIES:
        return MANAGED_CACHE_POLICIES[said]
    place, config = own_policy(template, said, CACHE_POLICY, "CachePolicyConfig")
    check_known(place, config, CACHE_POLICY_PROPERTIES)
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    check_known(place, key, KEY_PROPERTIES)
    return CachePolicy(
        min_ttl=int(config["MinTTL"]),
        default_ttl=int(config["DefaultTTL"]),
        max_ttl=int(config["MaxTTL"]),
        gzip=bool(key.get("EnableAcceptEncodingGzip", False)),
        brotli=bool(key.get("EnableAcceptEncodingBrotli", False)),
        **_read_selections(place, key),
    )


def read_origin_request_policy(template: Template, said: Any) -> OriginRequestPolicy:
    """The policy that a behaviour's OriginRequestPolicyId names, none where it names none; raises TemplateError."""
    if said is None:
        return OriginRequestPolicy()
    if said in MANAGED_ORIGIN_REQUEST_POLICIES:
        return MANAGED_ORIGIN_REQUEST_POLICIES[said]
    place, config = own_policy(template, said, ORIGIN_REQUEST_POLICY, "OriginRequestPolicyConfig")
    check_known(place, config, ORIGIN_REQUEST_PROPERTIES)
    return OriginRequestPolicy(**_read_selections(place, config))


def own_policy(template: Template, said: Any, policy_type: str, name: str) -> tuple[str, Mapping[str, Any]]:
    """Where a policy of the template is described, and its configuration; raises TemplateError for any other."""
    policy = template.resources.get(said.logical_id) if isinstance(said, Reference) else None
    if policy is None or policy.type != policy_type or said.attribute not in (REF, "Id"):
        raise TemplateError(f"The local edge does not know the {policy_type} {said}.")
    return f"{policy.logical_id} ({policy_type})", policy.properties[name]


def _read_selections(place: str, config: Mapping[str, Any]) -> dict[str, Selection]:
    return {
        "headers": _read_selection(place, config.get("HeadersConfig", {}), "HeaderBehavior", "Headers"),
        "cookies": _read_selection(place, config.get("CookiesConfig", {}), "CookieBehavior", "Cookies"),
        "query_strings": _read_selection(
            place, config.get("QueryStringsConfig", {}), "QueryStringBehavior", "QueryStrings"
        ),
    }


def _read_selection(place: str, config: Mapping[str, Any], word: str, listed: str) -> Selection:
    check_known(place, config, {word, listed})
    said = config.get(word, "none")
    names = frozenset(name.lower() if listed == "Headers" else name for name in config.get(listed, ()))
    if any(name.startswith("cloudfront-") for name in names):
        raise TemplateError(f"{place}: the local edge adds no CloudFront-* headers.")
    if said == "none":
        return NONE
    if said in ALL_WORDS:
        return ALL
    if said in LIST_WORDS:
        return Selection(names)
    if said in EXCEPT_WORDS:
        return Selection(names, is_all_but=True)
    raise TemplateError(f"{place}: the local edge cannot honour {word} {said}.")
