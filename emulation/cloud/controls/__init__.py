"""The topics of the control plane, one module each; `emulation.cloud.control` puts them together."""

from collections.abc import Awaitable, Callable, Mapping

from emulation.cloud.exchange import Answer, Request

# By method and path.
Routes = Mapping[tuple[str, str], Callable[[Request], Awaitable[Answer]]]
