"""A request's parameters, checked against the service's own description, as AWS's front does before anything else.

The description is the one that botocore ships: which members are required, their types, lengths, ranges, patterns and
enumerations. The values of DynamoDB's items are not looked at here (dynamodb/values.py does).
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from emulation.cloud.descriptions import describe_service

MOST_FAULTS = 10
NOT_LOOKED_AT = frozenset({"AttributeValue"})
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "blob": (str,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}

Shape = Mapping[str, Any]
Check = Callable[[Any, str, list[str]], None]


class WrongTypeError(Exception):
    """A parameter is of another type than its service takes; the text is what AWS says of it."""


def word_faults(faults: list[str]) -> str:
    """What a request is told of the constraints that it breaks."""
    several = "s" if len(faults) > 1 else ""
    return f"{len(faults)} validation error{several} detected: {'; '.join(faults[:MOST_FAULTS])}"


def find_faults(service: str, action: str, request: Any) -> list[str]:
    """The constraints that a request breaks, in words; raises WrongTypeError."""
    faults: list[str] = []
    check = _operation_check(service, action)
    if check is not None:
        check(request, "", faults)
    return faults


@cache
def _operation_check(service: str, action: str) -> Check | None:
    operation = describe_service(service)["operations"].get(action)
    return None if operation is None else _check_of(service, operation["input"]["shape"])


@cache
def _check_of(service: str, name: str) -> Check:
    shape: Shape = describe_service(service)["shapes"][name]
    if name in NOT_LOOKED_AT:
        return lambda _value, _path, _faults: None
    match shape["type"]:
        case "structure":
            return _structure_check(service, shape)
        case "list":
            return _list_check(service, shape)
        case "map":
            return _map_check(service, shape)
    return _scalar_check(shape)


def _structure_check(service: str, shape: Shape) -> Check:
    members: dict[str, str] = {name: member["shape"] for name, member in shape["members"].items()}
    required: list[str] = list(shape.get("required", ()))

    def check(value: Any, path: str, faults: list[str]) -> None:
        _check_type("structure", value)
        faults += [
            f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
            for name in required
            if value.get(name) is None
        ]
        for name, one in value.items():
            if one is not None and name in members:
                _check_of(service, members[name])(one, _join(path, name), faults)

    return check


def _list_check(service: str, shape: Shape) -> Check:
    member: str = shape["member"]["shape"]

    def check(value: Any, path: str, faults: list[str]) -> None:
        _check_type("list", value)
        _check_bounds(shape, len(value), value, path, faults)
        for number, one in enumerate(value, 1):
            _check_of(service, member)(one, f"{path}.{number}.member", faults)

    return check


def _map_check(service: str, shape: Shape) -> Check:
    member: str = shape["value"]["shape"]
    inner: Shape = describe_service(service)["shapes"][member]

    def check(value: Any, path: str, faults: list[str]) -> None:
        _check_type("map", value)
        if inner["type"] == "list" and any(not _fits(inner, len(one)) for one in value.values() if _is_list(one)):
            limits = f"[{', '.join(_limits('length', inner))}]"
            faults.append(
                f"Value '{_shown(value)}' at '{path}' failed to satisfy constraint: "
                f"Map value must satisfy constraint: {limits}"
            )
            return
        _check_bounds(shape, len(value), value, path, faults)
        for name, one in value.items():
            _check_of(service, member)(one, f"{path}.{name}.member", faults)

    return check


def _scalar_check(shape: Shape) -> Check:
    kind: str = shape["type"]
    choices: list[str] = shape.get("enum", [])
    # Cognito's patterns have classes of characters that Python's do not know.
    text = shape.get("pattern", "")
    pattern = re.compile(text) if text and r"\p{" not in text else None

    def check(value: Any, path: str, faults: list[str]) -> None:
        _check_type(kind, value)
        if kind == "string":
            _check_bounds(shape, len(value), value, path, faults)
        elif kind in ("integer", "long"):
            _check_bounds(shape, value, value, path, faults)
        if choices and value not in choices:
            _add(faults, value, path, f"Member must satisfy enum value set: [{', '.join(choices)}]")
        if pattern is not None and not pattern.fullmatch(value):
            _add(faults, value, path, f"Member must satisfy regular expression pattern: {pattern.pattern}")

    return check


def _check_type(kind: str, value: Any) -> None:
    if type(value) in JSON_TYPES[kind]:
        return
    if type(value) is list:
        raise WrongTypeError("Unrecognized collection type class java.util.ArrayList")
    if type(value) is dict:
        raise WrongTypeError("Start of structure or map found where not expected")
    if kind in ("list", "map", "structure"):
        raise WrongTypeError("Unexpected field type")
    token = f"{value}_VALUE".upper() if type(value) is bool else _TOKENS.get(type(value), "NULL_VALUE")
    raise WrongTypeError(f"{token} cannot be converted to {kind.capitalize()}")


_TOKENS = {int: "NUMBER_VALUE", float: "DECIMAL_VALUE", str: "STRING_VALUE"}


def _fits(shape: Shape, amount: int) -> bool:
    return bool(shape.get("min", amount) <= amount <= shape.get("max", amount))


def _limits(what: str, shape: Shape) -> list[str]:
    words = (("max", "less"), ("min", "greater"))
    return [
        f"Member must have {what} {word} than or equal to {shape[bound]}" for bound, word in words if bound in shape
    ]


def _check_bounds(shape: Shape, amount: int, value: Any, path: str, faults: list[str]) -> None:
    if not _fits(shape, amount):
        broken = "max" if amount > shape.get("max", amount) else "min"
        what = "length" if amount is not value else "value"
        _add(faults, value, path, _limits(what, {broken: shape[broken]})[0])


def _add(faults: list[str], value: Any, path: str, constraint: str) -> None:
    faults.append(f"Value '{_shown(value)}' at '{path}' failed to satisfy constraint: {constraint}")


def _join(path: str, name: str) -> str:
    member = name[0].lower() + name[1:]
    return f"{path}.{member}" if path else member


def _is_list(value: Any) -> bool:
    return type(value) is list


def _shown(value: Any) -> str:
    """A value as Java prints it."""
    if type(value) is dict:
        return f"{{{', '.join(f'{name}={_shown(one)}' for name, one in value.items())}}}"
    if type(value) is list:
        return f"[{', '.join(map(_shown, value))}]"
    return str(value)
