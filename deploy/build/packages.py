"""The third-party half of an artifact: installed for the functions' platform, and freed of what none uses."""

import struct
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from deploy.build.artifacts import PYTHON_VERSION, Architecture
from deploy.build.descriptions import shorten_descriptions
from deploy.build.errors import BuildError
from deploy.build.tools import find_uv, run

# No function runs, compiles against or type-checks what it is made of, and none uses the resource layer, a web server,
# a web socket, a time zone by name, the SDK's examples and waiters, or an older edition of pydantic or DynamoDB. cffi's
# own modules are for who builds a library. What is there compiled for the platform is not needed as Python. Of
# pictures, AVIF is refused, and none is written upon.
UNUSED = (
    "aiohttp/_websocket/*.so",
    "aiohttp/pytest_plugin.py",
    "aiohttp/test_utils.py",
    "aiohttp/web*.py",
    "aiohttp/worker.py",
    "bin/*",
    "boto3/data/*",
    "boto3/examples/*",
    "botocore/data/*/examples-1.json",
    "botocore/data/*/waiters-2.json",
    "botocore/data/dynamodb/2011-12-05/*",
    "cffi/*",
    "dateutil/rrule.py",
    "dateutil/zoneinfo/*.tar.gz",
    "multidict/_multidict_py.py",
    "PIL/_avif*.so",
    "PIL/_imagingft*.so",
    "pillow.libs/libavif-*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/libpng16-*",
    "pydantic/experimental/*",
    "pydantic/mypy.py",
    "pydantic/v1/*",
    "urllib3/contrib/emscripten/*",
    "yarl/_quoting_py.py",
    "*/tests/*",
    "*.cfg",
    "*.h",
    "*.pxd",
    "*.pxi",
    "*.pyi",
    "*.pyx",
    "*.rst",
    "*/py.typed",
    ".lock",
)
_ELF = b"\x7fELF"


def install(requirements: str, architecture: Architecture, folder: Path) -> None:
    """Install into a new folder from wheels alone, every one held to its hash. Raises BuildError."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write(requirements)
        listed.flush()
        platform = ["--python-version", PYTHON_VERSION, "--python-platform", architecture.platform]
        exactly = ["--only-binary", ":all:", "--no-deps", "--require-hashes", "--link-mode", "copy"]
        run([find_uv(), "pip", "install", "--quiet", "--target", folder, *platform, *exactly, "-r", listed.name])
    _prune(folder)
    check_libraries(folder, architecture)


def _prune(folder: Path) -> None:
    for path in list(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and _is_unused(name):
            path.unlink()
    shorten_descriptions(folder / "botocore" / "data")
    for path in folder.glob("*.dist-info/METADATA"):
        _shorten(path)
    # Deepest first, so that a folder is empty when its turn comes.
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _shorten(metadata: Path) -> None:
    """Leave the fields of a package's METADATA: packages ask for each other's version, and Amazon Inspector knows by
    it what a function holds. The package's README, which follows them, goes."""
    fields, _, _ = metadata.read_text("utf-8").partition("\n\n")
    metadata.write_text(f"{fields}\n", "utf-8")


def _is_unused(name: str) -> bool:
    top, _, rest = name.partition("/")
    if top.endswith(".dist-info"):
        return rest != "METADATA"
    return any(fnmatch(name, pattern) for pattern in UNUSED)


def check_libraries(folder: Path, architecture: Architecture) -> None:
    """Raises BuildError when a library is for another machine than the function's."""
    for path in sorted(folder.rglob("*.so*")):
        head = path.read_bytes()[:20]
        # e_machine of an ELF header: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
        if head[:4] != _ELF or struct.unpack_from("<H", head, 18)[0] != architecture.elf_machine:
            raise BuildError(f"{path.relative_to(folder)} is no library for {architecture.name}.")
