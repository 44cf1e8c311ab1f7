"""The transfer key of an agent's phone: what a REFER asks becomes the hand-over that the desk does, with its checks.

The phone only names somebody: the host of the address is not looked at, nothing is called but over our own trunks and
by the rules of `dialling`.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from uuid_utils import uuid7

from ...channels.voice.sip.uri import Uri
from ...domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany
from ...domain.together import HANDED_OUTSIDE
from ...storage import audit, config, people
from ...storage.db import Connection, Unavailable
from .. import dialling
from ..access import Caller, require
from ..sessions import caller_of
from .house import House

log = structlog.get_logger()

DONE: Final = 200
_STATUS: Final[dict[type[Refused], int]] = {NotFound: 404, Invalid: 404, NotAllowed: 403, TooMany: 403, Conflict: 480}
"""Why it was refused, as the status that a call there would have got."""

CallIn = Callable[[str, str], Awaitable[bool]]
"""Calls an outside number (id, number) into the talk; whether it has answered."""


async def follow(house: House, contact: str, agent: str, target: Uri, call_in: CallIn) -> int:
    """Hand a talk over to a colleague or a queue, or to an allowed number once it has answered; return a SIP status."""
    try:
        async with house.db.connection() as conn:
            caller = await _caller(conn, agent)
            to = await _whom(house, conn, target)
        if "number" not in to:
            await house.commands.send("transfer", {"contact": contact, "agent": agent, "to": to})
            return DONE
        id, number = str(uuid7()), await _permit(house, caller, contact, to["number"])
        if not await call_in(id, number):
            return 480
        body = {"contact": contact, "by": "agent", "agent": agent, "reason": HANDED_OUTSIDE}
        await house.commands.send("end", body)
    except Refused as refused:
        log.info("call.refer_refused", contact_id=contact, agent_id=agent, code=refused.code)
        return _STATUS.get(type(refused), 403)
    except Unavailable as problem:
        log.warning("call.refer_without_database", contact_id=contact, error=str(problem).split("\n")[0])
        return 503
    return DONE


async def _caller(conn: Connection, agent: str) -> Caller:
    person = await config.one(conn, "person", agent)
    if person is None or not person.active:
        raise NotFound("agent.unknown")
    caller = caller_of(agent, person.body)
    require(caller, "contact.handle")
    return caller


async def _whom(house: House, conn: Connection, target: Uri) -> dict[str, str]:
    """A queue by its id, a colleague by login or by the phone's user name, else a number."""
    name = target.user
    if target.is_sip:
        if name in house.feed.floor.queues:
            return {"queue": name}
        person = await people.credential_of_login(conn, name)
        colleague = str(person.person) if person is not None else house.phones.agent_of(name)
        if colleague is not None:
            return {"agent": colleague}
    elif target.scheme != "tel":
        raise Invalid("dial.number")
    return {"number": name.partition(";")[0]}


async def _permit(house: House, caller: Caller, contact: str, text: str) -> str:
    """Check a number and write the call down. An attempt that was stopped is worth a line, too."""
    try:
        async with house.db.transaction() as conn:
            number = await dialling.permit(conn, caller, contact, str(uuid7()), text)
    except (NotAllowed, TooMany) as refused:
        async with house.db.transaction() as conn:
            await audit.add(conn, caller.actor, "dial.refused", "contact", contact, {"code": refused.code})
        raise
    assert number is not None  # the id is new
    return number
