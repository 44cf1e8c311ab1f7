"""Trunks kept by a worker: registered at their carriers by one worker each, asked whether they answer by all."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import structlog

from ...channels.voice.sip.core import Core
from ...channels.voice.sip.digest import Credentials
from ...channels.voice.sip.flow import Flow
from ...channels.voice.sip.message import Response, build_request
from ...channels.voice.sip.registration import Registration
from ...channels.voice.sip.resolve import Dns, Names, locate
from ...channels.voice.sip.timers import Timer
from ...channels.voice.sip.uri import BadAddress, NameAddr, Uri
from ...storage import config, trunks
from ...storage.db import Database
from ..trunks import Vault
from .outgoing import Way

log = structlog.get_logger()

ASK_S: Final = 30.0
"""Seconds between two questions whether a trunk answers; while it does not, every `ASK_DOWN_S`."""
ASK_DOWN_S: Final = 10.0
_ANSWER_S: Final = 5.0
_LOCATED_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the configuration says of a trunk; a change makes everything about it begin anew."""

    id: str
    route: str | None
    registrar: str | None
    user: str | None
    expires: int
    secret: str | None

    @property
    def credentials(self) -> Credentials | None:
        """What the carrier asks for."""
        return Credentials(self.user, self.secret) if self.user and self.secret else None

    def __repr__(self) -> str:
        """Leave out what must not be seen."""
        return f"Wanted(id={self.id!r})"


class TrunkWatch:
    """All trunks of this worker; `refresh` is called every few seconds, inside the endpoint's time."""

    def __init__(self, db: Database, core: Core, node: str, names: Names | None = None) -> None:
        self._db = db
        self._core = core
        self._node = node
        self._names = names or Dns()
        self._known: dict[str, _Trunk] = {}
        self._located: dict[str, tuple[float, list[Flow]]] = {}
        self._leaving = False

    def credentials(self, trunk: str) -> Credentials | None:
        """What we prove ourselves with when we call over a trunk."""
        found = self._known.get(trunk)
        return found.wanted.credentials if found else None

    def order(self, ways: Sequence[Way]) -> list[Way]:
        """Trunks that do not answer come last: no call waits for them while there is another way."""
        return sorted(ways, key=lambda way: bool(way.trunk and self.is_down(way.trunk)))

    def is_down(self, trunk: str) -> bool:
        """Whether a trunk was asked and did not answer."""
        found = self._known.get(trunk)
        return found is not None and found.up is False

    async def flows(self, uri: Uri) -> list[Flow]:
        """Where a URI leads, the best first (RFC 3263); remembered for a minute."""
        key, now = str(uri), self._core.timers.clock()
        known = self._located.get(key)
        if known is None or now - known[0] > _LOCATED_S or not known[1]:
            known = now, await locate(uri, self._names, self._core.transports(), self._core.chance)
            if len(self._located) > 1000:
                self._located.clear()
            self._located[key] = known
        return known[1]

    async def release(self) -> None:
        """Leave registrations to other workers; calls out still find their way. Raises Unavailable."""
        self._leaving = True
        await self.refresh()

    async def refresh(self) -> None:
        """Bring registrations and questions to what the configuration says, and write down how trunks stand.

        Raises Unavailable.
        """
        async with self._db.transaction() as conn:
            items, sealed = await config.items(conn, ["trunk"]), await trunks.secrets(conn)
            vault = await Vault.of(conn) if sealed else None
            mine: set[str] = set()
            if self._leaving:
                await trunks.release(conn, self._node)
            else:
                mine = await trunks.claim(conn, [item.id for item in items], self._node)
        wanted = {item.id: _wanted(item.id, item.body, vault, sealed.get(item.id)) for item in items}
        for id in [id for id, known in self._known.items() if wanted.get(id) != known.wanted]:
            self._known.pop(id).stop()
        for id, one in wanted.items():
            if id not in self._known:
                self._known[id] = _Trunk(self._core, one)
            await self._known[id].keep(self.flows, registers=id in mine)
        changed = [known for known in self._known.values() if known.changed]
        if changed:
            async with self._db.transaction() as conn:
                for known in changed:
                    known.changed = False
                    await trunks.tell(conn, self._node, known.wanted.id, known.registration, known.status, known.up)

    async def __aenter__(self) -> Self:
        """Nothing is done before `refresh`."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take registrations back."""
        for known in self._known.values():
            known.stop()
        self._known.clear()


Flows = Callable[[Uri], Awaitable[list[Flow]]]


class _Trunk:
    """One trunk at work."""

    def __init__(self, core: Core, wanted: Wanted) -> None:
        self._core = core
        self.wanted = wanted
        self.registration: str | None = None
        self.status = 0
        self.up: bool | None = None
        self.changed = True
        self._registers: Registration | None = None
        self._flows: list[Flow] = []
        self._ask_at = 0.0
        self._asking: Timer | None = None

    async def keep(self, flows: Flows, *, registers: bool) -> None:
        """Go on; called every few seconds. `registers`: this worker is the one that does."""
        wanted = self.wanted
        if wanted.registrar and registers and self._registers is None:
            self._register(Uri.parse(wanted.registrar), await flows(Uri.parse(wanted.registrar)))
        elif self._registers is not None and not registers:
            self._registers.stop()
            self._registers, self.registration = None, None
        route = wanted.route or wanted.registrar
        now = self._core.timers.clock()
        if route and now >= self._ask_at and self._asking is None:
            self._ask_at = now + (ASK_DOWN_S if self.up is False else ASK_S)
            self._ask(Uri.parse(route), await flows(Uri.parse(route)))

    def stop(self) -> None:
        """No more of this."""
        if self._registers is not None:
            self._registers.stop()
            self._registers = None
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    # --- registration -------------------------------------------------------------------------------------------

    def _register(self, registrar: Uri, flows: list[Flow]) -> None:
        wanted = self.wanted
        if not flows:
            self._registered(False, 503)  # a name that leads nowhere; tried again at the next look
            return
        self._flows = flows
        address = NameAddr(Uri("sip", wanted.user or "", registrar.host, registrar.port))
        self._registers = made = Registration(
            self._core, registrar, address, wanted.credentials, expires=wanted.expires, flow=flows[0],
            contact_user=wanted.user,
        )  # fmt: skip
        self.registration = "trying"
        made.on_change = self._registered
        made.start()

    def _registered(self, registered: bool, status: int) -> None:
        unreachable = status in (408, 503) or status >= 500
        state = "registered" if registered else "unreachable" if unreachable else "refused"
        if (state, status) != (self.registration, self.status):
            (log.info if registered else log.warning)(
                "trunk.registration", trunk=self.wanted.id, state=state, status=status
            )
            self.registration, self.status, self.changed = state, status, True
        if unreachable and self._registers is not None and len(self._flows) > 1:
            self._flows = [*self._flows[1:], self._flows[0]]
            self._registers.move(self._flows[0])

    # --- is it there --------------------------------------------------------------------------------------------

    def _ask(self, route: Uri, flows: list[Flow]) -> None:
        """OPTIONS: whatever is answered says that somebody is there, but 503 that there is no room (RFC 3261 11)."""
        core = self._core
        if not flows:
            self._stands(False)
            return
        flow, waiting = flows[0], True

        def settled(up: bool) -> None:
            nonlocal waiting
            if waiting and self._asking is not None:
                waiting = False
                self._asking.cancel()
                self._asking = None
                self._stands(up)

        def answered(response: Response) -> None:
            if response.status >= 200:
                settled(response.status != 503)

        own = NameAddr(Uri("sip", self.wanted.user or core.settings.contact_user, core.host(flow)))
        target = Uri(route.scheme, "", route.host, route.port)
        request = build_request(
            "OPTIONS",
            str(target),
            via=core.via(flow),
            from_=own.with_tag(core.token(6)),
            to=NameAddr(target),
            call_id=f"{core.token(12)}@{core.host(flow)}",
            number=1,
            headers=[("accept", "application/sdp"), ("user-agent", core.settings.user_agent)],
        )
        self._asking = core.timers.after(_ANSWER_S, lambda: settled(False))
        core.transact(request, flow, answered, lambda why: settled(False))

    def _stands(self, up: bool) -> None:
        if up != self.up:
            if self.up is not None or not up:
                (log.info if up else log.warning)("trunk.answers" if up else "trunk.down", trunk=self.wanted.id)
            self.up, self.changed = up, True
            if not up:
                self._ask_at = min(self._ask_at, self._core.timers.clock() + ASK_DOWN_S)


def _wanted(id: str, body: dict[str, Any], vault: Vault | None, sealed: bytes | None) -> Wanted:
    secret = vault.open(id, sealed) if vault is not None and sealed is not None else None
    if sealed is not None and secret is None:
        log.error("trunk.secret_unreadable", trunk=id)
    found = {name: _address(id, body.get(name)) for name in ("route", "registrar")}
    return Wanted(id, found["route"], found["registrar"], body.get("user"), int(body.get("expires", 300)), secret)


def _address(id: str, text: str | None) -> str | None:
    try:
        return str(Uri.parse(text)) if text else None
    except BadAddress:
        log.error("voice.trunk_wrong", trunk=id)
        return None
