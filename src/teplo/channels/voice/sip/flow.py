"""Where a message comes from and goes to."""

import ipaddress
from dataclasses import dataclass
from typing import Final

_PRIVATE: Final = [
    ipaddress.ip_network(one)
    for one in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),  # RFC 1918, RFC 4193
        *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/127", "fe80::/10"),
    )
]
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")
"""Between subscribers and a carrier's NAT (RFC 6598)."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A peer's address on a transport (`UDP`, `TCP`, `TLS`, `WS`, `WSS`); `connection`: number of one we accepted."""

    transport: str
    host: str
    port: int
    connection: int = 0

    @property
    def reliable(self) -> bool:
        """Whether the transport itself delivers."""
        return self.transport != "UDP"


def is_hidden(host: str, seen: str) -> bool:
    """Whether a peer seen at the address `seen` is behind NAT as it names `host`, which nobody there can reach."""
    return host != seen and _reach(host) < _reach(seen)


def _reach(host: str) -> int:
    """How far an address is known: 0 in one private network, 1 within one carrier, 2 everywhere. Names are, too."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return 2
    if any(address in network for network in _PRIVATE):
        return 0
    return 1 if address in _SHARED else 2
