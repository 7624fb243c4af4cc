"""The functions that put moto's objects together again. A pickle names them, and no others."""

import threading
from collections.abc import Mapping
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.s3.models import FakeKey
from moto.s3.utils import _VersionedKeyStore

from emulation.cloud.moto_services import BACKENDS
from emulation.cloud.objects import StoredContent
from emulation.cloud.state.errors import StateIncompatibleError


def restore_key(key: FakeKey, attributes: dict[str, Any]) -> None:
    """An S3 key's attributes; its lock is a new one."""
    key.__dict__.update(attributes)
    key.lock = threading.Lock()


def restore_versions(store: _VersionedKeyStore, versions: Mapping[str, Any]) -> None:
    """A bucket's keys, each with its versions."""
    # The class's own __setitem__ appends a version, and its items() gives only the latest one.
    for name, keys in versions.items():
        dict.__setitem__(store, name, keys)


def backend_at(service: str, account: str, region: str) -> BaseBackend:
    """The living backend that a model refers to."""
    backend: BaseBackend = BACKENDS[service][account][region]
    return backend


def stored_content(name: str, size: int) -> StoredContent:
    """Stands in the pickle for a content; loading puts the store's own in its place."""
    raise StateIncompatibleError(f"the content {name} of {size} bytes was asked for outside of loading")
