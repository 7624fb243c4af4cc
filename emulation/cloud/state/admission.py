"""What a state may name while it is read. A snapshot may come from somebody else, and a pickle can call anything.

Classes of data are admitted by the modules that define them, and a few functions by name. A pickle can also set
attributes of whatever it was handed: classes and living backends are put back as they were.
"""

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

from emulation.cloud.dynamodb.items import restore_item, restore_record
from emulation.cloud.state.errors import StateDamagedError, StateIncompatibleError
from emulation.cloud.state.restoring import backend_at, restore_key, restore_versions

# Only what these modules define themselves. Nothing of it does more than to hold data when it is made.
MODULES_OF_DATA = frozenset(
    {
        "emulation.clock",
        "emulation.cloud.cognito.state",
        "emulation.cloud.data",
        "emulation.cloud.mailbox",
        "moto.cognitoidp.models",
        "moto.dynamodb.models.dynamo_type",
        "moto.dynamodb.models.table",
        "moto.dynamodbstreams.models",
        "moto.s3.models",
        "moto.s3.utils",
        "moto.utilities.tagging_service",
        "moto.utilities.utils",
    }
)
CLASSES = frozenset(
    {
        ("builtins", "bytearray"),
        ("builtins", "dict"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
        ("collections", "deque"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("emulation.cloud.dynamodb.transactions", "Completed"),
        ("emulation.cloud.dynamodb.transactions", "Tokens"),
        ("requests.structures", "CaseInsensitiveDict"),
    }
)
FUNCTIONS: dict[tuple[str, str], Callable[..., Any]] = {
    (function.__module__, function.__name__): function
    for function in (restore_item, restore_key, restore_record, restore_versions)
}
# moto's own registers of all backends.
LIVING = (BaseBackend, BackendDict)


class Admission:
    """Finds what may be named, for all pieces of one state. Use it as a context manager: its end puts all back.

    Raises StateDamagedError at the end when the state has tried to change a class.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Any] = {}
        self._classes: dict[type, dict[str, Any]] = {}
        self._backends: list[tuple[BaseBackend, dict[str, Any]]] = []

    def __enter__(self) -> "Admission":
        return self

    def __exit__(self, *_error: object) -> None:
        for backend, attributes in self._backends:
            backend.__dict__ = attributes
        changed = [cls for cls, attributes in self._classes.items() if _put_back(cls, attributes)]
        if changed:
            raise StateDamagedError(f"it changes the class {changed[0].__name__}")

    def find(self, module: str, name: str) -> Any:
        """A class or function; raises StateIncompatibleError when it is none of data."""
        found = self._found.get((module, name))
        if found is None:
            found = self._found[module, name] = self._admit(module, name)
        return found

    def _admit(self, module: str, name: str) -> Any:
        if (module, name) == (backend_at.__module__, backend_at.__name__):
            return self._backend_at
        if (module, name) in FUNCTIONS:
            # Not the function itself: its attributes could be set.
            return partial(FUNCTIONS[module, name])
        if module in MODULES_OF_DATA or (module, name) in CLASSES:
            found = vars(importlib.import_module(module)).get(name)
            if isinstance(found, type) and found.__module__ == module and not issubclass(found, LIVING):
                self._classes[found] = dict(vars(found))
                return found
        raise StateIncompatibleError(f"it names {module}.{name}, which is no data")

    def _backend_at(self, service: str, account: str, region: str) -> BaseBackend:
        backend = backend_at(service, account, region)
        if not any(backend is one for one, _ in self._backends):
            self._backends.append((backend, dict(vars(backend))))
        return backend


def _put_back(cls: type, attributes: dict[str, Any]) -> bool:
    """Give a class the attributes that it had; whether it had others."""
    now = dict(vars(cls))
    if now.keys() == attributes.keys() and all(now[name] is attributes[name] for name in now):
        return False
    for name in now.keys() - attributes.keys():
        delattr(cls, name)
    for name, value in attributes.items():
        if now.get(name) is not value:
            setattr(cls, name, value)
    return True
