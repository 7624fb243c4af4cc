"""The environment variables of README, code and template are the same."""

import re
from pathlib import Path

from server.settings import OPTIONAL, REQUIRED

ROOT = Path(__file__).resolve().parents[2]
# What the stack does not know when it is applied: it comes from the function's event or from the parameters.
NOT_FROM_OUTPUTS = {
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "AUTHORIZER_ASKS_COGNITO",
    "CLOUDFRONT_DOMAIN",
    "CORS_ORIGINS",
}


def readme_table(heading: str) -> set[str]:
    """The variables of the table that follows a line of the README."""
    section = (ROOT / "README.md").read_text().partition(heading)[2]
    table = re.search(r"\n(\|.*?)\n\n", section, re.DOTALL)
    assert table is not None
    first_cells = [row.split("|")[1] for row in table[1].splitlines()[2:]]
    return {name for cell in first_cells for name in re.findall(r"`([A-Z0-9_]+)`", cell)}


def test_the_readme_lists_the_servers_variables() -> None:
    assert readme_table("The server, on Lambda") == {*REQUIRED, *OPTIONAL}


def test_the_readme_lists_the_local_stacks_variables() -> None:
    sources = [ROOT / "emulation/settings.py", *sorted((ROOT / "emulation/commands").rglob("*.py"))]
    read = {
        name
        for path in sources
        for name in re.findall(r'environ(?:\.get\(|\[|, )"([A-Z0-9_]+)"', path.read_text())
        if name != "PATH" and not name.startswith(("COMPOSE_", "DOCKER_"))
    }

    assert readme_table("The local stack. None has to be set") == read


def test_the_templates_outputs_give_the_servers_variables() -> None:
    outputs = re.findall(r"^  (\w+):$", (ROOT / "deploy/template.yaml").read_text().partition("\nOutputs:")[2], re.M)
    given = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper() for name in outputs}

    assert {*REQUIRED, *OPTIONAL} - NOT_FROM_OUTPUTS <= given
