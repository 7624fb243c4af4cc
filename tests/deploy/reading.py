"""The templates as the tests read them: parameters given, functions evaluated."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from emulation.intrinsics import Joined, Reference
from emulation.settings import ROOT
from emulation.template import Template, read_template

TEMPLATE = ROOT / "deploy" / "template.yaml"
ENVIRONMENTS = ("dev", "staging", "prod")
GIVEN = {"Environment": "prod", "SiteOrigins": "https://guitars.example.com"}
STACK_NAME = "guitar-collection"
_STEP = re.compile(r"(\w[\w:-]*|\[[^\]]+\])")


@lru_cache
def read(environment: str = "prod", path: Path = TEMPLATE, **parameters: str) -> Template:
    """The template of one environment; kept, as reading it takes longer than a hundred looks."""
    return read_template(path, {**GIVEN, "Environment": environment, **parameters}, stack_name=STACK_NAME)


def properties(template: Template, logical_id: str) -> Mapping[str, Any]:
    """What the template says of a resource."""
    return template.resources[logical_id].properties


def of_type(template: Template, resource_type: str) -> dict[str, Mapping[str, Any]]:
    """The properties of all resources of a type, by logical id."""
    return {
        logical_id: resource.properties
        for logical_id, resource in template.resources.items()
        if resource.type == resource_type
    }


def look(template: Template, place: str) -> Any:
    """The value at `Resource.Property.Inner`; `[Id=x]` picks an item of a list, `[0]` too. References are their names.

    Nothing is None.
    """
    logical_id, *steps = _STEP.findall(place)
    value: Any = template.resources[logical_id].properties
    for step in steps:
        value = _pick(value, step[1:-1]) if step.startswith("[") else (value or {}).get(step)
    return plain(value)


def _pick(items: Any, chosen: str) -> Any:
    if chosen.isdecimal():
        return items[int(chosen)]
    name, _, wanted = chosen.partition("=")
    return next((item for item in items if str(item.get(name)) == wanted), None)


def plain(value: Any) -> Any:
    """The value with texts such as `UserPool` and `GuitarsTable.Arn` where references are."""
    if isinstance(value, Reference):
        return value.logical_id if value.attribute == "Ref" else str(value)
    if isinstance(value, Joined):
        return "".join(str(plain(part)) for part in value.parts)
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
