"""The one table of what is built: each function's artifact and the packages that it takes along."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD_DIR = ROOT / ".build"
PYTHON_VERSION = "3.13"


@dataclass(frozen=True)
class Architecture:
    """An architecture of Lambda: the platform whose wheels are taken, and the machine that their libraries are for.

    `manylinux_2_28` is the glibc 2.34 of Amazon Linux 2023, rounded down; an older tag would take older releases.
    https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
    """

    name: str
    platform: str
    elf_machine: int
    build_dir: Path


ARM64 = Architecture("arm64", "aarch64-manylinux_2_28", 0xB7, BUILD_DIR)
# For the runtime emulator on a machine of this architecture.
X86_64 = Architecture("x86_64", "x86_64-manylinux_2_28", 0x3E, BUILD_DIR / "x86_64")
ARCHITECTURES = {one.name: one for one in (ARM64, X86_64)}


@dataclass(frozen=True)
class Artifact:
    """A function's artifact. `packages` are those of the project's dependencies that it needs, with what they need."""

    name: str
    packages: tuple[str, ...]

    @property
    def entry(self) -> str:
        """The module with the function's `handler`."""
        return f"deploy.functions.{self.name}"


_SDK = ("aioboto3", "aiohttp", "msgspec", "pydantic")
ARTIFACTS = (
    Artifact("auth", _SDK),
    Artifact("user", _SDK),
    Artifact("guitars", _SDK),
    Artifact("images", (*_SDK, "pillow", "pi-heif")),
    Artifact("authorizer", ("pyjwt",)),
    Artifact("post_confirmation", _SDK),
    Artifact("cleanup", _SDK),
)
