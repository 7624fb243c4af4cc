"""`just deploy ENV`: the stack becomes what the repository holds."""

from collections.abc import Callable, Mapping
from typing import Any

from deploy.checks.template import TEMPLATE
from deploy.commands.environments import SAM_CONFIG, Environment
from deploy.commands.errors import CommandError
from deploy.commands.stack import find_outputs
from server.settings import with_scheme

# Runs the SAM CLI with these arguments; its exit code.
RunSam = Callable[[list[str]], int]


def deploy(environment: Environment, cloudformation: Any, run_sam: RunSam) -> dict[str, str]:
    """Deploy, and return the outputs of the stack. Raises CommandError when SAM fails.

    The site's own address is an origin that may upload, and only the stack knows it: a reference would be a circle. So
    the very first deployment is two, the second of which only adds the address.
    """
    known = find_outputs(cloudformation, environment)
    _run(environment, run_sam, known)
    outputs = find_outputs(cloudformation, environment)
    if outputs.get("CloudfrontDomain") != known.get("CloudfrontDomain"):
        _run(environment, run_sam, outputs)
    return outputs


def with_site(parameters: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, str]:
    """The parameters with the site's own address among its origins, if that is known already."""
    origins = parameters["SiteOrigins"].split(",")
    domain = outputs.get("CloudfrontDomain")
    if domain and with_scheme(domain) not in origins:
        origins.append(with_scheme(domain))
    return {**parameters, "SiteOrigins": ",".join(origins)}


def _run(environment: Environment, run_sam: RunSam, outputs: Mapping[str, str]) -> None:
    parameters = with_site(environment.parameters, outputs)
    code = run_sam(
        [
            "deploy",
            *("--config-file", str(SAM_CONFIG), "--config-env", environment.name),
            *("--template-file", str(TEMPLATE)),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())),
        ]
    )
    if code:
        raise CommandError(f"sam deploy ended with {code}; what it says stands above.")
