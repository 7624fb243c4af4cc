"""The distribution as the template describes it: its behaviours in order, each with its origin and its policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-distribution.html
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emulation.edge.functions import FUNCTION, ViewerFunction, read_function
from emulation.edge.known import check_known
from emulation.edge.origin import READ_SECONDS
from emulation.edge.paths import compile_pattern
from emulation.edge.policies import (
    CachePolicy,
    OriginRequestPolicy,
    read_cache_policy,
    read_origin_request_policy,
)
from emulation.edge.response_headers import ResponseHeadersPolicy, read_response_headers_policy
from emulation.intrinsics import REF, Reference, TemplateError, find_references
from emulation.template import Resource, Template

DISTRIBUTION = "AWS::CloudFront::Distribution"
API = "AWS::Serverless::HttpApi"
BUCKET = "AWS::S3::Bucket"
# What is said, and where it is honoured. Custom error responses are not among it: docs/decisions/edge.md
DISTRIBUTION_PROPERTIES = {
    "Aliases": "nowhere, the local edge has one address",
    "CacheBehaviors": "here",
    "Comment": "nowhere, it is a text for people",
    "DefaultCacheBehavior": "here",
    "DefaultRootObject": "here",
    "Enabled": "here",
    "HttpVersion": "nowhere, the local edge speaks HTTP/1.1",
    "IPV6Enabled": "nowhere, the local edge listens on loopback",
    "Origins": "here",
    "PriceClass": "nowhere, it is about places and money",
    "ViewerCertificate": "nowhere, the local edge has no TLS",
}
BEHAVIOUR_PROPERTIES = {
    "AllowedMethods": "here",
    "CachePolicyId": "by the cache",
    "CachedMethods": "here",
    "Compress": "by the compression",
    "FunctionAssociations": "by the functions",
    "OriginRequestPolicyId": "by the request to the origin",
    "PathPattern": "here",
    "ResponseHeadersPolicyId": "by the response headers",
    "TargetOriginId": "here",
    "ViewerProtocolPolicy": "nowhere, the local edge has no TLS",
}
ORIGIN_PROPERTIES = {
    "CustomOriginConfig": "here",
    "DomainName": "here",
    "Id": "here",
    "OriginAccessControlId": "by the signature of the identity `cloudfront`",
    "OriginPath": "here",
    "S3OriginConfig": "here",
}
CUSTOM_ORIGIN_PROPERTIES = {
    "OriginProtocolPolicy": "nowhere, the local parts have no TLS",
    "OriginReadTimeout": "here",
    "OriginSSLProtocols": "nowhere, the local parts have no TLS",
}
READ_METHODS = frozenset(("GET", "HEAD"))
DEFAULT_PATTERN = "*"


@dataclass(frozen=True)
class OriginConfig:
    """Where a behaviour's requests go: to a bucket, or to the API when `bucket` is empty; `path` goes before theirs."""

    id: str
    bucket: str
    path: str


@dataclass(frozen=True)
class Behaviour:
    """What happens to the requests whose path fits the pattern."""

    pattern: str
    path: re.Pattern[str]
    origin: OriginConfig
    methods: frozenset[str]
    cached_methods: frozenset[str]
    compress: bool
    cache_policy: CachePolicy
    origin_request_policy: OriginRequestPolicy
    response_headers: ResponseHeadersPolicy
    request_function: ViewerFunction | None


@dataclass(frozen=True)
class Distribution:
    """The behaviours in the order in which they are tried; the last one is the default."""

    behaviours: tuple[Behaviour, ...]
    root_object: str


def read_distribution(template: Template, addresses: Mapping[str, str]) -> Distribution:
    """The template's one distribution; raises TemplateError for what the local edge cannot honour.

    `addresses` are addresses of AWS in header values, each with the local one that takes its place.
    """
    found = [one for one in template.resources.values() if one.type == DISTRIBUTION]
    if len(found) != 1:
        raise TemplateError("The local edge is the twin of one distribution, and the template needs to have just one.")
    place = f"{found[0].logical_id} ({DISTRIBUTION})"
    config = found[0].properties["DistributionConfig"]
    check_known(place, config, DISTRIBUTION_PROPERTIES)
    if not config["Enabled"]:
        raise TemplateError(f"{place}: the local edge cannot honour a distribution that is not enabled.")
    reader = _Reader(template, place, config["Origins"], addresses)
    behaviours = [reader.read(one["PathPattern"], one) for one in config.get("CacheBehaviors", ())]
    default = reader.read(DEFAULT_PATTERN, config["DefaultCacheBehavior"])
    return Distribution((*behaviours, default), str(config.get("DefaultRootObject", "")))


class _Reader:
    def __init__(
        self, template: Template, place: str, origins: Iterable[Mapping[str, Any]], addresses: Mapping[str, str]
    ) -> None:
        self._template = template
        self._place = place
        self._addresses = addresses
        self._origins = {one["Id"]: self._read_origin(one) for one in origins}

    def read(self, pattern: str, said: Mapping[str, Any]) -> Behaviour:
        place = f"{self._place}, behaviour {pattern}"
        check_known(place, said, BEHAVIOUR_PROPERTIES)
        if said["TargetOriginId"] not in self._origins:
            raise TemplateError(f"{place}: there is no origin {said['TargetOriginId']}.")
        if "CachePolicyId" not in said:
            raise TemplateError(f"{place}: the local edge honours cache policies only, and it has none.")
        return Behaviour(
            pattern=pattern,
            path=compile_pattern(pattern),
            origin=self._origins[said["TargetOriginId"]],
            methods=frozenset(said.get("AllowedMethods", READ_METHODS)),
            cached_methods=frozenset(said.get("CachedMethods", READ_METHODS)),
            compress=bool(said.get("Compress", False)),
            cache_policy=read_cache_policy(self._template, said["CachePolicyId"]),
            origin_request_policy=read_origin_request_policy(self._template, said.get("OriginRequestPolicyId")),
            response_headers=read_response_headers_policy(
                self._template, said.get("ResponseHeadersPolicyId"), self._addresses
            ),
            request_function=self._read_function(place, said.get("FunctionAssociations", ())),
        )

    def _read_origin(self, said: Mapping[str, Any]) -> OriginConfig:
        place = f"{self._place}, origin {said['Id']}"
        check_known(place, said, ORIGIN_PROPERTIES)
        custom = said.get("CustomOriginConfig", {})
        check_known(place, custom, CUSTOM_ORIGIN_PROPERTIES)
        if int(custom.get("OriginReadTimeout", READ_SECONDS)) != READ_SECONDS:
            raise TemplateError(f"{place}: the local edge waits {READ_SECONDS} s for an origin, no other time.")
        path = str(said.get("OriginPath", ""))
        target = self._target(said["DomainName"])
        if target is not None and target.type == API:
            return OriginConfig(said["Id"], "", path)
        if target is None or target.type != BUCKET or "S3OriginConfig" not in said:
            raise TemplateError(f"{place}: the local edge knows the template's API and buckets as origins only.")
        if "OriginAccessControlId" not in said:
            raise TemplateError(f"{place}: the local edge reads a bucket with origin access control only.")
        return OriginConfig(said["Id"], str(target.properties["BucketName"]), path)

    def _target(self, domain: Any) -> Resource | None:
        references = list(find_references(domain))
        return self._template.resources.get(references[0].logical_id) if len(references) == 1 else None

    def _read_function(self, place: str, said: Iterable[Mapping[str, Any]]) -> ViewerFunction | None:
        function = None
        for one in said:
            if one["EventType"] != "viewer-request":
                raise TemplateError(f"{place}: the local edge runs no function on {one['EventType']}.")
            arn = one["FunctionARN"]
            resource = self._template.resources.get(arn.logical_id) if isinstance(arn, Reference) else None
            if resource is None or resource.type != FUNCTION or arn.attribute not in ("FunctionARN", REF):
                raise TemplateError(f"{place}: there is no function {arn}.")
            function = read_function(resource)
        return function
