"""Trunks at work: registration at a carrier by a real worker, and how administrators see it."""

import asyncio
import time
from typing import Any

import pytest

from teplo.channels.voice.sip.digest import Server, proofs
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.registrar import Registrar
from teplo.channels.voice.sip.transport import Listen
from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import Phones
from teplo.storage.ports import free_port

from .conftest import Centre
from .people import tone, until
from .test_call import CALLER
from .test_callback import change

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
NAME = {"ru": "Оператор связи", "en": "Carrier"}


async def standing(admin: DeskClient, trunk: str, **wanted: Any) -> dict[str, Any]:
    """Wait until a trunk stands like that."""
    found: dict[str, Any] = {}
    end = time.monotonic() + 20
    while time.monotonic() < end:
        items = (await admin.call("GET", "/trunks")).json()["items"]
        found = next((one for one in items if one["trunk"] == trunk), {})
        if found and all(found[name] == value for name, value in wanted.items()):
            return found
    raise AssertionError(f"never {wanted}: {found}")


async def test_a_trunk_registers_and_shows_how_it_stands(centre: Centre) -> None:
    async with (
        Endpoint(Listen("127.0.0.1", udp=0, tcp=None)) as carrier,
        DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as admin,
    ):
        known = {"teplo-611": proofs("teplo-611", "carrier", "open sesame")}
        registrar = Registrar(carrier.core, Server("carrier", b"s", carrier.core.timers.clock, known.get))
        carrier.admit(registrar)
        port = carrier.transports.ports["UDP"]
        body = {"name": NAME, "networks": ["192.0.2.0/28"], "registrar": f"sip:127.0.0.1:{port}", "user": "teplo-611"}
        await admin.call("PUT", "/config/trunk/carrier", body, headers={"If-None-Match": "*"})
        await admin.call("PUT", "/trunks/carrier/secret", {"secret": "wrong"})
        refused = await standing(admin, "carrier", registration="refused", up=True)
        assert refused["status"] in (401, 403) and refused["registration_since"]
        await admin.call("PUT", "/trunks/carrier/secret", {"secret": "open sesame"})
        await standing(admin, "carrier", registration="registered", status=200)
        assert (await admin.call("GET", "/health")).json()["trunks"]["configured"] >= 1
        assert [one.contact.user for one in registrar.bindings("teplo-611")] == ["teplo-611"]

        seen = (await admin.call("GET", "/config/trunk/carrier/history")).text
        assert "sesame" not in seen
        version = (await admin.call("GET", "/config/trunk/carrier")).json()["version"]
        await admin.call("DELETE", "/config/trunk/carrier", headers={"If-Match": str(version)})
        end = time.monotonic() + 10
        while registrar.bindings("teplo-611") and time.monotonic() < end:
            await admin.call("GET", "/trunks")
        assert not registrar.bindings("teplo-611")
    assert "sesame" not in (centre.data / "voice.log").read_text()


async def test_a_trunk_may_be_heard_only_from_where_it_says(own_centre: Centre, phones: Phones) -> None:
    """Learnt by default, since there may be NAT between; where the trunk's setting forbids it, kept to the SDP."""

    async def hears(number: str) -> bool:
        """Speak from another port than the SDP names; tell whether we are spoken to there."""
        call = await phones.call(own_centre.sip, "612", number, names=free_port())
        call.say(tone(CALLER), loop=True)
        await until(call.answered.is_set, "an answer")
        try:
            async with asyncio.timeout(3):
                while not call.leg.stats().packets:
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return False
        finally:
            call.hang_up()
        return True

    assert await hears("+79748009401")
    async with DeskClient(own_centre.served.address, "admin", own_centre.served.password, topics=()) as admin:
        await change(admin, "trunk/local", relearn=False)
    async with asyncio.timeout(20):
        while await hears("+79748009402"):
            pass
