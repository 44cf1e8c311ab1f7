"""What all calls of one voice worker share."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from ...channels.voice.media.mixer import Mixer
from ...channels.voice.media.recording import Disk
from ...channels.voice.media.rtp_leg import Sockets
from ...channels.voice.sdp import Codecs
from ...channels.voice.sip.endpoint import Endpoint
from ...channels.voice.sip.flow import Flow
from ...channels.voice.webrtc.port import BrowserPort
from ...clock import Clock
from ...storage import browser_calls, calls
from ...storage.db import Database, Unavailable
from ..commands import Commands
from ..feed import Feed
from ..recording_folder import Folder

if TYPE_CHECKING:
    from .phone_book import PhoneBook
    from .trunk_watch import TrunkWatch

log = structlog.get_logger()

_OUTBOX = 10_000


@dataclass(frozen=True, slots=True)
class Signal:
    """A word to the desks of an agent; `tab` None: to all of them."""

    agent: str
    contact: str
    tab: str | None
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CallerSignal:
    """A word to the page of somebody who calls from a browser."""

    call: str
    body: dict[str, Any]


@dataclass(slots=True)
class House:
    """The worker's means. `bind_host` is the address that media are bound to."""

    node: str
    db: Database
    """For calls."""
    vital: Database
    """For what no call may keep waiting: the log, commands to the floor, that the worker lives."""
    commands: Commands
    feed: Feed
    clock: Clock
    endpoint: Endpoint
    mixer: Mixer
    sockets: Sockets
    browsers: BrowserPort
    disk: Disk
    bind_host: str
    media_ports: range
    recordings: Folder
    recording_key: bytes
    phones: "PhoneBook"
    trunks: "TrunkWatch"
    zone: str
    """That of the centre, for subscribers of whom nobody knows where they are."""
    codecs: Codecs = field(default_factory=Codecs)
    """What is spoken on trunks and with phones."""
    browser_codecs: Codecs = field(default_factory=Codecs)
    signals: asyncio.Queue[Signal | CallerSignal] = field(default_factory=lambda: asyncio.Queue(_OUTBOX))
    draining: bool = False
    """Whether this worker waits for the end of its calls: nothing new is begun, neither in nor out."""
    _next_port: int = 0

    def media_host(self, flow: Flow) -> str:
        """Return the address that this peer is told in session descriptions."""
        return self.endpoint.transports.told.audio_to(flow.host)

    def ports(self) -> Iterable[int]:
        """Return the media ports in the order to be tried: round and round, so that a port rests after its call."""
        if not self.media_ports:
            return [0]
        start = self._next_port
        self._next_port = (start + 2) % len(self.media_ports)
        return [*self.media_ports[start:], *self.media_ports[:start]]

    def audio_from(self, trunk: str, host: str) -> str:
        """Return the host from whose ports audio may be learnt beside those that are named; "" where none may.

        `host` is where the SIP comes from, `trunk` the trunk it came over, "" for phones.
        """
        found = self.endpoint.stack.sources.named(trunk)
        return host if found is None or found.relearn else ""

    def tell(self, agent: str, contact: str, tab: str | None, **body: Any) -> None:
        """Say something to the desks of an agent soon; a desk that misses it asks again by joining."""
        if not self.signals.full():
            self.signals.put_nowait(Signal(agent, contact, tab, body))

    def tell_caller(self, call: str, **body: Any) -> None:
        """Say something to the page of a caller soon; a page that misses it asks again by joining."""
        if not self.signals.full():
            self.signals.put_nowait(CallerSignal(call, body))

    async def run_signals(self) -> None:
        """Carry the words to the desks; for ever. While the database is away they are lost, the audio goes on."""
        while True:
            batch = [await self.signals.get()]
            while not self.signals.empty():
                batch.append(self.signals.get_nowait())
            try:
                async with self.db.transaction() as conn:
                    for one in batch:
                        if isinstance(one, CallerSignal):
                            await browser_calls.tell(conn, one.call, one.body)
                            continue
                        await calls.tell_desk(conn, one.agent, one.contact, one.tab, one.body)
            except Unavailable as problem:
                log.warning("calls.signals_lost", count=len(batch), error=str(problem).split("\n")[0])
