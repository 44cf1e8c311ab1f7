"""Ports for programs that are started by number.

A port that the kernel proposes is one of those it gives to outgoing connections: before the program binds it, or
between its death and its next start, somebody's connection may take it; who keeps trying to reach a dead server may
even get connected to himself and so keep the server out. So these come from below the range of outgoing connections.
"""

import random
import socket
from pathlib import Path

_LOWEST = 12_000
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_dice = random.SystemRandom()


def free_port() -> int:
    """Return a port that is free now, for UDP and for TCP."""
    end = int(_EPHEMERAL.read_text().split()[0]) if _EPHEMERAL.is_file() else 32_768
    while True:
        port = _dice.randrange(_LOWEST, max(end, _LOWEST + 1000))
        if _free(port, socket.SOCK_STREAM) and _free(port, socket.SOCK_DGRAM):
            return port


def _free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
