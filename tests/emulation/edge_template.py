"""The local template with something about its distribution changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulation.local_template import read_local_template
from emulation.settings import read_local_settings
from emulation.template import Resource, Template

DISTRIBUTION = "Distribution"


def local_template() -> Template:
    return read_local_template(read_local_settings({}))


def with_distribution(**changes: Any) -> Template:
    """Other properties of the distribution; None takes one away."""
    template = local_template()
    config = template.resources[DISTRIBUTION].properties["DistributionConfig"]
    merged = {name: value for name, value in {**config, **changes}.items() if value is not None}
    return with_properties(template, DISTRIBUTION, DistributionConfig=merged)


def with_behaviour(pattern: str, **changes: Any) -> Template:
    """Other properties of one behaviour; `*` is the default one."""
    config = local_template().resources[DISTRIBUTION].properties["DistributionConfig"]
    if pattern == "*":
        return with_distribution(DefaultCacheBehavior={**config["DefaultCacheBehavior"], **changes})
    changed = [{**one, **changes} if one["PathPattern"] == pattern else one for one in config["CacheBehaviors"]]
    return with_distribution(CacheBehaviors=changed)


def with_properties(template: Template, logical_id: str, **changes: Any) -> Template:
    resource = template.resources[logical_id]
    return with_resources(template, {logical_id: replace(resource, properties={**resource.properties, **changes})})


def with_resources(template: Template, resources: Mapping[str, Resource]) -> Template:
    return replace(template, resources={**template.resources, **resources})


def with_code(logical_id: str, code: str) -> Template:
    """Other code of a viewer-request function."""
    return with_properties(local_template(), logical_id, FunctionCode=code)
