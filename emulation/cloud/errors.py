"""The errors of the local cloud."""


class AwsError(Exception):
    """Answered to the caller as the service would: `code` as in `__type` or `<Code>`, `message`, HTTP `status`."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class StateRefusedError(Exception):
    """The kept state cannot be used and must not be overwritten; the text says why and what to do."""


class ForeignItemError(Exception):
    """An item of a table that the server cannot have written; the text says which, and why it cannot."""
