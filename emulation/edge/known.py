"""What the local edge knows of the template; a property that it does not know stops it."""

from collections.abc import Collection, Mapping
from typing import Any

from emulation.intrinsics import TemplateError


def check_known(place: str, properties: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise TemplateError, a sentence, for the first property that is not known."""
    for name in properties:
        if name not in known:
            raise TemplateError(f"{place}: the local edge cannot honour {name}.")
