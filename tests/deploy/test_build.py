"""The build of the Lambda functions: what an artifact holds, and that the same input gives the same bytes."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from deploy.build.artifacts import ARM64, ARTIFACTS, X86_64
from deploy.build.building import read_manifest
from deploy.build.errors import BuildError
from deploy.build.packages import check_libraries
from deploy.build.requirements import export_requirements, read_dependencies
from deploy.build.tools import find_python, run
from emulation.settings import ROOT
from emulation.template import read_template
from tests.lambda_python import needs_lambda_python

ELF_ARM64 = 0xB7


def build_authorizer(project: Path, into: Path, architecture: str) -> dict[str, Any]:
    """Build in a process of its own, as `just build` does; the manifest."""
    command = [sys.executable, "-m", "deploy.build", "authorizer", "--arch", architecture, "--into", str(into)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    manifest: dict[str, Any] = json.loads((into / "manifest.json").read_text())
    return manifest


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authorizer for arm64, built of this project."""
    into = tmp_path_factory.mktemp("here")
    build_authorizer(ROOT, into, ARM64.name)
    return into


def names_in(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as packed:
        return packed.namelist()


@needs_lambda_python
def test_a_build_in_another_folder_gives_the_same_bytes(here: Path, tmp_path: Path) -> None:
    project = tmp_path / "elsewhere" / "project"
    for part in ("deploy", "server"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "uv.lock"):
        shutil.copyfile(ROOT / part, project / part)

    build_authorizer(project, tmp_path / "there", ARM64.name)

    assert read_manifest(tmp_path / "there") == read_manifest(here)
    assert (tmp_path / "there" / "authorizer.zip").read_bytes() == (here / "authorizer.zip").read_bytes()


@needs_lambda_python
def test_both_architectures_are_made_of_the_same_sources(here: Path, tmp_path: Path) -> None:
    build_authorizer(ROOT, tmp_path, X86_64.name)
    arm64, x86_64 = read_manifest(here)["authorizer"], read_manifest(tmp_path)["authorizer"]

    assert arm64.source_hash == x86_64.source_hash
    assert arm64.hash != x86_64.hash


@needs_lambda_python
def test_the_libraries_are_for_the_architecture_of_the_function(here: Path) -> None:
    libraries = sorted((here / "authorizer").rglob("*.so"))
    assert libraries
    for library in libraries:
        assert int.from_bytes(library.read_bytes()[18:20], "little") == ELF_ARM64, library

    with pytest.raises(BuildError, match="is no library for x86_64"):
        check_libraries(here / "authorizer", X86_64)


@needs_lambda_python
def test_the_authorizer_holds_no_aws_sdk(here: Path) -> None:
    tops = {name.partition("/")[0].lower() for name in names_in(here / "authorizer.zip")}

    assert {"deploy", "server", "jwt", "cryptography"} <= tops
    assert not [top for top in tops if "boto" in top or top.startswith(("aio", "s3transfer", "pydantic", "pil"))]


def test_only_the_images_function_holds_the_decoders_of_pictures() -> None:
    for artifact in ARTIFACTS:
        required = {line.partition("==")[0] for line in export_requirements(artifact).splitlines() if "==" in line}
        assert (required >= {"pillow", "pi-heif"}) == (artifact.name == "images")
        assert not required & {"moto", "docker", "pytest", "mypy"}


def test_every_requirement_has_an_exact_version_and_hashes() -> None:
    for block in export_requirements(ARTIFACTS[0]).replace("\\\n", " ").splitlines():
        assert "==" in block
        assert "--hash=sha256:" in block


@needs_lambda_python
def test_an_artifact_holds_what_runs_and_nothing_else(here: Path) -> None:
    names = names_in(here / "authorizer.zip")
    kinds = {Path(name).suffix for name in names if ".dist-info/" not in name}

    assert kinds == {".py", ".pyc", ".so"}
    assert {name.rpartition("/")[2] for name in names if ".dist-info/" in name} == {"METADATA"}
    assert not [name for name in names if name.startswith(("server/gateway", "server/app", "deploy/build", "tests"))]


@needs_lambda_python
def test_every_module_has_byte_code_that_lambda_does_not_check(here: Path) -> None:
    folder = here / "authorizer"
    sources = list(folder.rglob("*.py"))
    assert len(sources) > 100
    for source in sources:
        head = (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").read_bytes()[:8]
        # Bit 0: held to a hash, not to a file time; bit 1 would have it checked (PEP 552).
        assert int.from_bytes(head[4:], "little") == 0b01, source


@needs_lambda_python
def test_a_traceback_names_the_file_on_lambda(here: Path) -> None:
    pyc = here / "authorizer" / "server" / "__pycache__" / "authorizer.cpython-313.pyc"
    look = f"import marshal; print(marshal.loads(open({str(pyc)!r}, 'rb').read()[16:]).co_filename)"

    assert run([find_python(), "-c", look]).strip() == "/var/task/server/authorizer.py"


@needs_lambda_python
def test_the_archive_says_the_same_time_and_rights_for_every_file(here: Path) -> None:
    with zipfile.ZipFile(here / "authorizer.zip") as packed:
        entries = packed.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr) for entry in entries} == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16)}


def test_without_lambdas_python_a_build_says_so_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as refused:
        find_python({"PATH": str(tmp_path), "HOME": str(tmp_path)})

    assert str(refused.value) == (
        "Python 3.13, which the functions run on, is not installed; `uv python install 3.13` brings it."
    )


def test_the_functions_of_the_template_are_what_is_built() -> None:
    parameters = {"Environment": "dev", "SiteOrigins": "https://guitars.example.com"}
    template = read_template(ROOT / "deploy" / "template.yaml", parameters)
    functions = {
        (one.properties["CodeUri"], one.properties["Handler"])
        for one in template.resources.values()
        if one.type == "AWS::Serverless::Function"
    }

    assert functions == {(f"../.build/{one.name}", f"{one.entry}.handler") for one in ARTIFACTS}


def test_artifacts_name_dependencies_of_the_project() -> None:
    named = {name for artifact in ARTIFACTS for name in artifact.packages}
    assert named == set(read_dependencies())
