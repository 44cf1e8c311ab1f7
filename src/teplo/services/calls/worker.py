"""One voice worker: takes calls from trunks, leads each through its life, hears the floor and the desks."""

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from typing import Final

import structlog

from ...channels.voice.sip.session import Session
from ...channels.voice.sip.trunk import Sources
from ...storage import calls, inbox
from ...storage.db import Unavailable
from ...storage.events import Stored
from ..memory import collect_in_time
from . import codes, setup
from .browser_line import BrowserLine, recognise_browser
from .call import Call
from .dialer import Dialer
from .house import House
from .in_time import in_time
from .line import CallerLine
from .phone_offers import PhoneOffers
from .routes import Routes, look_up
from .strays import close_strays

log = structlog.get_logger()

ACTIONS: Final = frozenset({"hold", "resume", "digits", "pause_recording", "resume_recording", "dial", "merge", "drop"})
_HEARTBEAT = 1.0
_REFRESH = 2.0
_SECONDS_TO_DECIDE = 3.0
_LOOK_AT_CALLS = 0.2


class VoiceWorker:
    """All calls of this process. `run` must be running; it ends only with the process."""

    def __init__(self, house: House, most_calls: int) -> None:
        self._house = house
        self._endpoint = endpoint = house.endpoint
        self._most = most_calls
        self._calls: dict[str, Call] = {}
        self._routes = Routes()
        self._browsers: dict[str, BrowserLine] = {}
        self._group: asyncio.TaskGroup | None = None
        self._phone_offers = PhoneOffers(house)
        self._dialer = Dialer(house, self._phone_offers, self._lead)
        self.ready = asyncio.Event()
        endpoint.on_call = self._on_call
        endpoint.stack.overloaded = self._full
        endpoint.admit(house.phones.registrar, lambda: house.phones.may_register)

    async def run(self) -> None:
        """Serve calls until cancelled; then hang up and tell the floor."""
        stop = self._house.feed.subscribe(self._on_events)
        try:
            await self._refresh_trunks()
            await self._refresh_routes()
            await self._house.phones.load()
            async with self._endpoint, self._house.trunks, asyncio.TaskGroup() as group:
                self._group = group
                loops = [
                    self._house.mixer.run(),
                    self._house.run_signals(),
                    self._house.phones.run(),
                    self._heartbeat(),
                    self._refresh(),
                    self._hear_inbox(),
                    self._dialer.run(),
                    self._phone_offers.run(),
                    close_strays(self._house.vital, self._house.commands, self._house.node, self._carries),
                    collect_in_time(),
                ]
                for loop in loops:
                    group.create_task(loop)
                self.ready.set()
        finally:
            stop()
            self._house.disk.close()
            await self._leave()

    async def drain(self, seconds: float) -> None:
        """Begin nothing new, neither in nor out, and wait until the last call is over, at most so many seconds."""
        house, clock = self._house, asyncio.get_running_loop().time
        house.draining = True
        log.info("voice.draining", calls=len(self._calls), seconds=seconds)
        end = clock() + seconds
        with contextlib.suppress(*Unavailable):
            await house.trunks.release()
            await self._say_alive()
        while (self._calls or self._browsers or self._phone_offers.busy) and clock() < end:
            await asyncio.sleep(_LOOK_AT_CALLS)
        log.info("voice.drained", calls=len(self._calls))

    # --- calls --------------------------------------------------------------------------------------------------

    def _on_call(self, session: Session) -> None:
        assert self._group is not None
        self._group.create_task(self._carry(session))

    async def _carry(self, session: Session) -> None:
        """Look up what the call needs, then lead it. Whatever goes wrong, the caller gets an answer."""
        if session.source.user:
            await self._by_agent(session)
            return
        assert self._group is not None
        session.ring()
        try:
            found = await in_time(self._group, _SECONDS_TO_DECIDE, look_up(self._house, session, self._routes))
        except (TimeoutError, *Unavailable) as problem:
            log.warning("call.refused", why="database", error=str(problem).split("\n")[0])
            session.reject(503, headers=[("retry-after", "5")])
            return
        if found is None:
            session.reject(404)
            return
        route, caller = found
        await self._lead(
            Call(self._house, CallerLine(self._house, session, caller.call), caller, route.menu, route.around)
        )

    async def _by_agent(self, session: Session) -> None:
        """A call from an agent's phone: a code, or somebody whom the agent consults in the talk there."""
        agent = self._house.phones.agent_of(session.source.user)
        found = (call.talks_by_phone(agent) for call in self._calls.values()) if agent is not None else ()
        talking = next((phone for phone in found if phone is not None), None)
        if talking is not None and session.called.user not in codes.PRESENCES:
            await talking.consult(session)
        else:
            await codes.follow(self._house, session)

    async def _carry_browser(self, id: str, page: str) -> None:
        """The same for a call from a page: it is written down already."""
        assert self._group is not None
        line = self._browsers[id] = BrowserLine(self._house, id, page)
        try:
            if self._full():
                await line.refuse("busy")
                return
            work = recognise_browser(self._house, id, self._routes)
            found = await in_time(self._group, _SECONDS_TO_DECIDE, work)
            if found is None:
                await line.refuse("no_line")
                return
            caller, route = found
            await self._lead(Call(self._house, line, caller, route.menu, route.around))
        except (TimeoutError, *Unavailable) as problem:
            log.warning("call.refused", why="database", error=str(problem).split("\n")[0])
            await line.refuse("error")
        finally:
            del self._browsers[id]

    async def _lead(self, call: Call) -> None:
        self._calls[call.id] = call
        try:
            await call.run()
        except Exception as problem:  # the border of one call: the others go on
            log.exception("call.failed", call_id=call.id, exc_info=problem)
        finally:
            del self._calls[call.id]

    def _full(self) -> bool:
        """Whether no further call is taken: it would cost those that are here, or this worker is to stop."""
        return self._house.draining or len(self._calls) >= self._most or self._house.mixer.lateness.strained

    def _carries(self, call: str) -> bool:
        return call in self._calls or call in self._browsers

    def _of_contact(self, contact: str | None) -> Call | None:
        if contact is None:
            return None
        of_it = [call for call in self._calls.values() if contact in (call.contact, call.coming)]
        return next((call for call in of_it if call.contact == contact), of_it[0] if of_it else None)

    # --- what comes in ------------------------------------------------------------------------------------------

    def _on_events(self, batch: Sequence[Stored]) -> None:
        mine = {call.contact: call for call in self._calls.values() if call.contact}
        for _, event in batch:
            self._dialer.heard(event)
            self._phone_offers.heard(event)
            call = mine.get(getattr(event, "contact", ""))
            if call is not None:
                call.heard(event)

    async def _hear_inbox(self) -> None:
        """Take what desks and supervisors wish; a wish that nobody can meet any more is dropped."""
        recipient = calls.recipient(self._house.node)
        while True:
            try:
                ears = await self._house.vital.dedicated("voice")
                try:
                    await ears.execute(f"listen {inbox.CHANNEL}".encode())
                    await self._take(recipient)
                    async for note in ears.notifies():
                        if note.payload == recipient:
                            await self._take(recipient)
                finally:
                    await ears.close()
            except Unavailable as problem:
                log.warning("voice.inbox_away", error=str(problem).split("\n")[0])
                await asyncio.sleep(0.2)

    async def _take(self, recipient: str) -> None:
        while True:
            async with self._house.vital.transaction() as conn:
                batch = await inbox.take(conn, 100, recipient)
            for command in batch:
                self._do(command)
            if len(batch) < 100:
                return

    def _do(self, command: inbox.Command) -> None:
        body = command.body
        if command.kind == "browser_call":
            assert self._group is not None
            self._group.create_task(self._carry_browser(str(body["call"]), str(body.get("page"))))
            return
        if command.kind == "browser_signal":
            line = self._browsers.get(str(body["call"]))
            if line is not None:
                line.signal(body.get("signal") or {})
            return
        call = self._of_contact(body.get("contact"))
        if call is None:
            return
        agent = str(body.get("agent"))
        if command.kind == "signal":
            call.signal(agent, str(body.get("tab")), body.get("signal") or {})
        elif command.kind in ACTIONS:
            call.act(command.kind, agent, body)

    # --- beside -------------------------------------------------------------------------------------------------

    async def _heartbeat(self) -> None:
        while True:
            try:
                await self._say_alive()
            except Unavailable as problem:
                log.warning("voice.heartbeat_missed", error=str(problem).split("\n")[0])
            await asyncio.sleep(_HEARTBEAT)

    async def _say_alive(self) -> None:
        async with self._house.vital.connection() as conn:
            await calls.seen(conn, self._house.node, socket.gethostname(), len(self._calls), self._house.draining)

    async def _leave(self) -> None:
        try:
            async with self._house.vital.transaction() as conn:
                await calls.leave(conn, self._house.node)
        except Unavailable:
            log.info("voice.left_to_be_forgotten")

    async def _refresh(self) -> None:
        while True:
            await self._keep_trunks()
            await asyncio.sleep(_REFRESH)
            await self._refresh_trunks()
            await self._refresh_routes()

    async def _refresh_routes(self) -> None:
        """Read what has changed. Each call looks itself, but the first after many uploads would wait too long."""
        try:
            async with self._house.vital.connection() as conn:
                await self._routes.refresh(conn)
        except Unavailable as problem:
            log.warning("voice.routes_as_before", error=str(problem).split("\n")[0])

    async def _keep_trunks(self) -> None:
        try:
            await self._house.trunks.refresh()
        except Unavailable as problem:
            log.warning("voice.trunks_not_kept", error=str(problem).split("\n")[0])

    async def _refresh_trunks(self) -> None:
        try:
            found = tuple(await setup.trunks(self._house.vital))
        except Unavailable as problem:
            log.warning("voice.trunks_as_before", error=str(problem).split("\n")[0])
            return
        if found != self._endpoint.stack.sources.trunks:
            self._endpoint.stack.sources = Sources(found)
