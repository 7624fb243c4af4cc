"""Response headers policies: what the edge adds to every answer of a behaviour, and takes away.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict

from emulation.edge.known import check_known
from emulation.edge.policies import own_policy
from emulation.template import Template

RESPONSE_HEADERS_POLICY = "AWS::CloudFront::ResponseHeadersPolicy"
PROPERTIES = {"Comment", "CustomHeadersConfig", "Name", "RemoveHeadersConfig", "SecurityHeadersConfig"}
# Of a security header, the properties that say its value.
SECURITY_HEADERS = {
    "ContentSecurityPolicy": ("Content-Security-Policy", {"ContentSecurityPolicy"}),
    "ContentTypeOptions": ("X-Content-Type-Options", set()),
    "FrameOptions": ("X-Frame-Options", {"FrameOption"}),
    "ReferrerPolicy": ("Referrer-Policy", {"ReferrerPolicy"}),
    "StrictTransportSecurity": (
        "Strict-Transport-Security",
        {"AccessControlMaxAgeSec", "IncludeSubdomains", "Preload"},
    ),
}


@dataclass(frozen=True)
class Added:
    """A header of the policy; without `override` the origin's own is kept."""

    name: str
    value: str
    override: bool


@dataclass(frozen=True)
class ResponseHeadersPolicy:
    """The headers that are added, and the names of those that are removed before."""

    added: tuple[Added, ...] = ()
    removed: tuple[str, ...] = ()

    def apply(self, headers: CIMultiDict[str]) -> None:
        """Change an answer's headers."""
        for name in self.removed:
            headers.popall(name, None)
        for one in self.added:
            if one.override or one.name not in headers:
                headers[one.name] = one.value


def read_response_headers_policy(template: Template, said: Any, addresses: Mapping[str, str]) -> ResponseHeadersPolicy:
    """The policy that a behaviour's ResponseHeadersPolicyId names, none where it names none; raises TemplateError.

    `addresses` are those of AWS, each with the local one that takes its place in a header's value.
    """
    if said is None:
        return ResponseHeadersPolicy()
    place, config = own_policy(template, said, RESPONSE_HEADERS_POLICY, "ResponseHeadersPolicyConfig")
    check_known(place, config, PROPERTIES)
    removed = config.get("RemoveHeadersConfig", {}).get("Items", ())
    added = (*_read_security_headers(place, config), *_read_custom_headers(config))
    return ResponseHeadersPolicy(
        tuple(Added(one.name, _with_local_addresses(one.value, addresses), one.override) for one in added),
        tuple(one["Header"] for one in removed),
    )


def _read_security_headers(place: str, config: Mapping[str, Any]) -> Iterator[Added]:
    said = config.get("SecurityHeadersConfig", {})
    check_known(place, said, SECURITY_HEADERS)
    for kind, properties in said.items():
        name, valued = SECURITY_HEADERS[kind]
        check_known(place, properties, {*valued, "Override"})
        yield Added(name, _security_value(kind, properties), bool(properties["Override"]))


def _security_value(kind: str, properties: Mapping[str, Any]) -> str:
    if kind == "ContentTypeOptions":
        return "nosniff"
    if kind == "FrameOptions":
        return str(properties["FrameOption"])
    if kind != "StrictTransportSecurity":
        return str(properties[kind])
    parts = [f"max-age={properties['AccessControlMaxAgeSec']}"]
    parts += ["includeSubDomains"] if properties.get("IncludeSubdomains") else []
    parts += ["preload"] if properties.get("Preload") else []
    return "; ".join(parts)


def _read_custom_headers(config: Mapping[str, Any]) -> Iterator[Added]:
    for one in config.get("CustomHeadersConfig", {}).get("Items", ()):
        yield Added(one["Header"], str(one["Value"]), bool(one["Override"]))


def _with_local_addresses(value: str, addresses: Mapping[str, str]) -> str:
    for address, local in addresses.items():
        value = value.replace(address, local)
    return value
