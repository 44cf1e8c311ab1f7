"""The phones of agents as one worker knows them: who works by phone, and where each phone is.

What is registered here is written down, so that the other workers and the next start find it; what others have written
down is read when they say so.
"""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from ...channels.voice.sip.core import Core
from ...channels.voice.sip.digest import Server
from ...channels.voice.sip.flow import Flow
from ...channels.voice.sip.keepalive import Keeper
from ...channels.voice.sip.registrar import Binding, Registrar
from ...channels.voice.sip.uri import BadAddress, Uri
from ...storage import phones
from ...storage.db import Database, Unavailable
from ..phones import REALM
from .outgoing import Way

log = structlog.get_logger()

_LOOK_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """What a call has to know of an agent's phone."""

    agent: str
    login: str | None
    uri: str | None


class PhoneBook:
    """Phones and their registrar. `run` must be running."""

    def __init__(self, db: Database, core: Core, node: str, digests: Iterable[str] = ("sha-256", "md5")) -> None:
        """`digests`: the algorithms by which phones may prove themselves."""
        self._db = db
        self._core = core
        self._node = node
        self._by_login: dict[str, phones.Phone] = {}
        self._in_use: dict[str, Known] = {}
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        proving = Server(REALM, os.urandom(32), core.timers.clock, self._proofs, algorithms=digests)
        self.registrar = Registrar(core, proving)
        self.registrar.on_bound = self._bound
        self.keeper = Keeper(core, self.registrar)

    @property
    def may_register(self) -> bool:
        """Whether there is any phone that registers: else strangers are not even read."""
        return bool(self._by_login)

    def of(self, agent: str | None) -> Known | None:
        """The phone that an agent works by; None for one who works by browser."""
        return self._in_use.get(agent) if agent else None

    def agent_of(self, login: str) -> str | None:
        """Whose phone this is."""
        found = self._by_login.get(login)
        return found.agent if found else None

    def ways(self, phone: Known) -> list[Way]:
        """Where to call a phone: where it has registered, the newest first, and last its fixed address."""
        made = []
        for one in self.registrar.bindings(phone.login) if phone.login else ():
            made.append(Way(one.contact, one.flow))
        if phone.uri is not None:
            try:
                made.append(Way(Uri.parse(phone.uri)))
            except BadAddress:
                log.error("phone.address_wrong", agent_id=phone.agent)
        return made

    async def run(self) -> None:
        """Read what others change, write down what registers here; for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write())
            await self._follow()

    async def load(self) -> None:
        """Read all phones and where they are. Raises Unavailable."""
        async with self._db.connection() as conn:
            known, places = await phones.all(conn), await phones.bindings(conn)
        self._by_login = {one.login: one for one in known if one.login is not None}
        self._in_use = {one.agent: Known(one.agent, one.login, one.uri) for one in known if one.in_use}
        logins = {one.agent: one.login for one in known}
        found: dict[str, list[Binding]] = {}
        ours: set[str] = set()
        for place in places:
            made = self._binding(place)
            login = logins.get(place.agent)
            if made is not None and login is not None:
                found.setdefault(login, []).append(made)
                if place.node == self._node or place.abandoned:  # maybe by this worker, before it was started anew
                    ours.add(login)
        for login in {*self.registrar.users(), *found} - self._dirty:
            self.registrar.restore(login, found.get(login, ()))
        for login in ours:
            self.keeper.keep(login)

    # --- inside -------------------------------------------------------------------------------------------------

    def _proofs(self, login: str) -> dict[str, str] | None:
        found = self._by_login.get(login)
        if found is None or found.md5 is None or found.sha256 is None:
            return None
        return {"md5": found.md5, "sha-256": found.sha256}

    def _bound(self, login: str) -> None:
        self.keeper.keep(login)
        self._dirty.add(login)
        self._wake.set()

    def _binding(self, place: phones.Binding) -> Binding | None:
        try:
            contact = Uri.parse(place.contact)
        except BadAddress:
            return None
        flow = Flow(place.transport, place.host, place.port, place.connection)
        if place.connection and place.node != self._node:
            flow = self._core.flow_to(contact)  # the stream is another worker's: a new one, where the network lets us
        return Binding(contact, flow, self._core.timers.clock() + place.seconds, place.call_id, place.cseq)

    async def _follow(self) -> None:
        while True:
            try:
                ears = await self._db.dedicated("phones")
                try:
                    await ears.execute(f"listen {phones.CHANNEL}".encode())
                    while True:
                        await self.load()
                        async for _ in ears.notifies(timeout=_LOOK_S, stop_after=1):
                            pass
                finally:
                    await ears.close()
            except Unavailable as problem:
                log.warning("phones.database_away", error=str(problem).split("\n")[0])
                await asyncio.sleep(0.2)

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            for login in list(self._dirty):
                agent = self.agent_of(login)
                places = [self._place(agent, one) for one in self.registrar.bindings(login)] if agent else []
                self._dirty.discard(login)
                try:
                    if agent is not None:
                        async with self._db.transaction() as conn:
                            await phones.bind(conn, agent, places)
                except Unavailable as problem:
                    log.warning("phones.not_written", error=str(problem).split("\n")[0])
                    self._dirty.add(login)
                    self._wake.set()
                    await asyncio.sleep(0.5)

    def _place(self, agent: str, one: Binding) -> phones.Binding:
        flow, left = one.flow, max(1.0, one.until - self._core.timers.clock())
        return phones.Binding(
            agent, str(one.contact), self._node, flow.transport, flow.host, flow.port, flow.connection, one.call_id,
            one.number, left,
        )  # fmt: skip
