"""What makes a command fail."""


class CommandError(Exception):
    """The command cannot do what it was asked; the text is one sentence: what is wrong and what to do."""
