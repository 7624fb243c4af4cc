"""Reads a SAM template: parameters checked, globals merged, conditions decided, functions evaluated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from emulation.intrinsics import Evaluation, TemplateError, find_references, is_intrinsic
from emulation.settings import ACCOUNT_ID, REGION

__all__ = ["STACK_NAME", "Resource", "Template", "TemplateError", "read_template"]

STACK_NAME = "guitar-collection"
SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Transform",
    }
)
# Of a resource, beside its properties. Deletion policies say what becomes of data that the local cloud never deletes
# with a stack; the order of creation follows from the references.
RESOURCE_ATTRIBUTES = frozenset(
    {"Condition", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdateReplacePolicy"}
)


@dataclass(frozen=True)
class Resource:
    """One resource; its properties are evaluated but for references to attributes that exist only after creation."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """The resources and outputs that the parameters ask for, by logical id and by name."""

    resources: Mapping[str, Resource]
    outputs: Mapping[str, Any]


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms."""


def _construct_intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    argument: Any
    if isinstance(node, yaml.ScalarNode):
        argument = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        raise TemplateError(f"!{suffix} takes a text or a list.")
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": argument}


_Loader.add_multi_constructor("!", _construct_intrinsic)


def read_template(path: Path, parameters: Mapping[str, str], stack_name: str = STACK_NAME) -> Template:
    """The template of a file with these parameters; raises TemplateError when it or they cannot be used."""
    try:
        # A safe loader with constructors for CloudFormation's tags only.
        document = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise TemplateError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(document, Mapping) or not document.get("Resources"):
        raise TemplateError(f"{path.name} has no resources.")
    unknown = sorted(document.keys() - SECTIONS)
    if unknown:
        raise TemplateError(f"The local cloud does not know the section {unknown[0]} of a template.")
    values = {
        "AWS::AccountId": ACCOUNT_ID,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": "amazonaws.com",
        **_read_parameters(document.get("Parameters", {}), parameters),
    }
    return _evaluate(document, values)


def _evaluate(document: Mapping[str, Any], values: Mapping[str, Any]) -> Template:
    conditions = document.get("Conditions", {})
    all_resources = document["Resources"]
    deciding = Evaluation(values, conditions, ())
    existing = {
        logical_id: node
        for logical_id, node in all_resources.items()
        if "Condition" not in node or deciding.condition(node["Condition"])
    }
    evaluation = Evaluation(values, conditions, existing.keys())
    resources = {
        logical_id: _read_resource(logical_id, node, document.get("Globals", {}), evaluation)
        for logical_id, node in existing.items()
    }
    outputs = {
        name: _evaluate_at(f"output {name}", node["Value"], evaluation)
        for name, node in document.get("Outputs", {}).items()
        if "Condition" not in node or evaluation.condition(node["Condition"])
    }
    return Template(resources, outputs)


def _evaluate_at(place: str, node: Any, evaluation: Evaluation) -> Any:
    try:
        return evaluation.value(node)
    except TemplateError as error:
        raise TemplateError(f"In {place}: {error}") from error


def _read_resource(
    logical_id: str, node: Mapping[str, Any], template_globals: Mapping[str, Any], evaluation: Evaluation
) -> Resource:
    unknown = sorted(node.keys() - RESOURCE_ATTRIBUTES)
    if unknown or "Type" not in node:
        wrong = f"has {unknown[0]}, which the local cloud does not know" if unknown else "has no Type"
        raise TemplateError(f"Resource {logical_id} {wrong}.")
    inherited = template_globals.get(node["Type"].removeprefix("AWS::Serverless::"), {})
    properties = _merge(inherited, node.get("Properties", {}))
    return Resource(logical_id, node["Type"], _evaluate_at(logical_id, properties, evaluation))


def _merge(inherited: Any, own: Any) -> Any:
    """As SAM merges its globals: maps are combined, lists added, anything else is overridden.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    if is_intrinsic(inherited) or is_intrinsic(own):
        return own
    if isinstance(inherited, Mapping) and isinstance(own, Mapping):
        merged = {name: _merge(inherited[name], own[name]) for name in inherited.keys() & own.keys()}
        return {**inherited, **own, **merged}
    if isinstance(inherited, list) and isinstance(own, list):
        return inherited + own
    return own


def _read_parameters(declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]) -> dict[str, Any]:
    unknown = sorted(given.keys() - declared.keys())
    if unknown:
        raise TemplateError(f"The template has no parameter {unknown[0]}.")
    missing = sorted(name for name in declared if name not in given and "Default" not in declared[name])
    if missing:
        raise TemplateError(f"The template needs the parameter {missing[0]}.")
    return {
        name: _read_parameter(name, declaration, given.get(name, str(declaration.get("Default"))))
        for name, declaration in declared.items()
    }


def _read_parameter(name: str, declaration: Mapping[str, Any], text: str) -> Any:
    is_list = declaration["Type"] == "CommaDelimitedList"
    if not is_list and declaration["Type"] not in ("String", "Number"):
        raise TemplateError(f"The local cloud does not know the type {declaration['Type']} of parameter {name}.")
    items = [item.strip() for item in text.split(",")] if is_list else [text]
    for item in items:
        _check_parameter(name, declaration, item)
    return items if is_list else text


def _check_parameter(name: str, declaration: Mapping[str, Any], text: str) -> None:
    allowed = [str(value) for value in declaration.get("AllowedValues", [text])]
    if text not in allowed:
        raise TemplateError(f"Parameter {name} must be one of {', '.join(allowed)}, not {text!r}.")
    if not re.fullmatch(declaration.get("AllowedPattern", ".*"), text, re.DOTALL):
        expected = declaration.get("ConstraintDescription", f"text like {declaration.get('AllowedPattern')}")
        raise TemplateError(f"Parameter {name} must be {expected.rstrip('.')}, not {text!r}.")
    if declaration["Type"] == "Number" and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise TemplateError(f"Parameter {name} must be a number, not {text!r}.")
    for limit in ("MinLength", "MaxLength", "MinValue", "MaxValue"):
        if limit in declaration:
            raise TemplateError(f"The local cloud does not know {limit} of parameter {name}.")


def dependencies(template: Template, logical_id: str) -> frozenset[str]:
    """The logical ids of the resources that a resource's properties refer to."""
    return frozenset(found.logical_id for found in find_references(template.resources[logical_id].properties))
