"""A desk phone of an agent: registers with digest, rings, is answered, holds, and dials codes."""

import asyncio
from urllib.parse import quote

from ..channels.voice import sdp
from ..channels.voice.description import Direction
from ..channels.voice.media.rtp_leg import RtpLeg
from ..channels.voice.sip.digest import Credentials
from ..channels.voice.sip.flow import Flow
from ..channels.voice.sip.registration import Registration
from ..channels.voice.sip.session import Session
from ..channels.voice.sip.trunk import Sources, Trunk
from ..channels.voice.sip.uri import NameAddr, Uri
from .phone import PhoneCall, Phones


class DeskPhone:
    """One phone at an address of its own (`phones` is used by nobody else)."""

    def __init__(self, phones: Phones, server: tuple[str, int], login: str, secret: str) -> None:
        self._phones = phones
        self._server = server
        self._credentials = Credentials(login, secret)
        self._session: Session | None = None
        self._address = NameAddr(Uri("sip", login, server[0], server[1]))
        core = phones.endpoint.core
        core.settings.contact_user = login
        phones.endpoint.stack.sources = Sources([Trunk.of("server", server[0])])
        phones.endpoint.on_call = self._called
        self._registration = Registration(core, Uri("sip", "", *server), self._address, self._credentials, expires=120)
        self._registration.on_change = self._told
        self.registered = asyncio.Event()
        self.refused: int | None = None
        """Status of the last refusal of a registration."""
        self.rings = 0
        """How often it has rung."""
        self.heard_of_transfer: list[int] = []
        """What it was told of its transfers: SIP statuses."""
        self.named = phones.host
        """The address that its descriptions name; behind NAT that is not the one which it is heard from."""
        self.silent = False
        """Answers nothing any more, as if its cable had been pulled."""

    @property
    def ringing(self) -> bool:
        """Whether it rings now."""
        return self._session is not None and self._session.state == "early"

    @property
    def session(self) -> Session | None:
        """The last call to it."""
        return self._session

    def register(self) -> None:
        """Register, from now on."""
        self._registration.start()

    def leave(self) -> None:
        """Take the registration back."""
        self.registered.clear()
        self._registration.stop()

    async def answer(self) -> PhoneCall:
        """Lift the receiver."""
        session = self._session
        assert session is not None and session.remote_sdp is not None
        leg = RtpLeg("desk phone", self._phones.sockets)
        await leg.open(self._phones.host, [0])
        built, agreed = sdp.answer(sdp.parse(session.remote_sdp), self.named, leg.local_port)
        leg.agree(agreed)
        call = PhoneCall(self._phones, session, leg, built.encode())
        self._phones.mixer.add(leg)
        session.answer(built.encode())
        call.answered.set()
        return call

    def decline(self, status: int = 603) -> None:
        """Refuse the call that rings."""
        assert self._session is not None
        self._session.reject(status)

    def hold(self, call: PhoneCall, on: bool) -> None:
        """Hold the far end, or take it back."""
        direction: Direction = "sendonly" if on else "sendrecv"
        offer = sdp.offer(self.named, call.leg.local_port, direction=direction)
        call.session.renegotiate(offer.after(sdp.parse(call.session.local_sdp or b"")).encode())

    def transfer(self, call: PhoneCall, target: str, replacing: PhoneCall | None = None) -> list[int]:
        """Press the transfer key: hand the far end over to a SIP URI, in the place of a second call where one is given.

        Returns a list to which the answer is added.
        """
        told: list[int] = []
        if replacing is not None:
            dialog = replacing.session.dialog
            value = f"{dialog.call_id};to-tag={dialog.remote.tag};from-tag={dialog.local.tag}"
            target += f"?Replaces={quote(value, safe='')}"
        headers = [("refer-to", f"<{target}>")]
        call.session.on_referred = self.heard_of_transfer.append
        call.session.request("REFER", lambda answer: told.append(answer.status), headers=headers)
        return told

    async def dial(self, code: str) -> PhoneCall:
        """Call a number at the server, with proof."""
        host, port = self._server
        leg = RtpLeg("desk phone", self._phones.sockets)
        await leg.open(self._phones.host, [0])
        offer = sdp.offer(self.named, leg.local_port).encode()
        session = self._phones.endpoint.call(
            Uri("sip", code, host, port),
            from_=self._address,
            sdp=offer,
            route=Flow("UDP", host, port),
            credentials=self._credentials,
        )
        made = PhoneCall(self._phones, session, leg, offer)
        self._phones.mixer.add(leg)
        return made

    def _called(self, session: Session) -> None:
        self._session = session
        if not self.silent:
            self.rings += 1
            session.ring()

    def _told(self, registered: bool, status: int) -> None:
        if registered:
            self.registered.set()
        else:
            self.refused = status
