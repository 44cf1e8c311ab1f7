"""Keep-alives of phones behind NAT on the SIP port: theirs, STUN as in RFC 5626 4.4.2, and ours.

Those of streams are in `stream`.
"""

import struct
from typing import Final

from ..webrtc.stun import BINDING, COOKIE, HEADER, SUCCESS, XOR_MAPPED_ADDRESS, Message, xor_address
from .core import Core
from .flow import Flow
from .message import build_request
from .registrar import Binding, Registrar
from .timers import Timer
from .uri import NameAddr, Uri

_REQUEST: Final = struct.pack("!H", BINDING)
_COOKIE: Final = struct.pack("!I", COOKIE)


def is_stun(data: bytes) -> bool:
    """Whether this is a binding request and no SIP: the first octet of SIP is a letter."""
    return len(data) >= HEADER and data[:2] == _REQUEST and data[4:8] == _COOKIE


def answered(data: bytes, host: str, port: int) -> bytes:
    """Return the response: the address from which the phone is seen. It is small, so that it makes no flood."""
    transaction = data[8:HEADER]
    return Message(SUCCESS, transaction, {XOR_MAPPED_ADDRESS: xor_address((host, port), transaction)}).encode()


class Keeper:
    """Keeps the ways open on which phones behind NAT have registered by UDP: many keep nothing open themselves.

    A NAT may forget a way that nobody has used for 30 s, so each is asked by OPTIONS every 24 to 29 s (RFC 5626 4.4.2)
    while the phone is registered there. The answer, whatever it says, comes the same way back, as some NATs count only
    what is sent from within. No transaction: an answer that is lost is asked for again in time.
    """

    def __init__(self, core: Core, registrar: Registrar) -> None:
        self._core = core
        self._registrar = registrar
        self._timers: dict[Flow, Timer] = {}

    def keep(self, user: str) -> None:
        """Begin for what this user has bound, go on for what is kept open already."""
        for one in self._registrar.bindings(user):
            if one.hidden and one.flow not in self._timers:
                self._later(user, one.flow)

    @property
    def kept(self) -> frozenset[Flow]:
        """What is kept open."""
        return frozenset(self._timers)

    def _later(self, user: str, flow: Flow) -> None:
        wait = 24.0 + 5.0 * self._core.chance()
        self._timers[flow] = self._core.timers.after(wait, lambda: self._due(user, flow))

    def _due(self, user: str, flow: Flow) -> None:
        del self._timers[flow]
        found = next((one for one in self._registrar.bindings(user) if one.flow == flow), None)
        if found is not None and found.hidden:
            self._ask(found)
            self._later(user, flow)

    def _ask(self, one: Binding) -> None:
        core, flow = self._core, one.flow
        own = NameAddr(Uri("sip", core.settings.contact_user, core.host(flow)))
        request = build_request(
            "OPTIONS",
            str(one.contact),
            via=core.via(flow),
            from_=own.with_tag(core.token(6)),
            to=NameAddr(one.contact),
            call_id=f"{core.token(12)}@{core.host(flow)}",
            number=1,
            headers=[("user-agent", core.settings.user_agent)],
        )
        core.send(request.encode(), flow)
