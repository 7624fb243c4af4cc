"""Document paths: `brand`, `#names.first`, `images[0].caption`."""

from collections.abc import Iterable, Mapping
from typing import Any

from emulation.cloud.dynamodb.lexer import Tokens, reserved_words
from emulation.cloud.dynamodb.values import Value

# As written names may be placeholders (#name); resolved they are the attributes' names.
Path = tuple[str | int, ...]


def parse_path(tokens: Tokens) -> Path:
    """The path that comes next, as written."""
    parts: list[str | int] = [_parse_name(tokens)]
    while True:
        if tokens.accept("."):
            parts.append(_parse_name(tokens))
        elif tokens.accept("["):
            if tokens.current.kind != "number":
                raise tokens.syntax_error()
            parts.append(int(tokens.take().text))
            tokens.expect("]")
        else:
            return tuple(parts)


def _parse_name(tokens: Tokens) -> str:
    token = tokens.current
    if token.kind not in ("name", "placeholder"):
        raise tokens.syntax_error()
    if token.kind == "name" and token.text.upper() in reserved_words():
        raise tokens.invalid(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
    return tokens.take().text


def placeholders_in(paths: Iterable[Path]) -> tuple[str, ...]:
    """The placeholders that stand for names in paths as written, in their order."""
    return tuple(part for path in paths for part in path if isinstance(part, str) and part[0] == "#")


def resolve(path: Path, names: Mapping[str, str]) -> Path:
    """The path with the names that its placeholders stand for."""
    return tuple(names[part] if isinstance(part, str) and part[0] == "#" else part for part in path)


def find(attributes: Mapping[str, Value], path: Path) -> Value | None:
    """The value at a resolved path, None where there is none."""
    value: Value | None = attributes.get(path[0])  # type: ignore[arg-type]
    for part in path[1:]:
        value = None if value is None else _child(value, part)
    return value


def _child(value: Value, part: str | int) -> Value | None:
    if isinstance(part, int):
        parts: list[Value] = value.get("L", [])
        return parts[part] if part < len(parts) else None
    found: Value | None = value.get("M", {}).get(part)
    return found


def shown(path: Path) -> str:
    """A resolved path as DynamoDB shows it in a refusal: [images, [0], caption]."""
    return f"[{', '.join(f'[{part}]' if isinstance(part, int) else part for part in path)}]"


def fault_of_meeting(paths: Iterable[Path]) -> str | None:
    """What is wrong when two resolved paths meet, in DynamoDB's words; None when none do."""
    seen: list[Path] = []
    for path in paths:
        for other in seen:
            common = min(len(path), len(other))
            if path[:common] == other[:common]:
                return _meet("overlap", other, path)
            differing = next(n for n in range(common) if path[n] != other[n])
            if type(path[differing]) is not type(other[differing]):
                return _meet("conflict", other, path)
        seen.append(path)
    return None


def _meet(how: str, one: Path, two: Path) -> str:
    return (
        f"Two document paths {how} with each other; must remove or rewrite one of these paths; "
        f"path one: {shown(one)}, path two: {shown(two)}"
    )


def project(attributes: Mapping[str, Value], paths: Iterable[Path]) -> dict[str, Value]:
    """The part of an item that lies at the paths; chosen elements of a list close up."""
    wanted: dict[str | int, Any] = {}
    for path in paths:
        branch = wanted
        for part in path[:-1]:
            branch = branch.setdefault(part, {})
        branch[path[-1]] = None
    return _pick_map(attributes, wanted)


def _pick_map(attributes: Mapping[str, Value], wanted: dict[str | int, Any]) -> dict[str, Value]:
    picked = {
        name: _pick(attributes[name], branch)
        for name, branch in wanted.items()
        if isinstance(name, str) and name in attributes
    }
    return {name: value for name, value in picked.items() if value is not None}


def _pick(value: Value, wanted: dict[str | int, Any] | None) -> Value | None:
    if wanted is None:
        return value
    if "M" in value:
        fields = _pick_map(value["M"], wanted)
        return {"M": fields} if fields else None
    parts = value.get("L", [])
    places = sorted(place for place in wanted if isinstance(place, int) and place < len(parts))
    elements = [_pick(parts[place], wanted[place]) for place in places]
    present = [element for element in elements if element is not None]
    return {"L": present} if present else None
