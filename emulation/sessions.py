"""The SDK sessions of the functions: each signs with a key of its own, as each has a role of its own on Lambda."""

from typing import Any

import aioboto3
from aiobotocore.session import AioSession

from emulation.settings import DEVELOPER_SECRET_KEY, REGION
from emulation.tracing import TRACE_HEADER, trace_header


class Sessions:
    """Sessions that share what the SDK reads from its files, which is most of what opening a client takes."""

    def __init__(self) -> None:
        self._loader = AioSession().get_component("data_loader")

    def open(self, access_key: str) -> aioboto3.Session:
        """A session that signs with an access key of the local AWS."""
        session = AioSession()
        session.register_component("data_loader", self._loader)
        session.register("before-call", _add_trace)
        return aioboto3.Session(
            aws_access_key_id=access_key,
            aws_secret_access_key=DEVELOPER_SECRET_KEY,
            region_name=REGION,
            botocore_session=session,
        )


def _add_trace(params: dict[str, Any], **_told: Any) -> None:
    """Say which trace a call belongs to, as the SDK does by itself on Lambda. The header is not signed."""
    header = trace_header()
    if header:
        params["headers"][TRACE_HEADER] = header
