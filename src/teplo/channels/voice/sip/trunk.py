"""Trunks: who may send us calls and whom we believe."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..addresses import literal
from .digest import Credentials
from .uri import Uri

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class Trunk:
    """One carrier or gateway: the networks it calls from, where our calls to it go, how we prove ourselves there."""

    name: str
    networks: tuple[Network, ...]
    route: Uri | None = None
    credentials: Credentials | None = None
    asserts_identity: bool = True
    """Whether its P-Asserted-Identity is believed (RFC 3325)."""
    relearn: bool = True
    """Whether its audio may come from elsewhere than the SDP says (RFC 4961): there may be NAT between."""

    @classmethod
    def of(
        cls,
        name: str,
        *networks: str,
        route: Uri | None = None,
        credentials: Credentials | None = None,
        relearn: bool = True,
    ) -> "Trunk":
        """From addresses or networks as text; raises ValueError."""
        return cls(name, tuple(map(ipaddress.ip_network, networks)), route, credentials, relearn=relearn)


class Sources:
    """Which trunk an address belongs to; the first that matches. Answers are remembered, so a flood costs a look-up."""

    def __init__(self, trunks: Iterable[Trunk] = ()) -> None:
        self.trunks = tuple(trunks)
        self._found: dict[str, Trunk | None] = {}

    def named(self, name: str) -> Trunk | None:
        """None for one that is not (any more) configured."""
        return next((trunk for trunk in self.trunks if trunk.name == name), None)

    def find(self, host: str) -> Trunk | None:
        """None for a stranger."""
        if host in self._found:
            return self._found[host]
        address = literal(host)
        if address is None:
            return None
        found = next((t for t in self.trunks if any(address in network for network in t.networks)), None)
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[host] = found
        return found
