"""Ports of the loopback address, for what the tests start."""

import socket

from emulation.commands.ports import find_free_ports


def free_port() -> int:
    """A port that nobody listens on just now, and that no other process is given here; asked again before it is used,
    this answers the same one."""
    [port] = find_free_ports(1)
    return port


def bound_socket() -> socket.socket:
    """A socket with a port of its own, which nobody else can take before it listens."""
    own = socket.socket()
    own.bind(("127.0.0.1", 0))
    return own


def port_of(own: socket.socket) -> int:
    """The port of a socket that is bound."""
    port: int = own.getsockname()[1]
    return port
