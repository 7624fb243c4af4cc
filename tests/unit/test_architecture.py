"""Imports flow one way: what each part may import of ours, and what it may not import at all."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("server", "deploy", "emulation", "tests")
# part -> what it may import of the others
MAY_IMPORT = {"server": set(), "deploy": {"server"}, "emulation": {"server", "deploy"}}
# Inside a part, each layer may import only itself and what stands after it.
Layers = tuple[tuple[str, ...], ...]
SERVER: Layers = (
    ("server.app",),
    ("server.gateway",),
    ("server.dispatch",),
    ("server.routes",),
    ("server.binding", "server.requests"),
    ("server.handlers",),
    ("server.authorizer",),
    ("server.triggers", "server.uploading", "server.profiles", "server.editing", "server.presenting"),
    ("server.caller", "server.merging", "server.paging", "server.precondition", "server.retrying"),
    ("server.services",),
    ("server.aws",),
    ("server.pictures",),
    ("server.models",),
    ("server.errors", "server.exact_json", "server.ids", "server.clock", "server.settings"),
)
EMULATION: Layers = (
    ("emulation.__main__", "emulation.cost"),
    ("emulation.commands",),
    ("emulation.edge", "emulation.api"),
    ("emulation.cloud", "emulation.openapi", "emulation.seed"),
    ("emulation.applier", "emulation.in_process"),
    ("emulation.runtime", "emulation.sessions"),
    ("emulation.backend", "emulation.following", "emulation.local_template", "emulation.observing"),
    ("emulation.template",),
    (
        "emulation.clock",
        "emulation.code",
        "emulation.hosts",
        "emulation.intrinsics",
        "emulation.redaction",
        "emulation.reporting",
    ),
    (
        "emulation.logical_ids",
        "emulation.serving",
        "emulation.settings",
        "emulation.tracing",
        "emulation.whole_file",
    ),
)
DEPLOY: Layers = (
    ("deploy.commands",),
    ("deploy.build", "deploy.checks", "deploy.cost", "deploy.functions"),
    ("deploy.choosing",),
)
LAYERS = {"server": SERVER, "emulation": EMULATION, "deploy": DEPLOY}
FORBIDDEN = {
    "server.handlers": {"aiohttp", "aioboto3", "botocore", "os"},
    "server.authorizer": {"aioboto3", "botocore"},
}


class Imports(NamedTuple):
    """The full names that a module imports: all, and those that it needs for more than types."""

    all: set[str]
    when_run: set[str]


def read_imports(part: str) -> dict[str, Imports]:
    """The imports of each module of a part, by its full name."""
    found = {}
    for path in sorted((ROOT / part).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text())
        named = set(imported_names(tree))
        found[name] = Imports(named, named - set(names_for_types(tree)))
    return found


def imported_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_for_types(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from imported_names(node)


MODULES = {part: read_imports(part) for part in MAY_IMPORT}
PACKAGES = [
    name for modules in MODULES.values() for name in modules if any(other.startswith(f"{name}.") for other in modules)
]


def layer_of(layers: Layers, module: str) -> int | None:
    for number, layer in enumerate(layers):
        if any(module == name or module.startswith(f"{name}.") for name in layer):
            return number
    return None


def neighbours(package: str) -> dict[str, set[str]]:
    """What stands in a package, modules and packages, each with those beside it that it imports."""
    found: dict[str, set[str]] = {}
    depth = package.count(".") + 2
    for module, imports in MODULES[package.partition(".")[0]].items():
        if module.startswith(f"{package}."):
            own = ".".join(module.split(".")[:depth])
            beside = {".".join(name.split(".")[:depth]) for name in imports.when_run if name.startswith(package)}
            found.setdefault(own, set()).update(beside - {own})
    return {own: beside & found.keys() for own, beside in found.items()}


def test_parts_import_only_what_stands_below_them() -> None:
    for part, allowed in MAY_IMPORT.items():
        for module, (imported, _) in MODULES[part].items():
            ours = {name.partition(".")[0] for name in imported} & set(PARTS) - {part}
            assert ours <= allowed, f"{module} imports {sorted(ours - allowed)}"


@pytest.mark.parametrize("part", LAYERS)
def test_every_module_stands_in_a_layer(part: str) -> None:
    for module in MODULES[part]:
        assert module == part or layer_of(LAYERS[part], module) is not None, f"{module} has no layer in this test"


@pytest.mark.parametrize("part", LAYERS)
def test_layers_import_downwards(part: str) -> None:
    for module, (imported, _) in MODULES[part].items():
        own = layer_of(LAYERS[part], module)
        for name in imported:
            other = layer_of(LAYERS[part], name)
            assert own is None or other is None or own <= other, f"{module} imports {name}, which stands above it"


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_in_a_package_imports_what_imports_it(package: str) -> None:
    waiting = neighbours(package)
    while ready := [name for name, beside in waiting.items() if not beside & waiting.keys()]:
        for name in ready:
            del waiting[name]
    assert not waiting, f"these import one another: {sorted(waiting)}"


def test_handlers_and_authorizer_stay_free_of_adapters_and_environment() -> None:
    for module, (imported, _) in MODULES["server"].items():
        for prefix, forbidden in FORBIDDEN.items():
            if module.startswith(prefix):
                found = {name.partition(".")[0] for name in imported} & forbidden
                assert not found, f"{module} imports {sorted(found)}"


def test_nothing_in_the_server_reads_the_environment_or_the_time_on_its_own() -> None:
    for path in sorted((ROOT / "server").rglob("*.py")):
        text = path.read_text()
        assert "os.environ" not in text, f"{path} reads the environment"
        assert "getenv" not in text, f"{path} reads the environment"
        if path.name != "clock.py":
            assert "datetime.now(" not in text, f"{path} has a clock of its own"
            assert "time.time(" not in text, f"{path} has a clock of its own"


def test_nothing_in_the_server_knows_where_it_runs() -> None:
    for path in sorted((ROOT / "server").rglob("*.py")):
        text = path.read_text().lower()
        for word in ("localhost", "127.0.0.1", "moto", "emulat"):
            assert word not in text, f"{path} speaks of {word}"
