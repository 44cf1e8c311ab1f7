"""A large site whose carrier speaks SIP over TLS and SRTP, and one that has IPv6 alone, with the same files.

On the loopback interface there is one IPv6 address: there everybody has it, and ports tell them apart.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.serving import serving

from teplo.channels.voice.sip.transport import Listen
from teplo.clock import SteadyClock
from teplo.simulator.phone import PhoneCall, Phones
from teplo.storage.ports import free_port

from .conftest import voice_beside
from .people import Ear, tone, until
from .test_call import AGENT, calls
from .test_large_site import (
    CARRIER,
    EDGE,
    GUEST,
    Site,
    hold_with_music,
    only_site,
    only_trunk,
    programs,
    pytestmark,
    running,
    talk,
)

__all__ = ["pytestmark"]
LOOPBACK = "::1"


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind((LOOPBACK, 0))
    except OSError:
        return False
    return True


def certificate(folder: Path, name: str, host: str) -> None:
    """Write `NAME-key.pem` and `NAME-chain.pem`: a certificate for an address that is its own authority."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    at = datetime.fromtimestamp(SteadyClock()(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}-key.pem").write_bytes(secret)
    (folder / f"{name}-chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


@pytest.fixture(scope="module", params=["IPv4 with TLS", "IPv6 with TLS", "IPv6"])
def site(request: pytest.FixtureRequest, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    six = "IPv6" in request.param
    if six and not has_ipv6():
        pytest.skip("this machine has no IPv6 loopback address")
    folder = tmp_path_factory.mktemp("site")
    inside, edge, carrier = (LOOPBACK,) * 3 if six else ("127.0.0.1", EDGE, CARRIER)
    certificate(folder, "site", edge)
    certificate(folder, "carrier", carrier)
    certificate(folder, "impostor", carrier)
    with (
        only_site(),
        serving(template, folder) as served,
        voice_beside(served, folder, inside) as first,
        voice_beside(served, folder, inside) as second,
    ):
        tls = free_port() if "TLS" in request.param else None
        made = Site(first, second, (edge, free_port()), free_port(), folder, carrier, tls)
        asyncio.run(only_trunk(made))
        rtpengine, kamailio = programs(made)
        with running(rtpengine, folder / "rtpengine.log"), running(kamailio, folder / "kamailio.log"):
            yield made


def listening(site: Site, name: str) -> Listen:
    """What a carrier listens to, with a certificate of this name."""
    if site.tls is None:
        return Listen(site.carrier_host, udp=site.carrier, tcp=None)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(site.folder / f"{name}-chain.pem", site.folder / f"{name}-key.pem")
    client = ssl.create_default_context(cafile=str(site.folder / "site-chain.pem"))
    return Listen(site.carrier_host, None, None, tls=site.carrier, tls_server=server, tls_client=client)


@pytest.fixture
async def carrier(site: Site) -> AsyncIterator[Phones]:
    async with Phones(site.carrier_host, listen=listening(site, "carrier")) as opened:
        yield opened


async def dialled(site: Site, carrier: Phones, number: str) -> tuple[PhoneCall, Ear]:
    """A call of the carrier, the way that it comes."""
    front = site.front
    if site.tls is not None:
        front.sip = (front.sip[0], site.tls)
    return await calls(
        carrier, front, number, secure=site.tls is not None, transport="UDP" if site.tls is None else "TLS"
    )


async def test_calls_come_from_the_carrier_and_go_to_it(site: Site, carrier: Phones) -> None:
    async def dial() -> Ear:
        nonlocal call
        call, ear = await dialled(site, carrier, "+79748001701")
        return ear

    call: PhoneCall | None = None
    async with talk(site, dial, "agent1") as (tab, subscriber):
        assert call is not None
        await hold_with_music(tab, subscriber)

        at = f"/contacts/{tab.contact}/call/consult"
        await tab.desk.call("POST", at, {"to": {"number": "+79748009997"}})
        ringing = await asyncio.wait_for(carrier.rings.get(), 20)
        assert (ringing.number, ringing.session.flow.transport) == ("+79748009997", "TLS" if site.tls else "UDP")
        called, ear = await ringing.answer(), Ear()
        assert (called.leg._srtp is not None) is (site.tls is not None)
        called.listen(ear.frame)
        called.say(tone(GUEST, 1.0), loop=True)
        await until(lambda: tab.ear.hears(GUEST) and ear.hears(AGENT), "the number and the agent")
        called.hang_up()
        await until(lambda: not tab.state["guests"], "the number has gone")
    call.hang_up()
    await until(call.over.is_set, "the end")


async def test_nobody_is_called_over_tls_whose_certificate_no_authority_vouches_for(site: Site) -> None:
    if site.tls is None:
        pytest.skip("a site without TLS")
    async with Phones(site.carrier_host, listen=listening(site, "impostor")) as impostor:

        async def dial() -> Ear:
            return (await dialled(site, impostor, "+79748001702"))[1]

        async with talk(site, dial, "agent1") as (tab, _):
            at = f"/contacts/{tab.contact}/call/consult"
            log = site.folder / "kamailio.log"
            before = log.stat().st_size
            await tab.desk.call("POST", at, {"to": {"number": "+79748009996"}})
            await until(lambda: b"verify failed" in log.read_bytes()[before:], "Kamailio looks at the certificate")
            await until(lambda: not tab.state["guests"] and tab.state["gone"], "nobody was reached")
            assert impostor.rings.empty()
