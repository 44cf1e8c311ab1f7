"""Where a URI leads (RFC 3263)."""

import pytest

from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.resolve import Service, locate
from teplo.channels.voice.sip.uri import Uri

pytestmark = pytest.mark.anyio
ALL = frozenset({"UDP", "TCP", "TLS"})


class Zone:
    """Records of carrier.example."""

    def __init__(self, naptr: list[tuple[str, str]] | None = None, **srv: list[Service]) -> None:
        self._naptr = naptr or []
        self._srv = {f"_sip._{name}.carrier.example": found for name, found in srv.items()}

    async def naptr(self, name: str) -> list[tuple[str, str]]:
        return self._naptr if name == "carrier.example" else []

    async def srv(self, name: str) -> list[Service]:
        return self._srv.get(name, [])

    async def addresses(self, name: str) -> list[str]:
        return {"a.example": ["192.0.2.1", "2001:db8::1"], "b.example": ["192.0.2.2"]}.get(name, [])


TWO = [Service(20, 0, "b.example", 5070), Service(10, 0, "a.example", 5062)]


async def located(uri: str, zone: Zone, transports: frozenset[str] = ALL) -> list[Flow]:
    return await locate(Uri.parse(uri), zone, transports, lambda: 0.5)


async def test_addresses_and_ports_ask_no_services() -> None:
    assert await located("sip:192.0.2.9", Zone()) == [Flow("UDP", "192.0.2.9", 5060)]
    assert await located("sips:192.0.2.9", Zone()) == [Flow("TLS", "192.0.2.9", 5061)]
    assert await located("sip:b.example:5080;transport=tcp", Zone(udp=TWO)) == [Flow("TCP", "192.0.2.2", 5080)]


async def test_services_are_tried_by_priority() -> None:
    found = [Flow("UDP", "192.0.2.1", 5062), Flow("UDP", "2001:db8::1", 5062), Flow("UDP", "192.0.2.2", 5070)]
    assert await located("sip:carrier.example", Zone(udp=TWO)) == found


async def test_naptr_chooses_the_transport_and_what_we_lack_is_passed_over() -> None:
    zone = Zone(
        [("SIPS+D2T", "_sips._tcp.carrier.example"), ("SIP+D2T", "_sip._tcp.carrier.example")], tcp=TWO, udp=TWO
    )
    found = await located("sip:carrier.example", zone, frozenset({"UDP", "TCP"}))
    assert {flow.transport for flow in found} == {"TCP"}


async def test_a_name_without_services_is_a_host_and_one_unknown_leads_nowhere() -> None:
    assert await located("sip:b.example", Zone()) == [Flow("UDP", "192.0.2.2", 5060)]
    assert await located("sip:nowhere.example", Zone()) == []


async def test_equals_are_chosen_by_weight() -> None:
    zone = Zone(udp=[Service(1, 90, "a.example", 1), Service(1, 10, "b.example", 2)])
    first = [
        (await locate(Uri.parse("sip:carrier.example"), zone, ALL, lambda at=at: at))[0].port for at in (0.1, 0.95)
    ]
    assert first == [1, 2]
