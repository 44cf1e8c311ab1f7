"""Which address of this machine others see, and which one they are told."""

import ipaddress
import socket
from collections.abc import Iterable
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


class Told:
    """The address of ours that peers are told.

    `public` is for all but those in the networks `near`: they are told the one that is bound, or, where all are, that
    from which the system would speak to them. Peers that are only known by name are outside.
    """

    def __init__(self, bound: str, public: str = "", near: Iterable[str] = ()) -> None:
        """Raises ValueError where one of `near` is no network."""
        self._bound = bound if bound not in ("0.0.0.0", "::", "") else ""
        self._public = public
        self._near = [ipaddress.ip_network(one) for one in near]
        self._known: dict[str, str] = {}

    def to(self, peer: str) -> str:
        """Return what stands in Via and Contact towards a peer."""
        address = literal(peer)
        if self._public and not (address is not None and any(address in network for network in self._near)):
            return self._public
        return self._bound or self._towards(OUTSIDE if address is None else str(address))

    def audio_to(self, peer: str) -> str:
        """Return what stands in the session description.

        Of several addresses a peer on this machine is told one that others reach, too: it may hand the call on.
        """
        told, address = self.to(peer), literal(peer)
        return self._towards(OUTSIDE) if not self._bound and address is not None and address.is_loopback else told

    def _towards(self, peer: str) -> str:
        if peer not in self._known:
            if len(self._known) > 4096:
                self._known.clear()
            self._known[peer] = own_address(peer) or "127.0.0.1"
        return self._known[peer]


def literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that this is, of IPv4 also one seen on a socket of IPv6; None for a name."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
