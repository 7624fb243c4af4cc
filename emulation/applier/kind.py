"""How a resource of any type is brought to what the template says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emulation.applier.clients import Clients
from emulation.template import Resource

Properties = Mapping[str, Any]


class ApplyError(Exception):
    """The local cloud cannot be what the template says; the text is a sentence that says where and why."""


@dataclass(frozen=True)
class Honoured:
    """A property that the local cloud honours; every one is read back and compared.

    `default` is what CloudFormation takes where the template says nothing. `fixed` ones cannot change on a resource
    that is there already. `meaningful` leaves out what has no meaning locally.
    """

    default: Any = None
    fixed: bool = False
    meaningful: Callable[[Any], Any] | None = None

    def wanted(self, said: Any) -> Any:
        """The value to apply where the template says this; None is nothing."""
        value = self.default if said is None else said
        return value if value is None or self.meaningful is None else self.meaningful(value)


@dataclass(frozen=True)
class WithoutEffect:
    """A property that means nothing locally, and why."""

    reason: str


PropertyTable = Mapping[str, Honoured | WithoutEffect]


class Kind(Protocol):
    """One type of resource."""

    @property
    def properties(self) -> PropertyTable:
        """All that may be said about it, each with how it is honoured."""
        ...

    def find(self, aws: Clients, wanted: Properties) -> str | None:
        """The key of the resource if it is there: what every other call takes."""
        ...

    def create(self, aws: Clients, wanted: Properties) -> str:
        """Create the resource; returns its key."""
        ...

    def read(self, aws: Clients, key: str) -> dict[str, Any]:
        """The resource's honoured properties in CloudFormation's words; raises ClientError when it is gone."""
        ...

    def update(self, aws: Clients, key: str, wanted: Properties, changed: frozenset[str]) -> None:
        """Bring the changed properties to what is wanted."""
        ...

    def attributes(self, aws: Clients, key: str) -> dict[str, str]:
        """What `Ref` and `Fn::GetAtt` give."""
        ...

    def verify(self, aws: Clients, key: str) -> None:
        """One cheap call that raises ClientError when the resource is gone."""
        ...


def apply(kind: Kind, resource: Resource, aws: Clients) -> str:
    """Create the resource or bring it up to date, and check it; returns its key. Raises ApplyError."""
    wanted = _wanted(kind, resource)
    key = kind.find(aws, wanted)
    if key is None:
        key = kind.create(aws, wanted)
    else:
        changed = _differences(wanted, kind.read(aws, key))
        if not changed:
            return key
        for name in changed:
            known = kind.properties[name]
            if isinstance(known, Honoured) and known.fixed:
                raise ApplyError(
                    f"{_name(resource)} exists with another {name}; only `uv run just reset` can change that."
                )
        kind.update(aws, key, wanted, frozenset(changed))
    left = _differences(wanted, kind.read(aws, key))
    for name, place in left.items():
        raise ApplyError(f"{_name(resource)}: the local cloud does not keep {name}{place}.")
    return key


def given(wanted: Properties, names: Iterable[str]) -> dict[str, Any]:
    """The arguments of a call: those of these properties that have a value."""
    return {name: wanted[name] for name in names if wanted[name] is not None}


def _name(resource: Resource) -> str:
    return f"{resource.logical_id} ({resource.type})"


def _wanted(kind: Kind, resource: Resource) -> dict[str, Any]:
    for name in resource.properties:
        if name not in kind.properties:
            raise ApplyError(f"{_name(resource)}: the local cloud cannot honour {name}.")
    honoured = {name: known for name, known in kind.properties.items() if isinstance(known, Honoured)}
    return {name: known.wanted(resource.properties.get(name)) for name, known in honoured.items()}


def _differences(wanted: Properties, found: Properties) -> dict[str, str]:
    """The names of the properties that differ, each with the place inside it: {"Policies": ".PasswordPolicy"}."""
    places = {name: next(_different_places(value, found.get(name)), None) for name, value in wanted.items()}
    return {name: place for name, place in places.items() if place is not None}


def _different_places(wanted: Any, found: Any) -> Iterator[str]:
    if _is_nothing(wanted) and _is_nothing(found):
        return
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name in sorted(wanted.keys() | found.keys()):
            for place in _different_places(wanted.get(name), found.get(name)):
                yield f".{name}{place}"
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            for place in _different_places(one, other):
                yield f"[{index}]{place}"
    elif _text(wanted) != _text(found):
        yield ""


def _is_nothing(value: Any) -> bool:
    return value is None or value in ([], {})


def _text(value: Any) -> str:
    # YAML's true and 1 are often texts in CloudFormation's own examples, and mean the same.
    return str(value).lower() if isinstance(value, bool) else str(value)
