"""Which address of this machine others see."""

import socket
from typing import Final

OUTSIDE: Final = "192.0.2.1"
"""An address of the documentation (RFC 5737): the way to it is the default route."""


def own_address(peer: str) -> str | None:
    """Return the address from which the system would speak to an IP address; None where no way leads there.

    Nothing is sent: the kernel only chooses a route.
    """
    family = socket.AF_INET6 if ":" in peer else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((peer, 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])
