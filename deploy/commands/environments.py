"""The environments, as deploy/samconfig.toml describes them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.build.artifacts import ROOT
from deploy.checks.template import TEMPLATE
from deploy.commands.errors import CommandError

SAM_CONFIG = ROOT / "deploy" / "samconfig.toml"
PROTECTED = "prod"


@dataclass(frozen=True)
class Environment:
    """An environment: the stack that it is, where, and the template's parameters."""

    name: str
    stack_name: str
    region: str
    parameters: Mapping[str, str]


def read_environment(name: str, config: Path = SAM_CONFIG) -> Environment:
    """The environment of a name; raises CommandError when there is none."""
    described = tomllib.loads(config.read_text("utf-8"))
    names = [key for key, value in described.items() if isinstance(value, dict)]
    if name not in names:
        raise CommandError(f"There is no environment {name!r}: deploy/samconfig.toml has {', '.join(names)}.")
    everywhere = described[name]["global"]["parameters"]
    overrides = described[name]["deploy"]["parameters"]["parameter_overrides"]
    parameters = dict(override.split("=", 1) for override in overrides)
    return Environment(name, everywhere["stack_name"], everywhere["region"], parameters)


def check_parameters(environment: Environment, template: Path = TEMPLATE) -> None:
    """Raises CommandError when a parameter of the template is missing, or one is given that it does not have."""
    declared = read_parameters(template)
    missing = [one for one, said in declared.items() if "Default" not in said and not environment.parameters.get(one)]
    if missing:
        raise CommandError(
            f"{environment.name} has no value for {missing[0]}: add it to parameter_overrides in deploy/samconfig.toml."
        )
    unknown = sorted(environment.parameters.keys() - declared.keys())
    if unknown:
        raise CommandError(f"The template has no parameter {unknown[0]}, which deploy/samconfig.toml sets.")


class _Loader(yaml.SafeLoader):
    """YAML whose short forms of CloudFormation mean nothing here."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def read_parameters(template: Path) -> dict[str, dict[str, Any]]:
    """The parameters that a template declares."""
    # A SafeLoader, but for tags that it leaves out.
    document = yaml.load(template.read_text("utf-8"), _Loader)  # noqa: S506
    declared: dict[str, dict[str, Any]] = document["Parameters"]
    return declared
