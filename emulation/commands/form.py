"""The form a stack has: processes or containers."""

from collections.abc import Sequence
from typing import Protocol

from emulation.commands.parts import Part
from emulation.settings import LocalSettings


class Form(Protocol):
    """What the commands need of either form."""

    @property
    def name(self) -> str:
        """`processes` or `containers`."""
        ...

    @property
    def settings(self) -> LocalSettings:
        """What it is started with; of one that was found running, with its own ports."""
        ...

    def running(self) -> dict[str, str]:
        """The parts that run, by name, and since when (UTC ISO 8601)."""
        ...

    def ports(self) -> dict[str, int]:
        """The ports that the parts were started with, by the variables that choose them."""
        ...

    def prepare(self) -> None:
        """Make ready what a first start would wait for. Raises CommandError."""
        ...

    def start(self, parts: Sequence[Part]) -> None:
        """Start parts; returns before they are healthy. Raises CommandError."""
        ...

    def last_words(self, part: Part) -> str | None:
        """The last line of a part that was started and has ended; None while it runs."""
        ...

    def stop(self) -> None:
        """Stop whatever runs; returns when nothing is left."""
        ...

    def show_logs(self, parts: Sequence[Part], follow: bool) -> None:
        """Print the logs; with `follow` until interrupted."""
        ...

    def delete_data(self) -> None:
        """Delete the kept data of a stack that does not run."""
        ...
