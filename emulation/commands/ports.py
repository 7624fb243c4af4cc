"""The ports of the stack: whether they can be had."""

import fcntl
import itertools
import os
import socket
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from emulation.commands.errors import CommandError
from emulation.commands.parts import PARTS, Part
from emulation.settings import UNASKED_PORTS, LocalSettings


def check_ports(parts: Sequence[Part], settings: LocalSettings) -> None:
    """Raise CommandError, naming the variable that changes it, when a port cannot be had."""
    taken: dict[int, Part] = {}
    for part in parts:
        port = part.port(settings)
        if port == 0:
            raise CommandError(f"{part.port_variable} must name a port: 0 is none that others could find.")
        if port in taken:
            raise CommandError(f"{taken[port].port_variable} and {part.port_variable} must differ; both are {port}.")
        reason = _why_not(port)
        if reason:
            raise CommandError(
                f"Port {port} for the {part.name} {reason}; stop what uses it, or choose another: "
                f"{part.port_variable}={_free_port_near(port)} uv run just up"
            )
        taken[port] = part


def find_free_ports(count: int, first: int | None = None) -> list[int]:
    """Ports nobody listens on just now, all different, looked for from `first` on.

    Nobody gets one by chance before it is used. Nor does another process that asks here, for as long as this one lives;
    asked again, this one is given them again.
    """
    if first is None:
        # Processes that begin together, as test runners do, begin to look 50 apart.
        first = UNASKED_PORTS.start + os.getpid() * 50 % 12_000
    free = (port for port in range(first, UNASKED_PORTS.stop) if _can_be_kept(port) and not _why_not(port))
    return list(itertools.islice(free, count))


def _can_be_kept(port: int) -> bool:
    """Keep a port for this process; False when another one has it."""
    try:
        fcntl.lockf(_given_ports(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return True


@cache
def _given_ports() -> int:
    """A file of this user's: who keeps a port has locked the byte of its number.

    Such a lock ends with its process, or when that closes the file: it stays open, as a descriptor that nothing closes.
    """
    path = Path(tempfile.gettempdir()) / f"guitar-collection-ports-{os.getuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def find_stack_ports() -> dict[str, str]:
    """Free ports for the parts of a stack, by the variables that choose them."""
    return {part.port_variable: str(port) for part, port in zip(PARTS, find_free_ports(len(PARTS)), strict=True)}


def _why_not(port: int) -> str:
    with closing(socket.socket()) as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return "is taken by another program"
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return f"is refused ({error.strerror})"
    return ""


def _free_port_near(port: int) -> int:
    return next((other for other in range(port + 10, min(port + 200, 65536)) if not _why_not(other)), 0)
