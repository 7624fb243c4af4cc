"""Code that is imported anew, as it has changed."""

import sys


def forget_code(*packages: str) -> None:
    """Forget the packages' modules: the next import reads their files. Whoever has them already keeps what he has."""
    for name in list(sys.modules):
        if f"{name}.".startswith(tuple(f"{package}." for package in packages)):
            del sys.modules[name]
