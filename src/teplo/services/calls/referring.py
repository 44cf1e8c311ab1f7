"""The transfer key of an agent's phone: what a REFER asks becomes the hand-over that the desk does, with its checks.

The phone only names somebody: the host of the address is not looked at, nothing is called but over our own trunks and
by the rules of `dialling`.
"""

from collections.abc import Coroutine
from typing import Any, Final, Protocol

import structlog
from uuid_utils import uuid7

from ...channels.voice.sip.uri import Uri
from ...domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany
from ...domain.together import HANDED_OUTSIDE
from ...storage import config, people
from ...storage.db import Connection, Unavailable
from .. import dialling
from ..access import Caller, require
from ..call_people import free_in
from ..sessions import caller_of
from .house import House

log = structlog.get_logger()

DONE: Final = 200
_STATUS: Final[dict[type[Refused], int]] = {NotFound: 404, Invalid: 404, NotAllowed: 403, TooMany: 403, Conflict: 480}
"""Why it was refused, as the status that a call there would have got."""


class Talk(Protocol):
    """What a phone may do to the talk that it is in."""

    @property
    def handed_outside(self) -> bool:
        """Whether the agent has left the talk to an outside number."""
        ...

    def act(self, kind: str, agent: str, body: dict[str, Any]) -> None:
        """Use a button of the call: resume, dial, drop."""

    async def joined(self, guest: str) -> bool:
        """Wait until somebody who was asked in is there (True) or is not coming."""
        ...


async def follow(house: House, talk: Talk, contact: str, agent: str, target: Uri) -> int:
    """Hand a talk over to a colleague or a queue, or to an allowed number once it has answered; return a SIP status."""

    async def hand() -> int:
        to, caller = await _whom(house, agent, target)
        if "number" not in to:
            await house.commands.send("transfer", {"contact": contact, "agent": agent, "to": to})
            return DONE
        guest = await _dial(house, talk, caller, contact, to["number"])
        return await _leave(house, talk, contact, agent, guest, outside=True)

    return await _status(contact, agent, hand())


async def leave_to(house: House, talk: Talk, contact: str, agent: str, guest: str) -> int:
    """Leave the talk to somebody who was asked in before, once they are there; return a SIP status."""
    outside = guest not in house.feed.floor.agents
    return await _status(contact, agent, _leave(house, talk, contact, agent, guest, outside=outside))


async def ask_in(house: House, talk: Talk, contact: str, agent: str, target: Uri) -> str | None:
    """Ask a colleague, whoever is free in a queue, or an allowed number into the talk; None where that is refused."""
    asked: list[str] = []

    async def ask() -> int:
        to, caller = await _whom(house, agent, target)
        if "number" in to:
            asked.append(await _dial(house, talk, caller, contact, to["number"]))
            return DONE
        colleague = to["agent"] if "agent" in to else free_in(house.feed.floor, to["queue"], agent)
        sent = await house.commands.send("invite", {"contact": contact, "agent": agent, "colleague": colleague})
        await house.feed.reached(sent)  # now the call knows the guest
        asked.append(colleague)
        return DONE

    await _status(contact, agent, ask())
    return asked[0] if asked else None


async def let_go(house: House, talk: Talk, contact: str, agent: str, guest: str) -> None:
    """The consultation is over: the guest leaves, the subscriber is back."""

    async def part() -> int:
        if guest in house.feed.floor.agents:
            await house.commands.send("part", {"contact": contact, "colleague": guest, "why": "left"})
        else:
            talk.act("drop", agent, {"guest": guest})
        return DONE

    await _status(contact, agent, part())
    talk.act("resume", agent, {})


async def _status(contact: str, agent: str, work: Coroutine[Any, Any, int]) -> int:
    """Do it; what stands in the way becomes the status that a call there would have got."""
    try:
        return await work
    except Refused as refused:
        log.info("call.refer_refused", contact_id=contact, agent_id=agent, code=refused.code)
        return _STATUS.get(type(refused), 403)
    except Unavailable as problem:
        log.warning("call.refer_without_database", contact_id=contact, error=str(problem).split("\n")[0])
        return 503


async def _leave(house: House, talk: Talk, contact: str, agent: str, guest: str, *, outside: bool) -> int:
    if not await talk.joined(guest):
        talk.act("resume", agent, {})
        return 480
    if outside:
        body = {"contact": contact, "by": "agent", "agent": agent, "reason": HANDED_OUTSIDE}
        await house.commands.send("end", body)
    else:
        await house.commands.send("hand_over", {"contact": contact, "agent": agent, "colleague": guest})
    return DONE


async def _dial(house: House, talk: Talk, caller: Caller, contact: str, text: str) -> str:
    """Call an outside number in; return the guest's id."""
    id = str(uuid7())
    async with dialling.watched(house.db, caller, contact), house.db.transaction() as conn:
        number = await dialling.permit(conn, caller, contact, id, text)
    assert number is not None  # the id is new
    talk.act("dial", caller.id, {"id": id, "number": number})
    return id


async def caller_at_phone(conn: Connection, agent: str) -> Caller:
    """Return who works by a phone, with all rights and refusals of the desk: agent.unknown, access.denied."""
    person = await config.one(conn, "person", agent)
    if person is None or not person.active:
        raise NotFound("agent.unknown")
    caller = caller_of(agent, person.body)
    require(caller, "contact.handle")
    return caller


async def _whom(house: House, agent: str, target: Uri) -> tuple[dict[str, str], Caller]:
    """A queue by its id, a colleague by login or by the phone's user name, else a number; and who asks."""
    name = target.user
    async with house.db.connection() as conn:
        caller = await caller_at_phone(conn, agent)
        if not target.is_sip:
            if target.scheme != "tel":
                raise Invalid("dial.number")
            return {"number": name.partition(";")[0]}, caller
        if name in house.feed.floor.queues:
            return {"queue": name}, caller
        person = await people.credential_of_login(conn, name)
    colleague = str(person.person) if person is not None else house.phones.agent_of(name)
    return ({"number": name} if colleague is None else {"agent": colleague}), caller
