"""Where a SIP URI leads (RFC 3263 4): NAPTR, SRV and addresses, in the order in which they are to be tried."""

import asyncio
import ipaddress
import random
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import dns.asyncresolver
import dns.exception
import dns.resolver

from .flow import Flow
from .uri import Uri

_SECONDS: Final = 3.0
_SERVICES: Final = {"SIP+D2U": "UDP", "SIP+D2T": "TCP", "SIPS+D2T": "TLS"}
_PREFIXES: Final = {"UDP": "_sip._udp.", "TCP": "_sip._tcp.", "TLS": "_sips._tcp."}


@dataclass(frozen=True, slots=True)
class Service:
    """One SRV record."""

    priority: int
    weight: int
    host: str
    port: int


class Names(Protocol):
    """The domain name system; a name without such records has none."""

    async def naptr(self, name: str) -> list[tuple[str, str]]:
        """Return (service, replacement) in the order of preference."""
        ...

    async def srv(self, name: str) -> list[Service]:
        """Return the services of a name."""
        ...

    async def addresses(self, name: str) -> list[str]:
        """Return the addresses of a host."""
        ...


class Dns:
    """The system's resolver, with a cache. A server that does not answer is as good as no records."""

    def __init__(self) -> None:
        self._resolver: dns.asyncresolver.Resolver | None = None

    async def naptr(self, name: str) -> list[tuple[str, str]]:
        """Only records that lead to SRV (flag "s") are of use here."""
        found = [one for one in await self._ask(name, "NAPTR") if one.flags.lower() == b"s"]
        found.sort(key=lambda one: (one.order, one.preference))
        return [(one.service.decode("latin-1").upper(), one.replacement.to_text(True)) for one in found]

    async def srv(self, name: str) -> list[Service]:
        """A target of "." says that there is no such service."""
        found = [Service(one.priority, one.weight, one.target.to_text(True), one.port or 0) for one in
                 await self._ask(name, "SRV")]  # fmt: skip
        return [one for one in found if one.host not in ("", ".", "@")]

    async def addresses(self, name: str) -> list[str]:
        """As the system finds them, its hosts file included."""
        try:
            async with asyncio.timeout(_SECONDS):
                found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_DGRAM)
        except (OSError, TimeoutError, UnicodeError):
            return []
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    async def _ask(self, name: str, kind: str) -> "Iterable[dns.resolver.Answer]":
        try:
            if self._resolver is None:
                self._resolver = dns.asyncresolver.Resolver()
                self._resolver.cache = dns.resolver.LRUCache(1000)
            return list(await self._resolver.resolve(name, kind, lifetime=_SECONDS, search=False))
        except (dns.exception.DNSException, OSError):
            return []


async def locate(
    uri: Uri, names: Names, transports: frozenset[str], chance: Callable[[], float] = random.random
) -> list[Flow]:
    """Return the flows to try for a URI, the best first; none where its name leads nowhere.

    A TLS flow keeps the name, which the certificate is checked against.
    """
    host = uri.parameters.get("maddr") or uri.host
    wanted = "TLS" if uri.scheme == "sips" else uri.transport
    if _is_address(host) or uri.port:
        transport = wanted or ("UDP" if "UDP" in transports else "TCP")
        return await _flows(transport, host, uri.port or _port(transport), names)
    found: list[Flow] = []
    if not wanted:
        for service, name in await names.naptr(host):
            transport = _SERVICES.get(service, "")
            if transport in transports:
                found += await _services(transport, name, names, chance)
    if not found:
        for transport in (wanted,) if wanted else [one for one in _PREFIXES if one in transports]:
            found += await _services(transport, _PREFIXES[transport] + host, names, chance)
    if not found:
        transport = wanted or ("UDP" if "UDP" in transports else "TCP")
        found = await _flows(transport, host, _port(transport), names)
    return list(dict.fromkeys(found))


async def _services(transport: str, name: str, names: Names, chance: Callable[[], float]) -> list[Flow]:
    """By priority, and among equals at random by weight (RFC 2782)."""
    found: list[Flow] = []
    left = sorted(await names.srv(name), key=lambda one: (one.priority, one.weight > 0))
    while left:
        equals = [one for one in left if one.priority == left[0].priority]
        at = chance() * sum(one.weight for one in equals)
        for chosen in equals:
            at -= chosen.weight
            if at <= 0:
                break
        left.remove(chosen)
        found += await _flows(transport, chosen.host, chosen.port, names)
    return found


async def _flows(transport: str, host: str, port: int, names: Names) -> list[Flow]:
    if _is_address(host) or transport == "TLS":
        return [Flow(transport, host, port)]
    return [Flow(transport, address, port) for address in await names.addresses(host)]


def _port(transport: str) -> int:
    return 5061 if transport == "TLS" else 5060


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
