"""What may be wrong with a kept state."""


class StateDamagedError(Exception):
    """A file is not as it was written, or one that it refers to is missing; the text says what is wrong."""


class StateIncompatibleError(Exception):
    """The file is whole, but another version wrote it; the text says which."""
