"""`python -m deploy.build`: build the functions and print how large they are."""

import argparse
import sys
from pathlib import Path

from deploy.build.artifacts import ARCHITECTURES, ARM64, ARTIFACTS
from deploy.build.building import build
from deploy.build.errors import BuildError
from deploy.choosing import check_choice

_MEBIBYTE = 1024 * 1024


def main() -> int:
    """Build; the process's exit code."""
    names = [artifact.name for artifact in ARTIFACTS]
    parser = argparse.ArgumentParser(prog="just build", description="Build the Lambda functions.")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help=f"{', '.join(names)}; or all")
    parser.add_argument("--arch", choices=ARCHITECTURES, default=ARM64.name, help="arm64 is what the stack runs on")
    parser.add_argument("--into", type=Path, help="the folder; .build without it, .build/x86_64 for that architecture")
    options = parser.parse_args()
    check_choice(parser, "function", options.functions, names)
    architecture = ARCHITECTURES[options.arch]
    chosen = [artifact for artifact in ARTIFACTS if artifact.name in (options.functions or names)]
    into = (options.into or architecture.build_dir).absolute()
    print(f"{'function':<18} {'MiB':>6} {'zip':>6}  {'sources':<12}  {'zip':<12}")  # noqa: T201
    try:
        for built in build(chosen, architecture, into):
            sizes = f"{built.unpacked_bytes / _MEBIBYTE:6.1f} {built.packed_bytes / _MEBIBYTE:6.1f}"
            print(f"{built.name:<18} {sizes}  {built.source_hash[:12]}  {built.hash[:12]}", flush=True)  # noqa: T201
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
