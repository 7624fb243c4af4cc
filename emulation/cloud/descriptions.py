"""How the SDK describes a service, read once for all who ask in this process: the SDK's sessions, and our checks."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore import loaders, session
from moto.core import loaders as moto_loaders
from moto.core import utils

_create_loader = cache(loaders.create_loader)


def share_descriptions() -> None:
    """Every session of the SDK, and moto at each look at a service, would list and read all descriptions anew."""
    for user, create_loader in ((session, _create_loader), (utils, cache(moto_loaders.create_loader))):
        user.create_loader = create_loader  # type: ignore[attr-defined]  # imported there, not exported


def describe_service(service: str) -> Mapping[str, Any]:
    """The service's operations and shapes, in the words of its service-2.json."""
    described: Mapping[str, Any] = _create_loader(None).load_service_model(service, "service-2")
    return described
