"""A subscriber's telephone: real SIP and RTP, a person who speaks, listens and presses keys."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from ..channels.voice import sdp
from ..channels.voice.media.g711 import Samples
from ..channels.voice.media.leg import Leg, Sound
from ..channels.voice.media.mixer import Mixer
from ..channels.voice.media.rtp_leg import RtpLeg, Sockets
from ..channels.voice.media.srtp import DEFAULT_SUITE, fresh_key
from ..channels.voice.sip.endpoint import Endpoint
from ..channels.voice.sip.flow import Flow
from ..channels.voice.sip.session import Ended, Session
from ..channels.voice.sip.transport import Listen
from ..channels.voice.sip.trunk import Sources, Trunk
from ..channels.voice.sip.uri import NameAddr, Uri, bracketed


class Phones:
    """One address from which any number of people call; an async context manager."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, listen: Listen | None = None) -> None:
        """`listen`: other transports than UDP."""
        self.host = host
        self.sockets = Sockets()
        self.mixer = Mixer(before=self.sockets.drain)
        self.endpoint = Endpoint(listen or Listen(host, udp=port, tcp=None))
        self.endpoint.stack.sources = Sources([Trunk.of("anybody", "0.0.0.0/0", "::/0")])
        self.endpoint.on_call = self._called
        self.rings: asyncio.Queue[Ringing] = asyncio.Queue()
        """Telephones that ring; whoever takes one from here answers it or does not."""
        self._group = asyncio.TaskGroup()
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.endpoint.start()
        await self._group.__aenter__()
        self._ticking = self._group.create_task(self.mixer.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        await self._group.__aexit__(None, None, None)
        await self.endpoint.close()
        self.sockets.close()

    def _called(self, session: Session) -> None:
        session.ring()
        self.rings.put_nowait(Ringing(self, session))

    async def call(
        self,
        server: tuple[str, int],
        number: str,
        caller: str,
        *,
        secure: bool = False,
        transport: str = "UDP",
        names: int | None = None,
    ) -> "PhoneCall":
        """Call a number at a server from a telephone number; returns once the INVITE is out.

        `secure`: offer SRTP with a key in the SDP (RFC 4568). `names`: the port that the SDP tells in place of that of
        the audio, as behind NAT.
        """
        leg = RtpLeg(caller, self.sockets)
        await leg.open(self.host, [0])
        host, port = server
        keys = [sdp.Crypto(1, DEFAULT_SUITE, fresh_key())] if secure else []
        offer = sdp.offer(self.host, names or leg.local_port, crypto=keys).encode()
        session = self.endpoint.call(
            Uri.parse(f"sip:{number}@{bracketed(host)}:{port}"),
            from_=NameAddr.parse(f"<sip:{caller}@{bracketed(self.host)}>"),
            sdp=offer,
            route=Flow(transport, host, port),
        )
        made = PhoneCall(self, session, leg, offer)
        self.mixer.add(leg)
        return made


class Ear(Leg):
    """Hears what reaches the telephone: frames of 160 samples, one each 20 ms."""

    def __init__(self, heard: Callable[[Samples], None]) -> None:
        super().__init__("ear")
        self._heard = heard

    def push(self, frame: Samples) -> None:
        """Hand a copy on."""
        self._heard(frame.copy())


class PhoneCall:
    """One call of one person."""

    def __init__(self, phones: Phones, session: Session, leg: RtpLeg, offer: bytes) -> None:
        self._phones = phones
        self.session = session
        self._offer = sdp.parse(offer)
        self.leg = leg
        self._ears: list[Ear] = []
        self.answered = asyncio.Event()
        self.over = asyncio.Event()
        self.ended: Ended | None = None
        session.on_answered = self._answered
        session.on_ended = self._ended

    def say(self, sound: Sound, *, loop: bool = False) -> None:
        """Speak into the telephone."""
        self.leg.play(sound, loop=loop)

    def listen(self, heard: Callable[[Samples], None]) -> None:
        """Call `heard` with every 20 ms of what the subscriber hears."""
        ear = Ear(heard)
        ear.hear = {self.leg}
        self._ears.append(ear)
        self._phones.mixer.add(ear)

    def press(self, digits: str) -> None:
        """Press keys."""
        self.leg.send_digits(digits)

    def hang_up(self) -> None:
        """Put the receiver down."""
        self.session.hang_up()

    def _answered(self, answer: bytes | None) -> None:
        if answer is None:
            return
        self.leg.agree(sdp.agreed(self._offer, sdp.parse(answer)))
        self.answered.set()

    def _ended(self, ended: Ended) -> None:
        self.ended = ended
        for ear in self._ears:
            self._phones.mixer.remove(ear)
        self._phones.mixer.remove(self.leg)
        self.leg.close()
        self.over.set()


class Ringing:
    """A telephone that rings. `number` is what was dialled."""

    def __init__(self, phones: Phones, session: Session) -> None:
        self._phones = phones
        self.session = session
        self.number = session.called.user
        self.over = asyncio.Event()
        """The caller has given up."""
        session.on_ended = lambda ended: self.over.set()

    async def answer(self) -> PhoneCall:
        """Pick up."""
        phones, session = self._phones, self.session
        leg = RtpLeg(self.number, phones.sockets)
        await leg.open(phones.host, [0])
        offered = sdp.parse(session.remote_sdp or b"")
        key = fresh_key() if offered.audio is not None and offered.audio.crypto else None
        built, agreed = sdp.answer(offered, phones.host, leg.local_port, key=key)
        made = PhoneCall(phones, session, leg, built.encode())
        leg.agree(agreed)
        phones.mixer.add(leg)
        session.on_digit = leg.digit
        session.answer(built.encode())
        made.answered.set()
        return made

    def refuse(self, status: int = 486) -> None:
        """Busy, or another SIP status."""
        self.session.reject(status)
