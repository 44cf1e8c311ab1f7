"""Damaged packets against the sockets of a real voice worker: SIP over UDP and TCP, media of a phone and of a browser.

One talk stands meanwhile; its own ends throw at the ports of their legs, which take packets from nobody else.
"""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pylibsrtp import Error
from tests.calls.people import AgentTab, until
from tests.sip.torture import request

from teplo.channels.voice.sip.message import Response, parse
from teplo.simulator.phone import PhoneCall, Phones

from . import packets

NOBODY, CALLED = b"699", b"611"
"""A number that nobody answers: most damaged INVITEs must not become calls. And one that is answered."""
_AT_ONCE = 6
"""Packets to one media port within 20 ms: the worker reads eight, the rest would be the kernel's to drop."""
_SIP_AT_ONCE = 40
DEFECTS = ("Traceback", "sip.message_failed", "sip.callback_failed", "call.failed")
"""What must not be in the worker's log."""


def resident_mb(process: int) -> float:
    """Resident memory of a process, MB."""
    fields = Path(f"/proc/{process}/status").read_text().partition("VmRSS:")[2].split()
    return int(fields[0]) * 1024 / 1e6


class Thrower:
    """Throws at a worker. `call` and `tab` are the ends of the talk; `victims` further phones that are answered."""

    def __init__(
        self, sip: tuple[str, int], phones: Phones, call: PhoneCall, tab: AgentTab, seed: int, *, calling: float = 0.0
    ) -> None:
        """`calling`: share of the damaged INVITEs that may become calls."""
        self.chance = random.Random(seed)
        self.thrown: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self.waits: list[float] = []
        """Seconds until a question between damaged packets was answered."""
        self._sip = sip
        self._phones = phones
        self._tab = tab
        self._calling = calling
        self._victims: list[PhoneCall] = [call]
        self._kinds = packets.kinds(self.chance)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.connect(sip)
        self._socket.setblocking(False)
        assert tab.peer is not None
        self._hello = packets.hello(tab.peer.context)

    def close(self) -> None:
        """Close our own socket."""
        self._socket.close()

    def aim(self, victims: Sequence[PhoneCall]) -> None:
        """Throw at the media of these calls, too."""
        self._victims = [self._victims[0], *victims]

    async def throw(self, count: int) -> None:
        """Throw so many packets of all kinds, as fast as the worker reads them."""
        wanted: Counter[str] = Counter(kind for kind, _ in zip(self._kinds, range(count), strict=False))
        media = [kind for kind in ("rtp", "rtcp", "stun", "dtls") for _ in range(wanted[kind])]
        self.chance.shuffle(media)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._signalling(wanted["sip"], wanted["sdp"]))
            group.create_task(self._media(media))
        self.thrown.update(wanted)

    async def ask(self) -> None:
        """A good OPTIONS is answered with 200 (or 503 by a full worker), whatever came before it."""
        branch = f"z9hG4bK-good{self.chance.getrandbits(60)}"
        via = f"SIP/2.0/UDP 127.0.0.1;rport;branch={branch}"
        asked, loop = time.monotonic(), asyncio.get_running_loop()
        async with asyncio.timeout(10):
            while True:
                self._socket.send(request("OPTIONS", via=via, call_id=branch))
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        while self._took(await loop.sock_recv(self._socket, 65_535)) != branch:
                            pass
                        self.waits.append(time.monotonic() - asked)
                        return

    async def call_once(self, number: str) -> None:
        """A good call is answered and ended."""
        call = await self._phones.call(self._sip, CALLED.decode(), number)
        await until(call.answered.is_set, "an answer amid damaged packets")
        call.hang_up()
        await until(call.over.is_set, "its end")

    # --- signalling ---------------------------------------------------------------------------------------------

    async def _signalling(self, messages: int, descriptions: int) -> None:
        order = ["sip"] * messages + ["sdp"] * descriptions
        self.chance.shuffle(order)
        for number, kind in enumerate(order):
            if kind == "sdp":
                self._describe()
            elif self.chance.random() < 0.02:
                await self._stream()
            else:
                self._send(self._damaged())
            if number % _SIP_AT_ONCE == 0:
                await self.ask()
        await self.ask()

    def _damaged(self) -> bytes:
        """A SIP message for this worker: answers come back to us, calls to nobody."""
        data = packets.damaged_sip(self.chance)
        if self.chance.random() < 0.9:
            data = data.replace(b"INVITE", b"OPTIONS")
        if self.chance.random() >= self._calling:
            data = data.replace(b"611@", NOBODY + b"@")
        return data.replace(b";branch=", b";rport;branch=", 1)

    def _describe(self) -> None:
        """A damaged description: in the dialog of a victim, or in an INVITE to nobody."""
        body = packets.damaged_sdp(self.chance)
        victims = [one.session for one in self._victims[1:] if one.session.state == "confirmed"]
        if victims and self.chance.random() < 0.8:
            session = self.chance.choice(victims)
            method = self.chance.choice(("UPDATE", "UPDATE", "INFO", "INVITE"))
            core = self._phones.endpoint.core
            built = session.dialog.request(method, core.via(session.flow), body=body)
            built.headers.put("content-type", "application/sdp")
            built.headers.put("contact", core.contact(session.flow))
            core.send(built.encode(), session.flow)
            return
        unique = f"z9hG4bK{self.chance.getrandbits(60)}"
        number = CALLED if self.chance.random() < self._calling else NOBODY
        self._send(
            request(
                "INVITE",
                f"sip:{number.decode()}@127.0.0.1",
                body=body.decode("utf-8", "surrogateescape"),
                via=f"SIP/2.0/UDP 127.0.0.1;rport;branch={unique}",
                call_id=unique,
            )
        )

    async def _stream(self) -> None:
        """A few messages over TCP, cut anywhere; the worker closes what it cannot cut any more."""
        _, writer = await asyncio.open_connection(*self._sip)
        with suppress(OSError):
            writer.write(b"".join(self._damaged() for _ in range(self.chance.randint(1, 4))))
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def _send(self, data: bytes) -> None:
        with suppress(OSError):  # full, or an ICMP error of an earlier one
            self._socket.send(data[:60_000])

    def _took(self, data: bytes) -> str:
        """Count an answer; return its branch."""
        try:
            message = parse(data)
        except ValueError:
            return ""
        if not isinstance(message, Response):
            return ""
        self.answers[message.status] += 1
        return message.via.branch if message.status in (200, 503) else ""

    # --- media --------------------------------------------------------------------------------------------------

    async def _media(self, kinds: list[str]) -> None:
        """Half at the phones' legs, half at the browser's; checks and records only at the browser's."""
        peer = self._tab.peer
        assert peer is not None and peer.srtp is not None
        here: Counter[int] = Counter()
        for number, kind in enumerate(kinds):
            if kind in packets.MEDIA:
                data = packets.MEDIA[kind](self.chance)
                victim = self.chance.choice(self._victims)
                if self.chance.random() < 0.5 and here[id(victim)] < _AT_ONCE:
                    here[id(victim)] += 1
                    (victim.leg.transmit if kind == "rtp" else victim.leg.transmit_rtcp)(data)
                else:
                    self._protected(kind, data)
            elif kind == "stun":
                peer.send(packets.damaged_stun(self.chance, peer.check(), peer.remote[1].encode()))
                if self.chance.random() < 0.3:
                    self._send(packets.damaged_stun(self.chance, peer.check()))
            else:
                peer.send(packets.damaged_dtls(self.chance, self._hello))
            if number % 60 == 59:
                here.clear()
                await asyncio.sleep(0.02)

    def _protected(self, kind: str, data: bytes) -> None:
        """As an authentic packet of the browser where it can be made one, else as it is."""
        peer = self._tab.peer
        assert peer is not None and peer.srtp is not None
        with suppress(Error):
            if self.chance.random() < 0.7:
                data = peer.srtp[0].protect(data) if kind == "rtp" else peer.srtp[0].protect_rtcp(data)
        peer.send(data)
