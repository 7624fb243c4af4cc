"""deploy/template.yaml with the parameters of the local environment."""

from collections.abc import Sequence

from emulation.settings import ROOT, LocalSettings
from emulation.template import Template, read_template

TEMPLATE = ROOT / "deploy" / "template.yaml"


def stack_parameters(settings: LocalSettings) -> dict[str, str]:
    """What `sam deploy` would be told about an environment, for the local one."""
    return _parameters("dev", settings.cors_origins)


def read_local_template(settings: LocalSettings) -> Template:
    """The template as the local stack has it; raises TemplateError."""
    return read_template(TEMPLATE, stack_parameters(settings))


def read_template_of(environment: str, origins: Sequence[str]) -> Template:
    """The template as an environment on AWS has it; raises TemplateError."""
    return read_template(TEMPLATE, _parameters(environment, origins))


def _parameters(environment: str, origins: Sequence[str]) -> dict[str, str]:
    return {"Environment": environment, "SiteOrigins": ",".join(origins)}
