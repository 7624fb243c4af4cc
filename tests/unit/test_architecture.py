"""Imports flow one way: what each part may import of ours, and what it may not import at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("server", "deploy", "emulation", "tests")
# part -> what it may import of the others
MAY_IMPORT = {"server": set(), "deploy": {"server"}, "emulation": {"server", "deploy"}}
# Inside the server, each layer may import only itself and what stands after it.
LAYERS: tuple[tuple[str, ...], ...] = (
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
    ("server.errors", "server.ids", "server.clock", "server.settings"),
)
FORBIDDEN = {
    "server.handlers": {"aiohttp", "aioboto3", "botocore", "os"},
    "server.authorizer": {"aioboto3", "botocore"},
}


def modules(part: str) -> Iterator[tuple[str, set[str]]]:
    """Each module of a part with the full names of what it imports."""
    for path in sorted((ROOT / part).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, set(imports(ast.parse(path.read_text())))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(module: str) -> int | None:
    for number, layer in enumerate(LAYERS):
        if any(module == name or module.startswith(f"{name}.") for name in layer):
            return number
    return None


def test_parts_import_only_what_stands_below_them() -> None:
    for part, allowed in MAY_IMPORT.items():
        for module, imported in modules(part):
            ours = {name.partition(".")[0] for name in imported} & set(PARTS) - {part}
            assert ours <= allowed, f"{module} imports {sorted(ours - allowed)}"


def test_every_module_of_the_server_stands_in_a_layer() -> None:
    for module, _ in modules("server"):
        assert module == "server" or layer_of(module) is not None, f"{module} has no layer in this test"


def test_layers_of_the_server_import_downwards() -> None:
    for module, imported in modules("server"):
        own = layer_of(module)
        for name in imported:
            other = layer_of(name)
            assert own is None or other is None or own <= other, f"{module} imports {name}, which stands above it"


def test_handlers_and_authorizer_stay_free_of_adapters_and_environment() -> None:
    for module, imported in modules("server"):
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
