"""The composition root of a voice worker: builds the process from its settings. Reads top to bottom."""

import asyncio
import base64
import os
from contextlib import AsyncExitStack

import structlog
from uuid_utils import uuid7

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
from .services.calls.house import House
from .services.calls.worker import VoiceWorker
from .services.commands import Commands
from .services.feed import Feed
from .settings import Settings
from .storage import secrets
from .storage.db import Database

log = structlog.get_logger()


async def carry(settings: Settings, database_url: str) -> None:
    """Carry calls until cancelled; raises CannotStart where a port is taken."""
    try:
        await _carry(settings, database_url)
    except* OSError as errors:
        raise CannotStart(
            f"The voice worker cannot listen on {settings.sip_host}:{settings.sip_port}: {errors.exceptions[0]}\n"
            "Nothing was started. Stop the other program, or choose another port: TEPLO_SIP_PORT=5070."
        ) from errors


async def _carry(settings: Settings, database_url: str) -> None:
    async with AsyncExitStack() as stack:
        clock = SteadyClock()
        node = str(uuid7())
        db = await stack.enter_async_context(Database(database_url, size=4, name="teplo-voice"))
        async with db.transaction() as conn:
            key = await secrets.get_or_make(conn, "recording_key", lambda: base64.b64encode(os.urandom(32)).decode())
        sockets = Sockets()
        stack.callback(sockets.close)
        browsers = BrowserPort(DtlsContext(Certificate.generate(clock())))
        await browsers.open("0.0.0.0", (settings.browser_media_port,), advertise=settings.browser_media_hosts)
        stack.callback(browsers.close)
        recordings = settings.data / "recordings"
        recordings.mkdir(parents=True, exist_ok=True)
        listen = Listen(
            settings.sip_host, udp=settings.sip_port, tcp=settings.sip_port, advertise=settings.sip_advertise
        )
        endpoint = Endpoint(listen)
        house = House(
            node=node,
            db=db,
            commands=Commands(db, node),
            feed=Feed(db),
            clock=clock,
            endpoint=endpoint,
            mixer=Mixer(before=lambda tick: _take_in(sockets, browsers, tick)),
            sockets=sockets,
            browsers=browsers,
            disk=Disk(),
            bind_host=settings.sip_host,
            media_host=settings.sip_advertise or settings.sip_host,
            media_ports=settings.media_range,
            recordings=recordings,
            recording_key=base64.b64decode(key),
            zone=settings.zone,
        )
        worker = VoiceWorker(house, settings.voice_calls)
        async with asyncio.TaskGroup() as base:
            base.create_task(house.commands.run())
            base.create_task(house.feed.run())
            await house.feed.ready.wait()
            await house.commands.listening.wait()
            async with asyncio.TaskGroup() as carrying:  # it ends first: the ends of its calls are told
                carrying.create_task(worker.run())
                await worker.ready.wait()
                log.info("voice.ready", node=node, sip=dict(endpoint.transports.ports), browsers=browsers.number)


def _take_in(sockets: Sockets, browsers: BrowserPort, tick: int) -> None:
    """Read what came for all legs, before the tick that may use it."""
    sockets.drain(tick)
    browsers.drain(tick)
