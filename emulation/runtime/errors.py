"""How an invocation fails."""


class FunctionError(Exception):
    """The function raised, ended, or answered too much; the text is its message."""


class FunctionEndedError(FunctionError):
    """The function's process is gone."""


class FunctionTimeoutError(Exception):
    """A function took longer than its Timeout; worded as Lambda words it."""


class RuntimeMissingError(Exception):
    """Built functions cannot run here; the text is a sentence that says why."""
