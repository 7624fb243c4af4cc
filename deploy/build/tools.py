"""The programs that a build needs: uv, and a Python of the version that Lambda runs."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from deploy.build.artifacts import PYTHON_VERSION
from deploy.build.errors import BuildError


def look_for_uv(environ: Mapping[str, str]) -> str | None:
    """The uv that runs this, or else the one on the PATH; None without one.

    https://docs.astral.sh/uv/reference/environment/#uv
    """
    return environ.get("UV") or shutil.which("uv", path=environ.get("PATH"))


def find_uv(environ: Mapping[str, str] = os.environ) -> str:
    """The same; raises BuildError without one."""
    found = look_for_uv(environ)
    if not found:
        raise BuildError("A build needs uv, and there is none on the PATH.")
    return found


def find_python(environ: Mapping[str, str] = os.environ) -> str:
    """An interpreter of Lambda's version: of the PATH, of pyenv, or one that uv knows; raises BuildError without one.

    Byte code is good for the interpreter's minor version only.
    """
    for candidate in _candidates(environ):
        if _is_right(candidate, environ):
            return candidate
    raise BuildError(
        f"Python {PYTHON_VERSION}, which the functions run on, is not installed; "
        f"`uv python install {PYTHON_VERSION}` brings it."
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    name = f"python{PYTHON_VERSION}"
    for folder in environ.get("PATH", "").split(os.pathsep):
        if (path := Path(folder) / name).is_file():
            yield str(path)
    pyenv = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "/")) / ".pyenv")
    yield from sorted(map(str, pyenv.glob(f"versions/{PYTHON_VERSION}.*/bin/{name}")), reverse=True)
    uv = look_for_uv(environ)
    if uv:
        command = [uv, "python", "find", "--no-python-downloads", "--no-project", PYTHON_VERSION]
        known = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)  # noqa: S603
        if known.returncode == 0:
            yield known.stdout.strip()


def _is_right(python: str, environ: Mapping[str, str]) -> bool:
    # What pyenv puts on the PATH is there for every version, and refuses for most.
    look = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        command = [python, "-I", "-c", look]
        answer = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return False
    return answer.stdout.strip() == PYTHON_VERSION


def run(command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> str:
    """What a program prints; raises BuildError with its last line when it fails."""
    done = subprocess.run(  # noqa: S603 - programs found above, arguments of ours
        list(map(str, command)),
        env=None if environ is None else dict(environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        raise BuildError(f"{Path(str(command[0])).name} {command[1]} failed: {lines[-1].strip()}")
    return done.stdout
