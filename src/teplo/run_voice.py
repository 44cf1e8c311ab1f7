"""The composition root of a voice worker: builds the process from its settings. Reads top to bottom."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog
from uuid_utils import uuid7

from .channels.voice.media import libopus, opus
from .channels.voice.media.mixer import Mixer
from .channels.voice.media.recording import Disk
from .channels.voice.media.rtp_leg import Sockets
from .channels.voice.sip.endpoint import Endpoint
from .channels.voice.sip.transport import Listen
from .channels.voice.webrtc.certificate import Certificate
from .channels.voice.webrtc.dtls import DtlsContext
from .channels.voice.webrtc.port import BrowserPort
from .clock import SteadyClock
from .installation import CannotStart
from .processes import STOP_SECONDS, end_within
from .services.calls.house import House
from .services.calls.phone_book import PhoneBook
from .services.calls.trunk_watch import TrunkWatch
from .services.calls.worker import VoiceWorker
from .services.commands import Commands
from .services.feed import Feed
from .services.recording_folder import Folder
from .services.recording_keeper import keep_folder
from .settings import Settings
from .storage import secrets
from .storage.db import Database

log = structlog.get_logger()


async def carry(settings: Settings, database_url: str, leave: asyncio.Event, on_ready: Callable[[], None]) -> None:
    """Carry calls until cancelled, or until `leave` is set and the last call is over, or its time.

    `on_ready` is called when calls are taken: before that there are none to be waited for.
    Raises CannotStart where a port is taken.
    """
    try:
        await _carry(settings, database_url, leave, on_ready)
    except* OSError as errors:
        raise CannotStart(
            f"The voice worker cannot listen on {settings.sip_host}:{settings.sip_port}: {errors.exceptions[0]}\n"
            "Nothing was started. Stop the other program, or choose another port: TEPLO_SIP_PORT=5070."
        ) from errors


_LONGEST_USE = 8.0
"""Seconds after which the database counts as away for whoever waits: a caller hears music meanwhile."""


async def _carry(settings: Settings, database_url: str, leave: asyncio.Event, on_ready: Callable[[], None]) -> None:
    async with AsyncExitStack() as stack:
        clock = SteadyClock()
        node = str(uuid7())
        db = await stack.enter_async_context(Database(database_url, size=8, name="teplo-voice", longest=_LONGEST_USE))
        vital = await stack.enter_async_context(
            Database(database_url, size=3, name="teplo-voice-vital", longest=_LONGEST_USE)
        )
        async with db.transaction() as conn:
            key = await secrets.recording_key(conn)
        sockets = Sockets()
        stack.callback(sockets.close)
        browsers = BrowserPort(DtlsContext(Certificate.generate(clock())))
        await browsers.open("0.0.0.0", (settings.browser_media_port,), advertise=settings.browser_media_hosts)
        stack.callback(browsers.close)
        listen = Listen(
            settings.sip_host,
            udp=settings.sip_port,
            tcp=settings.sip_port,
            tls=settings.sip_tls_port,
            ws=settings.sip_ws_port,
            wss=settings.sip_wss_port,
            origins=tuple(settings.sip_ws_origins),
            advertise=settings.sip_advertise,
            near=tuple(settings.sip_local_networks),
            tls_server=_tls(settings),
        )
        endpoint = Endpoint(listen)
        house = House(
            node=node,
            db=db,
            vital=vital,
            commands=Commands(vital, node),
            feed=Feed(vital),
            clock=clock,
            endpoint=endpoint,
            mixer=Mixer(before=lambda tick: _take_in(sockets, browsers, tick)),
            sockets=sockets,
            browsers=browsers,
            disk=Disk(),
            bind_host=settings.sip_host,
            media_ports=settings.media_range,
            recordings=Folder.open(settings.data / "recordings"),
            recording_key=key,
            phones=PhoneBook(vital, endpoint.core, node, settings.sip_digests),
            trunks=TrunkWatch(vital, endpoint.core, node),
            zone=settings.zone,
            codecs=opus.codecs(settings.opus_phones),
            browser_codecs=opus.codecs(settings.opus_browsers),
        )
        worker = VoiceWorker(house, settings.voice_calls)
        async with asyncio.TaskGroup() as base:
            loops = house.commands.run(), house.feed.run(), keep_folder(vital, clock, house.recordings.path)
            tasks = [base.create_task(loop) for loop in loops]
            await house.feed.ready.wait()
            await house.commands.listening.wait()
            async with asyncio.TaskGroup() as carrying:  # it ends first: the ends of its calls are told
                running = carrying.create_task(worker.run())
                await worker.ready.wait()
                on_ready()
                log.info(
                    "voice.ready",
                    node=node,
                    sip=dict(endpoint.transports.ports),
                    browsers=browsers.number,
                    opus=libopus.LIBRARY is not None,
                )
                await leave.wait()
                await worker.drain(settings.voice_drain_seconds)
                end_within(STOP_SECONDS, asyncio.get_running_loop())
                running.cancel()
            for task in tasks:
                task.cancel()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """Our certificate for those who connect by TLS; raises CannotStart where its files are of no use."""
    if settings.sip_tls_port is None and settings.sip_wss_port is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.sip_tls_certificate or "", settings.sip_tls_key)
    except OSError as error:  # what ssl raises is one, too
        raise CannotStart(
            f"The certificate for SIP over TLS cannot be used ({settings.sip_tls_certificate}): {error}\n"
            "Set TEPLO_SIP_TLS_CERTIFICATE and TEPLO_SIP_TLS_KEY to files in PEM form."
        ) from error
    return context


def _take_in(sockets: Sockets, browsers: BrowserPort, tick: int) -> None:
    """Read what came for all legs, before the tick that may use it."""
    sockets.drain(tick)
    browsers.drain(tick)
