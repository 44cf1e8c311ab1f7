"""ICE-lite: host candidates only; the browser checks, this side answers and follows (RFC 8445 sections 2.5 and 7.3).

Sans-I/O: every method takes the time, nothing is sent from here.
"""

from __future__ import annotations

import secrets
import string

from . import stun
from .stun import Address, Message

_ICE_CHARS = string.ascii_letters + string.digits + "+/"
_MOST_SOURCES = 16
"""Addresses remembered of one peer: a host has a few interfaces, each perhaps behind a NAT."""

CONSENT = 15.0
"""Seconds without a check after which the peer is gone.

Chromium checks every 2.5 s and Firefox every 5 s (RFC 7675 section 5.1); RFC 7675 lets 30 s pass, in which a
subscriber would hear silence.
"""


def ice_string(length: int) -> str:
    """Return a random string of ice-chars (RFC 8839 section 5.4): 6 bits of chance for each of `length`."""
    return "".join(secrets.choice(_ICE_CHARS) for _ in range(length))


class IceLite:
    """One component (RTCP is multiplexed) of one leg."""

    def __init__(self, consent: float = CONSENT) -> None:
        # 48 bits make a clash between the legs of a worker improbable; 144 bits of password are not guessed.
        self.ufrag = ice_string(8)
        self.password = ice_string(24)
        self.remote_ufrag: str | None = None
        """Fragment of the peer; None until its answer came. Checks may come before the answer and are answered."""
        self.selected: Address | None = None
        """Where media goes: the source of the last nominating check, before any nomination the first valid one."""
        self.nominated = False
        self.sources: dict[Address, float] = {}
        """Addresses that proved to know the password, with the time of the last check."""
        self.heard_at: float | None = None
        self._consent = consent
        self._key = self.password.encode()

    def receive(self, message: Message, source: Address, now: float) -> bytes | None:
        """Take one message for this leg; return what to send back to `source`, None for silence.

        Whoever does not know the password gets silence instead of the error of RFC 8489 section 9.1.3: a stranger
        learns nothing and cannot aim answers at others.
        """
        if message.method != stun.BINDING or not message.signed_with(self._key):
            return None
        ufrags = message.ufrags
        if ufrags is None or ufrags[0] != self.ufrag or self.remote_ufrag not in (None, ufrags[1]):
            return None
        if message.kind != stun.REQUEST:
            return None
        if message.unknown:
            return stun.error(message, 420, "Unknown Attribute").encode(self._key)
        if stun.ICE_CONTROLLED in message.attributes:
            # A lite agent is never controlling towards a full one (RFC 8445 section 6.1.1): the peer has to switch.
            return stun.error(message, 487, "Role Conflict").encode(self._key)
        self._note(source, now)
        if stun.USE_CANDIDATE in message.attributes:
            self.nominated = True
            self.selected = source
        elif self.selected is None:
            self.selected = source
        return stun.success(message, source).encode(self._key)

    def expired(self, now: float) -> bool:
        """Whether the peer checked once and then no more for the time of consent."""
        return self.heard_at is not None and now - self.heard_at > self._consent

    def _note(self, source: Address, now: float) -> None:
        self.heard_at = now
        self.sources.pop(source, None)
        self.sources[source] = now
        if len(self.sources) > _MOST_SOURCES:
            oldest = next(one for one in self.sources if one != self.selected)
            del self.sources[oldest]
