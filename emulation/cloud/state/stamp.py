"""Which version wrote a state. Another one refuses it: pickled objects fit only the classes that they were made of."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from typing import Any, get_args, get_type_hints

from emulation.cloud.state.errors import StateIncompatibleError

# Count up when the files, or how moto's objects are taken apart, change. Fields of our own are seen by themselves.
FORMAT = 4


def plain_stamp() -> dict[str, Any]:
    """Format and moto's version: what can be told without loading any class."""
    return {"format": FORMAT, "moto": version("moto")}


@cache
def shape_of(root: type) -> str:
    """A digest of the fields and types of a dataclass and of all that its fields hold."""
    lines = sorted({line for one in _dataclasses(root, set()) for line in _lines(one)})
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def _lines(one: type) -> Iterator[str]:
    for name, hint in get_type_hints(one).items():
        yield f"{one.__module__}.{one.__qualname__}.{name}: {hint}"


def _dataclasses(hint: Any, seen: set[Any]) -> Iterator[type]:
    if is_dataclass(hint) and isinstance(hint, type) and hint not in seen:
        seen.add(hint)
        yield hint
        hints = get_type_hints(hint)
        for field in fields(hint):
            yield from _dataclasses(hints[field.name], seen)
    for argument in get_args(hint):
        yield from _dataclasses(argument, seen)


def check_stamp(found: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    """Raise StateIncompatibleError when a file's stamp differs in anything that ours has."""
    if (found.get("format"), found.get("moto")) != (own["format"], own["moto"]):
        raise StateIncompatibleError(
            f"it has format {found.get('format')} of moto {found.get('moto')}, "
            f"this is format {own['format']} of moto {own['moto']}"
        )
    if found.get("shape") != own.get("shape", found.get("shape")):
        raise StateIncompatibleError("what it keeps beside moto's data has other fields than in this version")
